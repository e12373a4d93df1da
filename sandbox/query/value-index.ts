import { hash, stream } from '../company/random.ts';
import type { RowStore } from '../tables/row-store.ts';
import type { Query, Term } from './parse-query.ts';

/**
 * Finds generated rows by the exact value of a field without looking at all of them: what `phoneIN…` and `contact=…` ask of a table with a million rows.
 * Sorted pairs of a value's hash and its row, 8 bytes each; made when a column is first asked for.
 */
const indexes = new WeakMap<RowStore, Map<string, Float64Array>>();
const indexesAtMost = 8;
/** Smaller tables are read through. */
const worthwhile = 20_000;
const rowBits = 2 ** 21;

/**
 * Rows that may pass a query, in order: all that do are among them. Null when the query does not have to be of certain values, so that every row has to be
 * looked at.
 */
export function candidateRows(store: RowStore, query: Query): number[] | null {
  const [filter] = query.filters;
  if (query.filters.length !== 1 || !filter) return null;
  for (const alternatives of filter) {
    const wanted = alternatives.map((term) => exactValues(store, term));
    if (wanted.length === 0 || wanted.some((each) => each === null)) continue;
    const rows = new Set(
      wanted.flatMap((each) =>
        each!.values.flatMap((value) => rowsWith(store, each!.field, value)),
      ),
    );
    return [...rows].sort((a, b) => a - b);
  }
  return null;
}

/** The values that a term asks for, when it asks for nothing else and they can be looked up. */
function exactValues(store: RowStore, term: Term): { field: string; values: string[] } | null {
  if (
    term.kind !== 'compare' ||
    (term.operator !== '=' && term.operator !== 'IN') ||
    term.value.includes('javascript:')
  )
    return null;
  const type = store.table.fields.get(term.field)?.type;
  const indexed =
    type === 'guid' ||
    (store.generated.count >= worthwhile && (type === 'string' || type === 'reference'));
  if (!indexed) return null;
  return {
    field: term.field,
    values: (term.operator === 'IN' ? term.value.split(',') : [term.value]).map((value) =>
      value.toLowerCase(),
    ),
  };
}

function rowsWith(store: RowStore, field: string, value: string): number[] {
  if (field === 'sys_id') {
    const row = store.generated.indexOf(value);
    return row < 0 ? [] : [row];
  }
  const index = indexOf(store, field);
  const key = keyOf(value);
  let low = 0;
  let high = index.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (index[middle]! < key * rowBits) low = middle + 1;
    else high = middle;
  }
  const rows: number[] = [];
  for (let at = low; at < index.length && Math.floor(index[at]! / rowBits) === key; at++)
    rows.push(index[at]! % rowBits);
  return rows;
}

function indexOf(store: RowStore, field: string): Float64Array {
  const columns = indexes.get(store) ?? new Map<string, Float64Array>();
  indexes.set(store, columns);
  let index = columns.get(field);
  columns.delete(field);
  if (!index) {
    const { count } = store.generated;
    index = new Float64Array(count);
    for (let row = 0; row < count; row++)
      index[row] = keyOf(store.generated.value(row, field).toLowerCase()) * rowBits + row;
    index.sort();
  }
  columns.set(field, index);
  if (columns.size > indexesAtMost) columns.delete(columns.keys().next().value!);
  return index;
}

/** 32 bits, so that key and row fit into one number. */
function keyOf(lower: string): number {
  return hash(0, stream(lower), lower.length);
}
