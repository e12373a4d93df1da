import { cleanText } from '../../platform/text.ts';

/** A row of the Table API as it came: nothing about its fields is sure. */
export type Row = Record<string, unknown>;

/**
 * A field's raw value. Scalars are strings; a reference is an object with `value` (and a link), and with display values
 * on every field is one. Undefined when the key is absent, which is how the instance hides a field.
 */
export function rawValue(row: Row, field: string): string | undefined {
  const cell = row[field];
  if (cell === undefined) return undefined;
  return scalar(isObject(cell) ? cell['value'] : cell);
}

/** What the instance shows people for the field; its raw value where no display value came. */
export function displayValue(row: Row, field: string): string {
  const cell = row[field];
  const shown = isObject(cell) ? scalar(cell['display_value']) : '';
  return shown === '' ? (rawValue(row, field) ?? '') : shown;
}

/** Raw value made harmless, '' when absent. */
export function text(row: Row, field: string, max = 255): string {
  return cleanText(rawValue(row, field) ?? '', max);
}

export function reference(row: Row, field: string): string | null {
  return text(row, field, 64) || null;
}

/** Date and time as ServiceNow writes it, `YYYY-MM-DD HH:mm:ss` in UTC; null when empty or no such thing. */
export function time(row: Row, field: string): Date | null {
  const raw = rawValue(row, field) ?? '';
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(raw)) return null;
  const date = new Date(`${raw.slice(0, 10)}T${raw.slice(11)}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** `true` or `false`; null when absent or empty. */
export function flag(row: Row, field: string): boolean | null {
  const raw = (rawValue(row, field) ?? '').toLowerCase();
  if (raw === 'true' || raw === '1') return true;
  return raw === 'false' || raw === '0' ? false : null;
}

/** UTC text for a query (plain text in sysparm_query is read as UTC). */
export function queryTime(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

function scalar(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
