import { ActionIcon, Stack, Text, Tooltip } from '@mantine/core';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConnectionRow } from '../../../src/organization/contract.ts';
import { CopyField } from '../ui/copy-field.tsx';
import table from '../ui/data-table.module.css';
import { EmptyState } from '../ui/empty-state.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { TableHead } from '../ui/table-head.tsx';
import { useMe } from '../ui/use-me.ts';
import { ConnectionDialog } from './connection-dialog.tsx';
import { ConnectionRemoval } from './connection-removal.tsx';
import { ConnectionTableRow } from './connection-table-row.tsx';
import { useForm } from './organization-context.ts';
import { PlatformDialog } from './platform-dialog.tsx';
import { sections } from './section-index.tsx';
import type { SystemsCheck } from './use-systems-check.ts';

type Open =
  | { kind: 'none' }
  | { kind: 'add' }
  | { kind: 'modify' | 'remove'; connection: ConnectionRow };
const none: Open = { kind: 'none' };

/** 'Connected Account and CRM Settings': the CRM platforms that this organization is connected to. */
export function ConnectionsSection({ check }: { check: SystemsCheck }) {
  const { draft } = useForm();
  const [open, setOpen] = useState<Open>(none);
  const close = () => setOpen(none);
  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'crm-settings')!}
      lead="Where callers are looked up. Your CRM user’s password is kept encrypted and never shown again."
      actions={<AddButton onClick={() => setOpen({ kind: 'add' })} />}
    >
      {draft.connections.length === 0 ? (
        <EmptyState icon={<IconPlugConnected size={24} />} title="No CRM is connected yet">
          Add ServiceNow with the green + above.
        </EmptyState>
      ) : (
        <table role="table" className={`${table.table} ${table.middle}`}>
          <TableHead titles={['CRM Platform', 'Account', 'State', 'Primary', 'Actions']} />
          <tbody role="rowgroup">
            {draft.connections.map((connection) => (
              <ConnectionTableRow
                key={connection.id}
                connection={connection}
                onModify={() => setOpen({ kind: 'modify', connection })}
                onRemove={() => setOpen({ kind: 'remove', connection })}
                onShowCheck={() => check.show(connection.id)}
              />
            ))}
          </tbody>
        </table>
      )}
      {draft.connections.some(({ state }) => state !== 'new') && <FrameAddress />}
      <PlatformDialog
        opened={open.kind === 'add'}
        onClose={close}
        onCreated={(connection) => setOpen({ kind: 'modify', connection })}
      />
      {open.kind === 'modify' && (
        <ConnectionDialog
          connection={
            draft.connections.find(({ id }) => id === open.connection.id) ?? open.connection
          }
          onClose={close}
          onCheck={() => {
            close();
            check.start();
          }}
        />
      )}
      {open.kind === 'remove' && <ConnectionRemoval connection={open.connection} onClose={close} />}
    </SectionCard>
  );
}

/** For whoever wants to see the Desk inside ServiceNow instead of in a tab beside it. */
function FrameAddress() {
  const { organization } = useMe();
  return (
    <Stack gap={4} mt="lg">
      <CopyField
        label="Address for a frame in ServiceNow"
        value={`${window.location.origin}/embed/${organization.id}`}
      />
      <Text size="xs" c="dimmed">
        Shows the Desk inside a page of ServiceNow. Only the sites of your CRM Details Links may
        frame Ringside.
      </Text>
    </Stack>
  );
}

function AddButton({ onClick }: { onClick: () => void }) {
  return (
    <Tooltip label="Add New CRM Platform">
      <ActionIcon
        color="#1c7a35"
        variant="filled"
        radius="xl"
        size={38}
        aria-label="Add New CRM Platform"
        onClick={onClick}
      >
        <IconPlus size={22} stroke={2.4} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}
