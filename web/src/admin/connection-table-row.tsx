import { ActionIcon, Anchor, Group, Radio, Text, Tooltip } from '@mantine/core';
import { IconDatabase, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConnectionRow } from '../../../src/organization/contract.ts';
import { Ago } from '../ui/ago.tsx';
import table from '../ui/data-table.module.css';
import { useForm } from './organization-context.ts';
import { PlatformIcon } from './platform-icon.tsx';
import { StateLight } from './state-light.tsx';
import { SyncPanel } from './sync-panel.tsx';
import { connectionLabel } from './connection-label.ts';

interface ConnectionTableRowProps {
  connection: ConnectionRow;
  onModify: () => void;
  onRemove: () => void;
  onShowCheck: () => void;
}

export function ConnectionTableRow({
  connection,
  onModify,
  onRemove,
  onShowCheck,
}: ConnectionTableRowProps) {
  const { set, view } = useForm();
  const label = connectionLabel(connection, view.connections);
  const { account } = connection;
  const [open, setOpen] = useState(false);
  return (
    <>
      <tr role="row">
        <td role="cell" data-label="CRM Platform">
          <Group gap="xs" wrap="nowrap">
            <PlatformIcon platform={connection.platform} />
            <Text size="sm" fw={600}>
              {connection.title}
            </Text>
          </Group>
        </td>
        <td role="cell" data-label="Account">
          {account === null ? (
            <Text size="sm" c="dimmed">
              Not set
            </Text>
          ) : (
            <div>
              <Text size="sm">{account.user}</Text>
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {account.host}
              </Text>
            </div>
          )}
        </td>
        <td role="cell" data-label="State">
          <div>
            <StateLight state={connection.state} />
            {connection.lastCheckAt !== null && (
              <Text size="xs" c="dimmed">
                checked <Ago time={connection.lastCheckAt} />,{' '}
                <Anchor
                  component="button"
                  type="button"
                  size="xs"
                  onClick={onShowCheck}
                  aria-label={`Show the last check of ${label}`}
                >
                  show
                </Anchor>
              </Text>
            )}
          </div>
        </td>
        <td role="cell" data-label="Primary">
          <Radio
            name="primary-connection"
            aria-label={`Primary: ${label}`}
            checked={connection.primary}
            onChange={() => set('primaryConnectionId', connection.id)}
            data-path={connection.primary ? 'primaryConnectionId' : undefined}
          />
        </td>
        <td role="cell" data-label="Actions" className={table.actions}>
          <Group gap={4} wrap="nowrap" justify="flex-end" display="inline-flex">
            <Tooltip label={open ? 'Hide data' : 'Data'}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={`Data of ${label}`}
                aria-expanded={open}
                onClick={() => setOpen(!open)}
              >
                <IconDatabase size={19} aria-hidden="true" />
              </ActionIcon>
            </Tooltip>
            <Tooltip label="Modify">
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={`Modify ${label}`}
                onClick={onModify}
              >
                <IconPencil size={19} aria-hidden="true" />
              </ActionIcon>
            </Tooltip>
            <Tooltip label="Remove">
              <ActionIcon
                variant="subtle"
                color="red"
                size="lg"
                aria-label={`Remove ${label}`}
                onClick={onRemove}
              >
                <IconTrash size={19} aria-hidden="true" />
              </ActionIcon>
            </Tooltip>
          </Group>
        </td>
      </tr>
      {open && (
        <tr role="row">
          <td role="cell" colSpan={5}>
            <SyncPanel connectionId={connection.id} label={label} />
          </td>
        </tr>
      )}
    </>
  );
}
