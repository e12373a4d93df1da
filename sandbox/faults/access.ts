import type { Instance } from '../instance.ts';
import type { Table } from '../schema/table.ts';
import type { RowRef } from '../tables/database.ts';
import { Refused, errorReply } from '../http/reply.ts';

/** Who may see what: tables that are not there, tables, rows and fields that are closed. */

export function isInstalled(instance: Instance, table: Table): boolean {
  if (table.plugin === undefined) return true;
  return instance.faults.arguments(`${table.plugin}-off`).length === 0;
}

/** Throws the 403 of a table that is closed to the user. Only the table itself and those it extends count. */
export function checkAccess(instance: Instance, table: Table, user: { userName: string }): void {
  const closed = instance.faults
    .arguments('no-access')
    .some((name) => table.lineage.includes(name));
  const needsRole = table.plugin === 'csm' && user.userName === 'viewer.user';
  if (closed || needsRole)
    throw new Refused(errorReply(403, 'User Not Authorized', 'Failed API level ACL Validation'));
}

export function mayRead(instance: Instance, table: string, field: string): boolean {
  const lineage = instance.database.tables.get(table)?.lineage ?? [table];
  return !instance.faults
    .arguments('hidden-field')
    .some((hidden) => lineage.some((each) => hidden === `${each}.${field}`));
}

/** Row access is applied after the limit (§0.3), so a page may be short or empty. */
export function maySee(instance: Instance, { store, row }: RowRef): boolean {
  for (const argument of instance.faults.arguments('hidden-rows')) {
    const [table = '', every] = argument.split('/');
    if (!store.table.lineage.includes(table)) continue;
    if (every === undefined || row % Number(every) === 0) return false;
  }
  return true;
}
