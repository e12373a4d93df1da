import type { Instance } from '../instance.ts';
import { findRows } from '../query/find-rows.ts';
import { parseQuery } from '../query/parse-query.ts';
import type { RowRef } from '../tables/database.ts';
import type { Values } from '../tables/row-store.ts';
import { createRecord, deleteRecord, updateRecord, valuesOf } from './write-record.ts';

/** Edits as a colleague in the company makes them: past the API and its faults, with numbers, rules and journal entries. */
export interface Records {
  /** Answers the sys_id. */
  insert(table: string, values: Values): string;
  update(table: string, sysId: string, values: Values): void;
  remove(table: string, sysId: string): void;
  get(table: string, sysId: string): Values | null;
  /** Records that pass an encoded query. */
  find(table: string, query: string, limit?: number): Values[];
  /** As a script with autoSysFields(false) does: no rule runs, sys_updated_on and sys_mod_count stay. */
  change(table: string, sysId: string, values: Values): void;
}

const editor = 'admin';

export function createRecords(instance: Instance): Records {
  const { database } = instance;

  function mustFind(table: string, sysId: string): RowRef {
    const found = database.find(table, sysId);
    if (!found) throw new Error(`There is no record ${sysId} in ${table}.`);
    return found;
  }

  return {
    insert(table, values) {
      const { store, row } = createRecord(
        instance,
        database.store(table).table,
        { values, notes: {} },
        editor,
      );
      return store.value(row, 'sys_id');
    },
    update(table, sysId, values) {
      updateRecord(instance, mustFind(table, sysId), { values, notes: {} }, editor);
    },
    remove(table, sysId) {
      deleteRecord(instance, mustFind(table, sysId), editor);
    },
    get(table, sysId) {
      const found = database.find(table, sysId);
      return found ? valuesOf(found.store, found.row) : null;
    },
    find(table, query, limit = 1000) {
      const context = {
        database,
        now: instance.now(),
        userId: '',
        installed: () => true,
        refuse: () => null,
      };
      return findRows(database.store(table).table, parseQuery(query), context)
        .page(0, limit)
        .map(({ store, row }) => valuesOf(store, row));
    },
    change(table, sysId, values) {
      const { store, row } = mustFind(table, sysId);
      store.change(row, values);
    },
  };
}
