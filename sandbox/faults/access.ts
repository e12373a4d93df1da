import { errorReply, Refused, refuse } from '../http/reply.ts';
import type { Instance } from '../instance.ts';
import type { Refusal } from '../query/compile-query.ts';
import type { Table } from '../schema/table.ts';
import type { RowRef } from '../tables/database.ts';

/** Who may see what: tables that are not there, tables, rows and fields that are closed. */

export function isInstalled(instance: Instance, table: Table): boolean {
  return (
    table.plugin === undefined || instance.faults.arguments(`${table.plugin}-off`).length === 0
  );
}

/** Throws the 403 of a table that is closed to the user. */
export function checkAccess(instance: Instance, table: Table, user: { userName: string }): void {
  const closed = instance.faults
    .arguments('no-access')
    .some((name) => table.lineage.includes(name));
  const lacksRole = table.plugin === 'csm' && user.userName === 'viewer.user';
  if (closed || lacksRole)
    throw new Refused(errorReply(403, 'User Not Authorized', 'Failed API level ACL Validation'));
}

export function checkWrite(
  instance: Instance,
  table: Table,
  operation: 'Insert' | 'Update' | 'Delete',
): void {
  if (!instance.faults.arguments('no-write').some((name) => table.lineage.includes(name))) return;
  refuse(403, 'Operation Failed', `ACL Exception ${operation} Failed due to security constraints`);
}

export function lineageOf(instance: Instance, table: string): readonly string[] {
  return instance.database.tables.get(table)?.lineage ?? [table];
}

/** Null for a field that may be read, else what becomes of a condition on it. */
export function hiddenField(instance: Instance, table: string, field: string): Refusal | null {
  const hidden = instance.faults.arguments('hidden-field');
  if (hidden.length === 0) return null;
  const lineage = lineageOf(instance, table);
  for (const argument of hidden) {
    const [target, policy] = argument.split('/');
    if (lineage.some((each) => target === `${each}.${field}`))
      return policy === 'ignore' ? 'dropped' : 'refused';
  }
  return null;
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
