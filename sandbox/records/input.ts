import type { Instance } from '../instance.ts';
import type { Field } from '../schema/field.ts';
import type { Table } from '../schema/table.ts';
import type { Values } from '../tables/row-store.ts';

/** What a request wants to write, in stored form. */
export interface RecordInput {
  values: Values;
  /** Texts for journal fields. */
  notes: Values;
}

/**
 * Takes the fields that the table has out of a body; others are ignored without a word, as are those that the instance writes itself.
 * With `shown` (sysparm_input_display_value) choices and references may be given as they are shown.
 */
export function readInput(
  instance: Instance,
  table: Table,
  body: Record<string, unknown>,
  shown: boolean,
): RecordInput {
  const values: Values = {};
  const notes: Values = {};
  for (const [name, given] of Object.entries(body)) {
    const field = table.fields.get(name);
    if (!field || field.readOnly) continue;
    const text = asText(given);
    if (field.type === 'journal') notes[name] = text;
    else values[name] = stored(instance, field, text, shown);
  }
  return { values, notes };
}

function asText(given: unknown): string {
  if (given === null || given === undefined) return '';
  if (typeof given === 'object')
    return 'value' in given ? asText(given.value) : JSON.stringify(given);
  return typeof given === 'string' ? given : JSON.stringify(given);
}

function stored(instance: Instance, field: Field, text: string, shown: boolean): string {
  if (text === '') return '';
  switch (field.type) {
    case 'boolean':
      return String(text === 'true' || text === '1');
    case 'integer':
      return /^-?\d+/.exec(text)?.[0] ?? '';
    case 'date-time':
      return /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$/.test(text)
        ? text.padEnd(19, ' 00:00:00'.slice(text.length - 10))
        : '';
    case 'choice':
      return shown ? (field.choices.find((choice) => choice.label === text)?.value ?? text) : text;
    case 'reference':
      return shown ? (byDisplay(instance, field.reference, text) ?? text) : text;
    default:
      return text.slice(0, field.max);
  }
}

/** sys_id of the first record that is shown as this text. */
export function byDisplay(instance: Instance, tableName: string, text: string): string | null {
  const wanted = text.toLowerCase();
  for (const store of instance.database.stores(tableName)) {
    for (let row = 0; row < store.generated.count; row++) {
      if (store.exists(row) && store.value(row, store.table.display).toLowerCase() === wanted)
        return store.value(row, 'sys_id');
    }
    for (const row of store.edited()) {
      if (store.value(row, store.table.display).toLowerCase() === wanted)
        return store.value(row, 'sys_id');
    }
  }
  return null;
}
