import { Modal, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import type { ConnectionRow } from '../../../src/organization/contract.ts';
import { CheckRunView } from './check-run-view.tsx';
import { PlatformIcon } from './platform-icon.tsx';
import { connectionLabel } from './use-connections.ts';
import type { SystemsCheck } from './use-systems-check.ts';

interface SystemsCheckDialogProps {
  check: SystemsCheck;
  connections: readonly ConnectionRow[];
}

/** The pop-up 'Systems Check'. Closing it does not stop the check. */
export function SystemsCheckDialog({ check, connections }: SystemsCheckDialogProps) {
  return (
    <Modal opened={check.opened} onClose={check.close} title="Systems Check" size={900}>
      <Body check={check} connections={connections} key={check.connectionId} />
    </Modal>
  );
}

function Body({ check, connections }: SystemsCheckDialogProps) {
  const [tab, setTab] = useState<string | null>(check.connectionId);
  const ordered = connections.toSorted((a, b) => Number(b.primary) - Number(a.primary));
  const [only] = ordered;
  if (only === undefined) {
    return (
      <Text size="sm">
        There is nothing to check yet: close this, then add ServiceNow with the green + under
        ‘Connected Account and CRM Settings’.
      </Text>
    );
  }
  if (ordered.length === 1) return <CheckRunView check={check} connection={only} />;
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false}>
      <Tabs.List mb="md" aria-label="Connections">
        {ordered.map((connection) => (
          <Tabs.Tab
            key={connection.id}
            value={connection.id}
            leftSection={<PlatformIcon platform={connection.platform} size={16} />}
          >
            {connectionLabel(connection, connections)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {ordered.map((connection) => (
        <Tabs.Panel key={connection.id} value={connection.id}>
          <CheckRunView check={check} connection={connection} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
