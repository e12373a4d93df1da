import { Button } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useShortcut } from './use-shortcut.ts';
import { safeHref } from './wording.ts';

/** The caller's record in the CRM, in a new tab; nothing where the record has no web address. */
export function OpenRecord({ link }: { link: string | null }) {
  const href = safeHref(link);
  useShortcut(
    'open-record',
    () => window.open(href ?? '', '_blank', 'noopener,noreferrer'),
    href !== null,
  );
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
