import type { RowStore } from '../tables/row-store.ts';
import type { Predicate } from './compile-query.ts';
import type { Order } from './parse-query.ts';

/**
 * Generated rows that pass a filter, in an order; remembered, because generated rows never change. A page of a million contacts then
 * costs what a page of a hundred costs.
 */
export interface SortedRows {
  length: number;
  at(place: number): number;
}

const remembered = new WeakMap<RowStore, Map<string, SortedRows>>();
const rememberedAtMost = 16;

/** `filterKey` names the filter, '' for none; null when the outcome must not be remembered. */
export function sortedRows(
  store: RowStore,
  filter: Predicate | null,
  filterKey: string | null,
  order: readonly Order[],
): SortedRows {
  if (filter === null && isNatural(order))
    return { length: store.generated.count, at: (place) => place };
  if (filterKey === null) return asRows(sort(store, passing(store, filter), order));
  const cache = remembered.get(store) ?? new Map<string, SortedRows>();
  remembered.set(store, cache);
  const key = `${filterKey}\n${order.map((each) => `${each.field} ${each.descending}`).join()}`;
  const known = cache.get(key);
  cache.delete(key);
  const rows = known ?? asRows(sort(store, passing(store, filter), order));
  cache.set(key, rows);
  if (cache.size > rememberedAtMost) cache.delete(cache.keys().next().value!);
  return rows;
}

/** Generated rows are in the order of their sys_id. */
export function isNatural(order: readonly Order[]): boolean {
  return order[0]?.field === 'sys_id' && !order[0].descending;
}

function asRows(rows: Uint32Array): SortedRows {
  return { length: rows.length, at: (place) => rows[place]! };
}

function passing(store: RowStore, filter: Predicate | null): Uint32Array {
  const { count } = store.generated;
  const rows = new Uint32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++)
    if (filter === null || filter(store.original, row)) rows[found++] = row;
  return rows.slice(0, found);
}

function sort(store: RowStore, rows: Uint32Array, order: readonly Order[]): Uint32Array {
  const [first] = order;
  if (!first || isNatural(order)) return rows;
  const second = order[1];
  const byDate = first.field === 'sys_updated_on' || first.field === 'sys_created_on';
  if (
    byDate &&
    !first.descending &&
    (second === undefined || (second.field === 'sys_id' && !second.descending))
  ) {
    return sortByDate(store, rows, first.field as 'sys_updated_on');
  }
  const { original } = store;
  const keys = order.map(({ field }) => {
    const column = new Map<number, string>();
    for (const row of rows) column.set(row, original.value(row, field));
    return column;
  });
  const fields = order.map(({ field, descending }) => ({
    numeric: store.table.fields.get(field)?.type === 'integer',
    descending,
  }));
  return rows.sort((a, b) => {
    for (const [at, column] of keys.entries()) {
      const sign = compareKeys(column.get(a)!, column.get(b)!, fields[at]!);
      if (sign !== 0) return sign;
    }
    return a - b;
  });
}

/** Date and row in one number: a million dates are sorted in a tenth of a second. */
function sortByDate(
  store: RowStore,
  rows: Uint32Array,
  field: 'sys_updated_on' | 'sys_created_on',
): Uint32Array {
  const shift = 2 ** 21;
  const keys = new Float64Array(rows.length);
  for (const [at, row] of rows.entries())
    keys[at] = store.generated.seconds(row, field) * shift + row;
  keys.sort();
  for (const [at, key] of keys.entries()) rows[at] = key % shift;
  return rows;
}

/** Numbers by size, texts without regard to case, empty ones first. */
export function compareKeys(
  a: string,
  b: string,
  { numeric, descending }: { numeric: boolean; descending: boolean },
): number {
  const sign = descending ? -1 : 1;
  if (numeric) return (Number(a) - Number(b)) * sign;
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -sign : left > right ? sign : 0;
}
