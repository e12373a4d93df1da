import { Anchor } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { safeHref } from './wording.ts';
import classes from './record-link.module.css';

/** A record's name that opens it in the CRM, in a new tab; plain text where there is no web address. */
export function RecordLink({ link, children }: { link: string | null; children: ReactNode }) {
  const href = safeHref(link);
  if (href === null) return <>{children}</>;
  return (
    <Anchor
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      inherit
      className={classes.recordLink}
      title="Open in ServiceNow"
    >
      {children}
      <IconExternalLink size="0.9em" aria-label="(opens in ServiceNow)" />
    </Anchor>
  );
}
