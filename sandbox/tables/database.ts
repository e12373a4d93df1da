import type { Table } from '../schema/table.ts';
import { tables as allTables } from '../schema/tables.ts';
import type { GeneratedRows } from './generated-rows.ts';
import { listedRows } from './listed-rows.ts';
import { createRowStore, type RowStore } from './row-store.ts';

/** A record: where it lives and which row it is. */
export interface RowRef {
  store: RowStore;
  row: number;
}

/** All tables of the instance. */
export interface Database {
  tables: ReadonlyMap<string, Table>;
  store(table: string): RowStore;
  /** The store of a table and those of the tables that extend it. */
  stores(table: string): readonly RowStore[];
  find(table: string, sysId: string): RowRef | null;
  /** What stands for a record where it is referred to; '' when there is no such record. */
  display(table: string, sysId: string): string;
}

export function createDatabase(rows: Record<string, GeneratedRows>): Database {
  const stores = new Map<string, RowStore>();
  const families = new Map<string, RowStore[]>();
  for (const [name, table] of allTables) {
    const store = createRowStore(table, rows[name] ?? listedRows([]));
    stores.set(name, store);
    for (const ancestor of table.lineage) {
      const family = families.get(ancestor) ?? [];
      family.push(store);
      families.set(ancestor, family);
    }
  }

  function store(table: string): RowStore {
    const found = stores.get(table);
    if (!found) throw new Error(`There is no table ${table}.`);
    return found;
  }

  function find(table: string, sysId: string): RowRef | null {
    for (const candidate of families.get(table) ?? []) {
      const row = candidate.find(sysId);
      if (row >= 0) return { store: candidate, row };
    }
    return null;
  }

  return {
    tables: allTables,
    store,
    stores: (table) => families.get(table) ?? [],
    find,
    display(table, sysId) {
      const found = sysId === '' ? null : find(table, sysId);
      return found ? found.store.value(found.row, found.store.table.display) : '';
    },
  };
}
