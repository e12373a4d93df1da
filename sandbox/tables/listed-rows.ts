import type { GeneratedRows } from './generated-rows.ts';
import type { Values } from './row-store.ts';

const moment = '2024-02-14 09:00:00';

/** Rows from a list, for small tables. Every row needs a sys_id. */
export function listedRows(rows: readonly Values[]): GeneratedRows {
  const sorted = rows.toSorted((a, b) => (a['sys_id']! < b['sys_id']! ? -1 : 1));
  const places = new Map(sorted.map((row, at) => [row['sys_id']!, at]));
  const defaults: Values = {
    sys_created_on: moment,
    sys_updated_on: moment,
    sys_created_by: 'admin',
    sys_updated_by: 'admin',
    sys_mod_count: '0',
  };
  const value = (row: number, field: string): string =>
    sorted[row]?.[field] ?? defaults[field] ?? '';
  return {
    count: sorted.length,
    sysId: (row) => value(row, 'sys_id'),
    indexOf: (sysId) => places.get(sysId) ?? -1,
    value,
    seconds: (row, field) => Date.parse(`${value(row, field).replace(' ', 'T')}Z`) / 1000,
  };
}
