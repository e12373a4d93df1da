import { Modal, Tabs, Text } from '@mantine/core';
import { IconHomeCheck, IconPhoneIncoming } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConnectionRow, PhoneSystemRow } from '../../../src/organization/contract.ts';
import { CheckRunView } from './check-run-view.tsx';
import { HouseView } from './house-view.tsx';
import { PlatformIcon } from './platform-icon.tsx';
import classes from './systems-check-dialog.module.css';
import { TestCallView } from './test-call-view.tsx';
import { connectionLabel } from './connection-label.ts';
import { theHouse, theTestCall } from './use-systems-check.ts';
import type { SystemsCheck } from './use-systems-check.ts';

interface SystemsCheckDialogProps {
  check: SystemsCheck;
  connections: readonly ConnectionRow[];
  phoneSystems: readonly PhoneSystemRow[];
}

/** The pop-up 'Systems Check'. Closing it does not stop the check. */
export function SystemsCheckDialog(props: SystemsCheckDialogProps) {
  const { check } = props;
  return (
    <Modal opened={check.opened} onClose={check.close} title="Systems Check" size={900}>
      <Body {...props} key={check.front} />
    </Modal>
  );
}

function Body({ check, connections, phoneSystems }: SystemsCheckDialogProps) {
  const [tab, setTab] = useState<string | null>(check.front);
  const ordered = connections.toSorted((a, b) => Number(b.primary) - Number(a.primary));
  return (
    <Tabs
      value={tab}
      onChange={setTab}
      keepMounted={false}
      classNames={{ tab: classes.tab, tabSection: classes.icon }}
    >
      <Tabs.List mb="md" aria-label="What is checked">
        {ordered.map((connection) => (
          <Tabs.Tab
            key={connection.id}
            value={connection.id}
            leftSection={<PlatformIcon platform={connection.platform} size={16} />}
          >
            {connectionLabel(connection, connections)}
          </Tabs.Tab>
        ))}
        <Tabs.Tab value={theHouse} leftSection={<IconHomeCheck size={16} aria-hidden="true" />}>
          Ringside itself
        </Tabs.Tab>
        <Tabs.Tab
          value={theTestCall}
          leftSection={<IconPhoneIncoming size={16} aria-hidden="true" />}
        >
          Test call
        </Tabs.Tab>
      </Tabs.List>
      {ordered.map((connection) => (
        <Tabs.Panel key={connection.id} value={connection.id}>
          <CheckRunView check={check} connection={connection} />
        </Tabs.Panel>
      ))}
      <Tabs.Panel value={theHouse}>
        {ordered.length === 0 && (
          <Text size="sm" mb="md">
            There is no connection to check yet: close this, then add ServiceNow with the green +
            under ‘Connected Account and CRM Settings’.
          </Text>
        )}
        <HouseView check={check.house} onClose={check.close} />
      </Tabs.Panel>
      <Tabs.Panel value={theTestCall}>
        <TestCallView systems={phoneSystems} onClose={check.close} />
      </Tabs.Panel>
    </Tabs>
  );
}
