import type { Table } from '../schema/table.ts';
import type { RowRef } from '../tables/database.ts';
import type { RowStore } from '../tables/row-store.ts';
import { boundsOn, type Bounds } from './bounds.ts';
import {
  compileQuery,
  type CompiledQuery,
  type Problem,
  type QueryContext,
} from './compile-query.ts';
import { sortKey, sortRows, takePage, type SortKey, type Strand } from './merge-rows.ts';
import type { Order, Query } from './parse-query.ts';
import { isNatural, sortedRows, type SortedRows } from './sorted-rows.ts';
import { candidateRows } from './value-index.ts';

export interface FoundRows {
  /** Conditions that were dropped. */
  problems: Problem[];
  /** How many there are in all. */
  total(): number;
  /** Rows from `offset` on, at most `limit`. */
  page(offset: number, limit: number): RowRef[];
}

/** Finds the records of a table, and of those that extend it, that pass a query; in order of sys_id where the query does not say. */
export function findRows(table: Table, query: Query, context: QueryContext): FoundRows {
  const compiled = compileQuery(table, query, context);
  const order = completeOrder(compiled.usable.order);
  const keys = order.map((each) => sortKey(table, each, context));
  const strands = context.database
    .stores(table.name)
    .filter((store) => context.installed(store.table) && mayHold(store, compiled.usable))
    .flatMap((store) => strandsOf({ table, store, compiled, order, keys, context }));

  return {
    problems: compiled.problems,
    total: () =>
      strands.reduce((sum, strand) => sum + strand.length - skippedIn(strand, compiled), 0),
    page: (offset, limit) => takePage(strands, keys, offset, limit),
  };
}

/** Rows with equal keys come in the order of their sys_id, as they lie in the database. */
function completeOrder(order: Order[]): Order[] {
  return order.some(({ field }) => field === 'sys_id')
    ? order
    : [...order, { field: 'sys_id', descending: false }];
}

/** Whether a condition on the class rules a whole table out. */
function mayHold(store: RowStore, query: Query): boolean {
  return query.filters.some((filter) =>
    filter.every(
      ([term, ...others]) =>
        others.length > 0 ||
        term?.kind !== 'compare' ||
        term.field !== 'sys_class_name' ||
        (term.operator === '='
          ? term.value === store.table.name
          : term.operator !== 'IN' || term.value.split(',').includes(store.table.name)),
    ),
  );
}

interface Search {
  table: Table;
  store: RowStore;
  compiled: CompiledQuery;
  order: Order[];
  keys: SortKey[];
  context: QueryContext;
}

function strandsOf(search: Search): Strand[] {
  const { store, compiled, keys } = search;
  const edited: number[] = [];
  for (const row of store.edited()) if (compiled.matches(store, row)) edited.push(row);
  const sorted = sortRows(store, edited, keys);
  const rows = generatedRows(search);
  return [
    { store, length: rows.length, at: rows.at, skip: store.touched },
    { store, length: sorted.length, at: (place) => sorted[place]!, skip: new Set() },
  ];
}

/** Cuts a remembered list where the query allows it, else tests every row. */
function generatedRows({ table, store, compiled, order, keys, context }: Search): SortedRows {
  const { original } = store;
  const leading = order[0]!;
  const candidates = candidateRows(store, compiled.usable);
  if (candidates || keys.some((key) => key.farFetched)) {
    const passing = (candidates ?? everyRow(store)).filter((row) =>
      compiled.matches(original, row),
    );
    const sorted = isNatural(order) ? passing : sortRows(store, passing, keys);
    return { length: sorted.length, at: (place) => sorted[place]! };
  }
  const type = store.table.fields.get(leading.field)?.type;
  const sortable = type === 'guid' || type === 'date-time';
  const bounds: Bounds = sortable
    ? boundsOn(leading.field, compiled.usable)
    : { from: null, to: null, rest: compiled.usable };
  const rest =
    bounds.rest === null || bounds.rest.filters.some((filter) => filter.length === 0)
      ? null
      : compileQuery(table, bounds.rest, context);
  const testEach =
    rest !== null &&
    bounds.from !== null &&
    (compiled.volatile || compiled.usable.filters.length > 1);
  const key = compiled.volatile ? null : rest === null ? '' : JSON.stringify(bounds.rest!.filters);
  const rows = testEach
    ? sortedRows(store, null, '', order)
    : sortedRows(store, rest?.matches ?? null, rest === null ? '' : key, order);
  const cut = cutRange(store, rows, leading, bounds);
  if (!testEach) return cut;
  const kept: number[] = [];
  for (let place = 0; place < cut.length; place++)
    if (rest.matches(original, cut.at(place))) kept.push(cut.at(place));
  return { length: kept.length, at: (place) => kept[place]! };
}

function everyRow(store: RowStore): number[] {
  return Array.from({ length: store.generated.count }, (_, row) => row);
}

/** Binary search for both ends. */
function cutRange(
  store: RowStore,
  rows: SortedRows,
  leading: Order,
  { from, to }: Bounds,
): SortedRows {
  if (!from && !to) return rows;
  const value = (place: number): string => store.generated.value(rows.at(place), leading.field);
  const firstWhere = (holds: (value: string) => boolean): number => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(value(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const reaches = (each: string): boolean =>
    !from || (from.open ? each > from.value : each >= from.value);
  const passes = (each: string): boolean =>
    to !== null && (to.open ? each >= to.value : each > to.value);
  const start = leading.descending ? firstWhere((each) => !passes(each)) : firstWhere(reaches);
  const end = leading.descending ? firstWhere((each) => !reaches(each)) : firstWhere(passes);
  // empty values are in no range; they stand first, or last when descending
  const begin =
    from || leading.descending
      ? start
      : Math.max(
          start,
          firstWhere((each) => each !== ''),
        );
  return { length: Math.max(0, end - begin), at: (place) => rows.at(begin + place) };
}

/** How many of the rows that were touched since would have passed as generated. */
function skippedIn(strand: Strand, compiled: CompiledQuery): number {
  let count = 0;
  for (const row of strand.skip) if (compiled.matches(strand.store.original, row)) count++;
  return count;
}
