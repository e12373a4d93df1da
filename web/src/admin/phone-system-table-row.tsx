import { ActionIcon, Group, Text, Tooltip } from '@mantine/core';
import { IconKey, IconPencil, IconTrash } from '@tabler/icons-react';
import type { PhoneSystemRow } from '../../../src/organization/contract.ts';
import { Ago } from '../ui/ago.tsx';
import table from '../ui/data-table.module.css';

export type PhoneSystemAction = 'modify' | 'token' | 'remove';

const actions = [
  { action: 'modify', label: 'Modify', color: 'gray', icon: IconPencil },
  { action: 'token', label: 'New hook URL', color: 'gray', icon: IconKey },
  { action: 'remove', label: 'Remove', color: 'red', icon: IconTrash },
] as const;

interface PhoneSystemTableRowProps {
  system: PhoneSystemRow;
  onAction: (action: PhoneSystemAction) => void;
}

export function PhoneSystemTableRow({ system, onAction }: PhoneSystemTableRowProps) {
  return (
    <tr role="row">
      <td role="cell" data-label="Name">
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {system.name}
        </Text>
      </td>
      <td role="cell" data-label="Kind">
        Webhook
      </td>
      <td role="cell" data-label="Signature">
        {system.signed ? (
          'Required'
        ) : (
          <Text size="sm" c="dimmed">
            Not required
          </Text>
        )}
      </td>
      <td role="cell" data-label="Last event">
        {system.lastEventAt === null ? (
          <Text size="sm" c="dimmed">
            None yet
          </Text>
        ) : (
          <Ago time={system.lastEventAt} />
        )}
      </td>
      <td role="cell" data-label="Actions" className={table.actions}>
        <Group gap={4} wrap="nowrap" justify="flex-end" display="inline-flex">
          {actions.map(({ action, label, color, icon: Icon }) => (
            <Tooltip key={action} label={label}>
              <ActionIcon
                variant="subtle"
                color={color}
                size="lg"
                aria-label={`${label}: ${system.name}`}
                onClick={() => onAction(action)}
              >
                <Icon size={19} aria-hidden="true" />
              </ActionIcon>
            </Tooltip>
          ))}
        </Group>
      </td>
    </tr>
  );
}
