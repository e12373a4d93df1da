import { Button } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useOpenInCrm } from './use-open-in-crm.ts';

/** The caller's record in the CRM, in a new tab; nothing where the record has no web address. */
export function OpenRecord({ link }: { link: string | null }) {
  const href = useOpenInCrm('open-record', link);
  if (href === null) return null;
  return (
    <Button
      component="a"
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      size="compact-md"
      rightSection={<IconExternalLink size={16} aria-hidden="true" />}
    >
      Open in ServiceNow
    </Button>
  );
}
