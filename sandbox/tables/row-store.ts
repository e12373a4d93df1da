import type { Table } from '../schema/table.ts';
import type { GeneratedRows } from './generated-rows.ts';

/** Where field values can be read: a store with its edits, or only what was generated. */
export interface RowSource {
  table: Table;
  value(row: number, field: string): string;
}

export type Values = Record<string, string>;

/**
 * The records of one table (not of those that extend it): what was generated, and the edits on top. A *row* is a number: the place among
 * the generated ones, and after those the place among the inserted ones.
 */
export interface RowStore extends RowSource {
  generated: GeneratedRows;
  /** What was generated, without edits. */
  original: RowSource;
  /** Generated rows that were changed or deleted since. */
  touched: ReadonlySet<number>;
  /** Rows that do not stand as generated: changed and inserted ones, without deleted ones. */
  edited(): Iterable<number>;
  exists(row: number): boolean;
  find(sysId: string): number;
  insert(values: Values): number;
  change(row: number, values: Values): void;
  remove(row: number): void;
  /** How many records there are. */
  size(): number;
}

export function createRowStore(table: Table, generated: GeneratedRows): RowStore {
  const changed = new Map<number, Values>();
  const inserted: (Values | null)[] = [];
  const insertedIds = new Map<string, number>();
  const removed = new Set<number>();
  const touched = new Set<number>();
  const original: RowSource = { table, value: (row, field) => generated.value(row, field) };
  let alive = generated.count;

  function value(row: number, field: string): string {
    if (row >= generated.count) return inserted[row - generated.count]?.[field] ?? '';
    const edit = touched.size === 0 ? undefined : changed.get(row);
    return edit?.[field] ?? generated.value(row, field);
  }

  return {
    table,
    generated,
    original,
    touched,
    value,
    *edited() {
      yield* changed.keys();
      for (const [at, values] of inserted.entries()) if (values) yield generated.count + at;
    },
    exists: (row) =>
      row < generated.count ? !removed.has(row) : inserted[row - generated.count] != null,
    find(sysId) {
      const added = insertedIds.get(sysId);
      if (added !== undefined) return added;
      const row = generated.indexOf(sysId);
      return row >= 0 && !removed.has(row) ? row : -1;
    },
    insert(values) {
      const row = generated.count + inserted.length;
      inserted.push({ ...values });
      insertedIds.set(values['sys_id'] ?? '', row);
      alive++;
      return row;
    },
    change(row, values) {
      if (row >= generated.count) {
        Object.assign(inserted[row - generated.count] ?? {}, values);
        return;
      }
      changed.set(row, { ...changed.get(row), ...values });
      touched.add(row);
    },
    remove(row) {
      alive--;
      if (row >= generated.count) {
        insertedIds.delete(inserted[row - generated.count]?.['sys_id'] ?? '');
        inserted[row - generated.count] = null;
        return;
      }
      changed.delete(row);
      removed.add(row);
      touched.add(row);
    },
    size: () => alive,
  };
}
