import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useRef } from 'react';
import { useOwnWrites } from '../outbox/use-writes.ts';
import { WriteList } from '../outbox/write-list.tsx';
import { counted } from '../ui/moment.ts';
import { useShortcut } from './use-shortcut.ts';

/** What ServiceNow refused of the agent's own, until they mend or drop it; nothing while all is well. */
export function NeedsAttention() {
  const { data } = useOwnWrites();
  const refused = data?.writes.filter(({ state }) => state === 'attention') ?? [];
  const list = useRef<HTMLDivElement>(null);
  useShortcut(
    'mend-write',
    () => list.current?.querySelector('button')?.focus(),
    refused.length > 0,
    counted(refused.length, 'entry', 'entries'),
  );
  if (refused.length === 0) return null;
  return (
    <Alert
      ref={list}
      color="yellow"
      variant="light"
      mb="md"
      icon={<IconAlertTriangle aria-hidden="true" />}
      title={`Needs attention: ${counted(refused.length, 'entry is', 'entries are')} not in ServiceNow`}
    >
      <WriteList writes={refused} names={false} />
    </Alert>
  );
}
