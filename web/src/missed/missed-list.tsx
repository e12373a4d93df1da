import { useRef } from 'react';
import type { MissedCall } from '../../../src/desk/missed-contract.ts';
import { useDeskActions } from '../desk/desk-actions.ts';
import { useShortcut } from '../desk/use-shortcut.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import table from '../ui/data-table.module.css';
import { TableHead } from '../ui/table-head.tsx';
import { MissedRow } from './missed-row.tsx';
import { showClosed } from './show-closed.tsx';
import { useMissedClosing } from './use-missed-calls.ts';
import { callerText } from './wording.ts';

const titles = ['Who', 'When', 'What happened', 'Actions'];

/** The entries; J and K go from one to the next, B calls back, Z closes. */
export function MissedList({ entries }: { entries: readonly MissedCall[] }) {
  const { call } = useDeskActions();
  const closing = useMissedClosing();
  const rows = useRef<HTMLTableSectionElement>(null);
  const setClosed = (entry: MissedCall, closed: boolean) =>
    closing.mutate(
      { id: entry.id, closed },
      {
        onSuccess: () => {
          if (closed)
            showClosed(callerText(entry), () => closing.mutate({ id: entry.id, closed: false }));
        },
      },
    );
  const move = (step: 1 | -1) => {
    const all = [...(rows.current?.children ?? [])] as HTMLElement[];
    const place = all.findIndex((row) => row.contains(document.activeElement));
    all[place === -1 ? 0 : Math.min(all.length - 1, Math.max(0, place + step))]?.focus();
  };
  /** The entry that has the focus, else the first. */
  const current = (): MissedCall | undefined => {
    const all = [...(rows.current?.children ?? [])];
    return entries[
      Math.max(
        0,
        all.findIndex((row) => row.contains(document.activeElement)),
      )
    ];
  };
  useShortcut('next-call', () => move(1));
  useShortcut('previous-call', () => move(-1));
  const callable = entries.some(({ caller }) => caller.e164 !== null);
  useShortcut(
    'call-back',
    () => {
      const caller = current()?.caller;
      if (caller?.e164) call?.(caller);
    },
    call !== null && callable,
  );
  useShortcut(
    'close-missed',
    () => {
      const entry = current();
      if (entry?.closed === null) setClosed(entry, true);
    },
    entries.some(({ closed }) => closed === null),
  );
  return (
    <>
      {closing.error !== null && (
        <ProblemAlert error={closing.error} title="The entry was not changed" />
      )}
      <table role="table" className={table.table}>
        <TableHead titles={titles} />
        <tbody role="rowgroup" ref={rows}>
          {entries.map((entry) => (
            <MissedRow
              key={entry.id}
              entry={entry}
              busy={closing.isPending && closing.variables.id === entry.id}
              onClose={(closed) => setClosed(entry, closed)}
            />
          ))}
        </tbody>
      </table>
    </>
  );
}
