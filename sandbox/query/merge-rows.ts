import type { Table } from '../schema/table.ts';
import type { RowRef } from '../tables/database.ts';
import { displayValue } from '../tables/display.ts';
import type { RowSource, RowStore } from '../tables/row-store.ts';
import type { QueryContext } from './compile-query.ts';
import { fieldPath } from './field-path.ts';
import type { Order } from './parse-query.ts';
import { compareKeys } from './sorted-rows.ts';

/** One list of rows in the wanted order: the generated ones of a table, or its edited ones. */
export interface Strand {
  store: RowStore;
  length: number;
  at(place: number): number;
  /** Rows of the list that no longer stand as generated, to be passed over. */
  skip: ReadonlySet<number>;
}

/** What rows are sorted by: a field, or what is shown for the record that a reference points to. */
export interface SortKey {
  descending: boolean;
  numeric: boolean;
  /** Needs other tables, so the order cannot be remembered. */
  farFetched: boolean;
  get(source: RowSource, row: number): string;
}

export function sortKey(
  table: Table,
  { field, descending }: Order,
  { database }: QueryContext,
): SortKey {
  const path = fieldPath(database, table, field)!;
  const isReference = path.field.type === 'reference';
  return {
    descending,
    numeric: path.field.type === 'integer',
    farFetched: path.dotWalked || isReference,
    get: isReference
      ? (source, row) => displayValue(database, path.field, path.get(source, row))
      : path.get,
  };
}

interface Head extends RowRef {
  keys: string[];
}

function headOf(store: RowStore, row: number, keys: readonly SortKey[]): Head {
  return { store, row, keys: keys.map((key) => key.get(store, row)) };
}

function compareHeads(a: Head, b: Head, keys: readonly SortKey[]): number {
  for (const [at, key] of keys.entries()) {
    const sign = compareKeys(a.keys[at]!, b.keys[at]!, key);
    if (sign !== 0) return sign;
  }
  return 0;
}

/** Rows of one table in order. */
export function sortRows(store: RowStore, rows: number[], keys: readonly SortKey[]): number[] {
  return rows
    .map((row) => headOf(store, row, keys))
    .sort((a, b) => compareHeads(a, b, keys))
    .map(({ row }) => row);
}

/** Merges the strands, each sorted already. */
export function takePage(
  strands: Strand[],
  keys: SortKey[],
  offset: number,
  limit: number,
): RowRef[] {
  const live = strands
    .filter((strand) => strand.length > 0)
    .map((strand) => ({ strand, place: 0 }));
  const page: RowRef[] = [];
  const [only] = live;
  if (live.length === 1 && only) {
    const { store, length, at, skip } = only.strand;
    if (skip.size === 0) only.place = offset;
    for (let passed = only.place; only.place < length && page.length < limit; only.place++) {
      const row = at(only.place);
      if (!skip.has(row) && passed++ >= offset) page.push({ store, row });
    }
    return page;
  }
  const heads = live.map((each) => nextHead(each, keys));
  for (let passed = 0; page.length < limit; passed++) {
    let best = -1;
    for (const [at, head] of heads.entries()) {
      if (head && (best < 0 || compareHeads(head, heads[best]!, keys) < 0)) best = at;
    }
    if (best < 0) break;
    if (passed >= offset) page.push({ store: heads[best]!.store, row: heads[best]!.row });
    heads[best] = nextHead(live[best]!, keys);
  }
  return page;
}

function nextHead(
  cursor: { strand: Strand; place: number },
  keys: readonly SortKey[],
): Head | null {
  const { strand } = cursor;
  while (cursor.place < strand.length) {
    const row = strand.at(cursor.place++);
    if (!strand.skip.has(row)) return headOf(strand.store, row, keys);
  }
  return null;
}
