import type { Field } from '../schema/field.ts';
import type { Table } from '../schema/table.ts';
import { fieldPath, type FieldPath } from '../query/field-path.ts';
import type { Database, RowRef } from './database.ts';
import { displayValue, ownField } from './display.ts';

/** How a record is shown (§1.4). */
export interface RowFormat {
  /** Null: all fields of the table. */
  fields: readonly string[] | null;
  display: 'false' | 'true' | 'all';
  excludeLinks: boolean;
  /** Where links of references begin: `https://…/api/now/table`. */
  linkBase: string;
  /** Fields that the user may not read are left out. */
  readable(table: string, field: string): boolean;
  /** What is shown for a journal field: its entries, newest first. */
  journal(row: RowRef, field: Field): string;
}

/** Makes the JSON text of rows: every value a text, references as objects. Fields that do not exist are left out. */
export function rowWriter(
  database: Database,
  table: Table,
  format: RowFormat,
): (row: RowRef) => string {
  const names = format.fields ?? [...table.fields.keys()].toSorted();
  const columns = names
    .map((name) => fieldPath(database, table, name))
    .filter(
      (path): path is FieldPath =>
        path !== null && path.steps.every((step) => format.readable(step.table, step.field)),
    )
    .map((path) => ({ path, key: `${JSON.stringify(path.path)}:` }));

  return (row) => {
    let text = '';
    for (const { path, key } of columns)
      text += `${text === '' ? '' : ','}${key}${writeField(database, path, row, format)}`;
    return `{${text}}`;
  };
}

function writeField(database: Database, path: FieldPath, row: RowRef, format: RowFormat): string {
  const field = path.dotWalked ? path.field : ownField(row.store.table, path.field);
  const isJournal = field.type === 'journal';
  const value = isJournal ? '' : path.get(row.store, row.row);
  const { display, excludeLinks, linkBase } = format;
  const isReference = field.type === 'reference' && value !== '';
  if (display === 'false') {
    if (!isReference || excludeLinks) return JSON.stringify(value);
    return `{"link":${JSON.stringify(`${linkBase}/${field.reference}/${value}`)},"value":${JSON.stringify(value)}}`;
  }
  const shown = JSON.stringify(
    isJournal ? format.journal(row, field) : displayValue(database, field, value),
  );
  const link =
    isReference && !excludeLinks
      ? `,"link":${JSON.stringify(`${linkBase}/${field.reference}/${value}`)}`
      : '';
  if (display === 'all')
    return `{"display_value":${shown},"value":${JSON.stringify(value)}${link}}`;
  return link === '' ? shown : `{"display_value":${shown}${link}}`;
}
