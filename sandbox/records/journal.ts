import type { Instance } from '../instance.ts';
import type { Field } from '../schema/field.ts';
import type { RowRef } from '../tables/database.ts';
import { newSysId, stamp } from './stamp.ts';

/** Journal fields keep no value: what is written becomes an entry of its own in sys_journal_field (§1.4). */
export function addJournalEntry(
  instance: Instance,
  table: string,
  sysId: string,
  element: string,
  text: string,
  userName: string,
): void {
  if (text.trim() === '') return;
  const entry = {
    ...stamp(instance, userName),
    sys_id: newSysId(),
    name: table,
    element,
    element_id: sysId,
    value: text,
  };
  instance.database.store('sys_journal_field').insert(entry);
}

/** What is shown for a journal field: its entries, newest first. */
export function journalText(instance: Instance, { store, row }: RowRef, field: Field): string {
  const sysId = store.value(row, 'sys_id');
  const elements =
    field.name === 'comments_and_work_notes' ? ['comments', 'work_notes'] : [field.name];
  const entries = instance.database.store('sys_journal_field');
  const texts: string[] = [];
  for (const entry of entries.edited()) {
    const element = entries.value(entry, 'element');
    if (entries.value(entry, 'element_id') !== sysId || !elements.includes(element)) continue;
    const label = store.table.fields.get(element)?.label ?? element;
    const author = authorName(instance, entries.value(entry, 'sys_created_by'));
    texts.push(
      `${entries.value(entry, 'sys_created_on')} - ${author} (${label})\n${entries.value(entry, 'value')}\n\n`,
    );
  }
  return texts.toReversed().join('');
}

function authorName(instance: Instance, userName: string): string {
  const user = instance.findUser(userName);
  return user ? user.store.value(user.row, 'name') : userName;
}
