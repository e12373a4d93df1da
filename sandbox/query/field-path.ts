import type { Field } from '../schema/field.ts';
import type { Table } from '../schema/table.ts';
import type { Database } from '../tables/database.ts';
import type { RowSource } from '../tables/row-store.ts';

/** A field of a table, or one reached over references: `account.country`. */
export interface FieldPath {
  path: string;
  /** The last field, as the table at the end of the path declares it. */
  field: Field;
  /** Fields on the way, with the table each belongs to. */
  steps: { table: string; field: string }[];
  dotWalked: boolean;
  get(source: RowSource, row: number): string;
}

/** Null when some part of the path does not exist. */
export function fieldPath(database: Database, table: Table, path: string): FieldPath | null {
  const names = path.split('.');
  const steps: { table: string; field: string }[] = [];
  let here: Table | undefined = table;
  let field: Field | undefined;
  for (const name of names) {
    field = here?.fields.get(name);
    if (!here || !field) return null;
    steps.push({ table: here.name, field: name });
    here = field.type === 'reference' ? database.tables.get(field.reference) : undefined;
  }
  if (!field) return null;
  const [first = ''] = names;
  if (names.length === 1)
    return { path, field, steps, dotWalked: false, get: (source, row) => source.value(row, first) };
  const tables = steps.map((step) => step.table);
  return {
    path,
    field,
    steps,
    dotWalked: true,
    get(source, row) {
      let value = source.value(row, first);
      for (let at = 1; at < names.length; at++) {
        const target = value === '' ? null : database.find(tables[at]!, value);
        if (!target) return '';
        value = target.store.value(target.row, names[at]!);
      }
      return value;
    },
  };
}
