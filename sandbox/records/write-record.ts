import type { Instance } from '../instance.ts';
import { formatDate } from '../query/script-value.ts';
import type { Table } from '../schema/table.ts';
import type { RowRef } from '../tables/database.ts';
import type { RowStore, Values } from '../tables/row-store.ts';
import { checkCaseRules, deriveFields } from './business-rules.ts';
import type { RecordInput } from './input.ts';
import { addJournalEntry } from './journal.ts';
import { newSysId, stamp } from './stamp.ts';

/** Writes of records with everything the instance does on its own: numbers, defaults, rules, journal entries, deleted-record notes. */

/** Looks at a record before it is stored; throws to refuse it. */
export type Check = (values: Values) => void;

export function createRecord(
  instance: Instance,
  table: Table,
  { values, notes }: RecordInput,
  userName: string,
  check: Check = () => {},
): RowRef {
  const row: Values = {};
  for (const field of table.fields.values())
    if (field.initial !== '') row[field.name] = field.initial;
  const now = formatDate(instance.now());
  if (table.lineage.includes('task'))
    Object.assign(row, { opened_at: now, opened_by: instance.userId(userName) });
  if (table.name === 'interaction') row['opened_at'] = now;
  Object.assign(row, values, stamp(instance, userName), { sys_id: newSysId() });
  if (table.fields.has('sys_class_name')) row['sys_class_name'] = table.name;
  if (table.numberPrefix !== undefined && !values['number'])
    row['number'] = instance.nextNumber(table.numberPrefix);
  if (table.name === 'sn_customerservice_case')
    checkCaseRules(instance, null, withEmpty(table, row));
  deriveFields(instance, table, row);
  check(row);
  const store = instance.database.store(table.name);
  const place = store.insert(row);
  writeNotes(instance, table.name, row['sys_id']!, notes, userName);
  return { store, row: place };
}

/** Nothing is counted as a change when every value stays as it was. */
export function updateRecord(
  instance: Instance,
  { store, row }: RowRef,
  { values, notes }: RecordInput,
  userName: string,
  check: Check = () => {},
): void {
  const before = valuesOf(store, row);
  const after = { ...before, ...values };
  const isCase = store.table.name === 'sn_customerservice_case';
  if (isCase) checkCaseRules(instance, before, after);
  deriveFields(instance, store.table, after);
  check(after);
  const changes: Values = {};
  for (const [name, value] of Object.entries(after))
    if (value !== before[name]) changes[name] = value;
  const wroteNotes = writeNotes(instance, store.table.name, before['sys_id']!, notes, userName);
  if (Object.keys(changes).length === 0 && !wroteNotes) return;
  store.change(row, {
    ...changes,
    sys_updated_on: formatDate(instance.now()),
    sys_updated_by: userName,
    sys_mod_count: String(Number(before['sys_mod_count']) + 1),
  });
}

export function deleteRecord(instance: Instance, { store, row }: RowRef, userName: string): void {
  const sysId = store.value(row, 'sys_id');
  const note = {
    ...stamp(instance, userName),
    sys_id: newSysId(),
    tablename: store.table.name,
    documentkey: sysId,
    display_value: store.value(row, store.table.display),
  };
  store.remove(row);
  if (instance.faults.arguments('audit-delete-off').length === 0) {
    instance.database.store('sys_audit_delete').insert(note);
  }
}

export function valuesOf(store: RowStore, row: number): Values {
  const values: Values = {};
  for (const name of store.table.fields.keys()) values[name] = store.value(row, name);
  return values;
}

function withEmpty(table: Table, row: Values): Values {
  return { ...Object.fromEntries([...table.fields.keys()].map((name) => [name, ''])), ...row };
}

function writeNotes(
  instance: Instance,
  table: string,
  sysId: string,
  notes: Values,
  userName: string,
): boolean {
  for (const [element, text] of Object.entries(notes))
    addJournalEntry(instance, table, sysId, element, text, userName);
  return Object.values(notes).some((text) => text.trim() !== '');
}
