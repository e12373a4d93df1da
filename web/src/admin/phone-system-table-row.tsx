import { ActionIcon, Group, Text, Tooltip } from '@mantine/core';
import {
  IconFileDownload,
  IconKey,
  IconPencil,
  IconPlugConnected,
  IconTrash,
} from '@tabler/icons-react';
import type { PhoneSystemRow } from '../../../src/organization/contract.ts';
import type { PhoneLinkRow } from '../../../src/calls/phone-link-contract.ts';
import { Ago } from '../ui/ago.tsx';
import table from '../ui/data-table.module.css';
import { count } from '../ui/moment.ts';
import { PhoneLinkState } from './phone-link-state.tsx';

export type PhoneSystemAction = 'modify' | 'test' | 'token' | 'template' | 'remove';

const actions = [
  { action: 'modify', label: 'Modify', color: 'gray', icon: IconPencil },
  { action: 'test', label: 'Test', color: 'gray', icon: IconPlugConnected },
  { action: 'token', label: 'New hook URL', color: 'gray', icon: IconKey },
  { action: 'template', label: 'CRM template', color: 'gray', icon: IconFileDownload },
  { action: 'remove', label: 'Remove', color: 'red', icon: IconTrash },
] as const;

interface PhoneSystemTableRowProps {
  system: PhoneSystemRow;
  link: PhoneLinkRow | undefined;
  onAction: (action: PhoneSystemAction) => void;
}

/** One phone system: a webhook that calls us, or one that we connect to. */
export function PhoneSystemTableRow({ system, link, onAction }: PhoneSystemTableRowProps) {
  const lastEventAt = system.linked ? (link?.lastEventAt ?? null) : system.lastEventAt;
  const unfit: PhoneSystemAction[] = [
    system.linked ? 'token' : 'test',
    ...(system.callerTemplate ? [] : (['template'] as const)),
  ];
  return (
    <tr role="row">
      <td role="cell" data-label="Name">
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {system.name}
        </Text>
      </td>
      <td role="cell" data-label="Kind">
        {system.title}
      </td>
      <td role="cell" data-label="State">
        {system.linked ? (
          <PhoneLinkState link={link} set={Object.keys(system.settings).length > 0} />
        ) : (
          <HookState system={system} />
        )}
      </td>
      <td role="cell" data-label="Last event">
        {lastEventAt === null ? (
          <Text size="sm" c="dimmed">
            None yet
          </Text>
        ) : (
          <Ago time={lastEventAt} />
        )}
        {link?.state === 'connected' && (
          <Text size="xs" c="dimmed" className="tabular">
            {count(link.eventsPerMinute)} events a minute
          </Text>
        )}
      </td>
      <td role="cell" data-label="Actions" className={table.actions}>
        <Group gap={4} wrap="nowrap" justify="flex-end" display="inline-flex">
          {actions
            .filter(({ action }) => !unfit.includes(action))
            .map(({ action, label, color, icon: Icon }) => (
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

/** Whether the events of a webhook are verified; without a secret that is required none is taken. */
function HookState({ system: { signed, hookSecret } }: { system: PhoneSystemRow }) {
  if (hookSecret?.required && !signed) return `Fill in ${hookSecret.title}: Modify`;
  if (signed || hookSecret === null) return 'Signature required';
  return (
    <Text size="sm" c="dimmed">
      No signature required
    </Text>
  );
}
