import { Button } from '@mantine/core';
import { IconPhoneIncoming, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { PhoneSystemRow } from '../../../src/organization/contract.ts';
import table from '../ui/data-table.module.css';
import { EmptyState } from '../ui/empty-state.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { TableHead } from '../ui/table-head.tsx';
import { CallerTemplate } from './caller-template.tsx';
import { useForm } from './organization-context.ts';
import { PhoneSystemAddition } from './phone-system-addition.tsx';
import { PhoneSystemDialog } from './phone-system-dialog.tsx';
import { PhoneSystemRemoval } from './phone-system-removal.tsx';
import { PhoneSystemTableRow } from './phone-system-table-row.tsx';
import type { PhoneSystemAction } from './phone-system-table-row.tsx';
import { PhoneSystemTest } from './phone-system-test.tsx';
import { usePhoneLinks } from './use-phone-links.ts';
import { sections } from './section-index.tsx';
import { TokenRenewal } from './token-renewal.tsx';

/** 'Phone Systems': where calls are told from. */
export function PhoneSystemsSection() {
  const { view } = useForm();
  const links = usePhoneLinks();
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState<{ action: PhoneSystemAction; system: PhoneSystemRow } | null>(
    null,
  );
  const close = () => setOpen(null);
  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'phone-systems')!}
      lead="Each one tells Ringside which phone rings, is answered, or hangs up: Ringside connects to it, or it calls a webhook."
      actions={
        <Button
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          onClick={() => setAdding(true)}
        >
          Add phone system
        </Button>
      }
    >
      {view.phoneSystems.length === 0 ? (
        <EmptyState icon={<IconPhoneIncoming size={24} />} title="No phone system yet">
          Add an Asterisk to connect to, or a webhook: then you get the address that the phone
          system sends its calls to, and a command to try it with.
        </EmptyState>
      ) : (
        <table role="table" className={`${table.table} ${table.middle}`}>
          <TableHead titles={['Name', 'Kind', 'State', 'Last event', 'Actions']} />
          <tbody role="rowgroup">
            {view.phoneSystems.map((system) => (
              <PhoneSystemTableRow
                key={system.id}
                system={system}
                link={links.get(system.id)}
                onAction={(action) => setOpen({ action, system })}
              />
            ))}
          </tbody>
        </table>
      )}
      <PhoneSystemAddition opened={adding} onClose={() => setAdding(false)} />
      {open?.action === 'modify' && <PhoneSystemDialog system={open.system} onClose={close} />}
      {open?.action === 'test' && <PhoneSystemTest system={open.system} onClose={close} />}
      {open?.action === 'token' && <TokenRenewal system={open.system} onClose={close} />}
      {open?.action === 'template' && <CallerTemplate system={open.system} onClose={close} />}
      {open?.action === 'remove' && <PhoneSystemRemoval system={open.system} onClose={close} />}
    </SectionCard>
  );
}
