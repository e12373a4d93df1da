import { hiddenField } from '../faults/access.ts';
import type { Instance } from '../instance.ts';
import type { RowRef } from '../tables/database.ts';
import { displayValue } from '../tables/display.ts';

export type PlainRow = Record<string, unknown>;

/** A record as the Customer Service APIs show it: references are bare sys_ids, or names with `shown` (§2.5). */
export function plainRow(
  instance: Instance,
  { store, row }: RowRef,
  fields: readonly string[] | null,
  shown: boolean,
): PlainRow {
  const plain: PlainRow = {};
  for (const field of store.table.fields.values()) {
    if (fields && !fields.includes(field.name)) continue;
    if (hiddenField(instance, store.table.name, field.name)) continue;
    const value = field.type === 'journal' ? '' : store.value(row, field.name);
    plain[field.name] = shown ? displayValue(instance.database, field, value) : value;
  }
  return plain;
}
