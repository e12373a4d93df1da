import type { Field } from '../schema/field.ts';
import type { Table } from '../schema/table.ts';
import type { Database } from './database.ts';

/** What is shown for a stored value: a choice's label, a record's name, a table's label. Dates are shown in GMT. */
export function displayValue(database: Database, field: Field, value: string): string {
  if (value === '') return '';
  switch (field.type) {
    case 'reference':
      return value === 'global' ? value : database.display(field.reference, value);
    case 'choice':
      return field.choices.find((choice) => choice.value === value)?.label ?? value;
    case 'class':
      return database.tables.get(value)?.label ?? value;
    default:
      return value;
  }
}

/** A field as the record's own table declares it: a case has other states than a task. */
export function ownField(table: Table, field: Field): Field {
  return table.fields.get(field.name) ?? field;
}
