import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { Place } from './record-store.ts';
import type { DirectoryTables } from './tables.ts';

const tables = (db: Database) => db.withTables<DirectoryTables>();

/** Connections that are gone, of every organization in scope, and whose mirrored rows are not yet. */
export async function removedMirrors(db: Database): Promise<Place[]> {
  const rows = await tables(db)
    .selectFrom('mirror_removal')
    .select(['organization_id', 'connection_id'])
    .orderBy('removed_at')
    .execute();
  return rows.map((row) => ({
    organizationId: row.organization_id,
    connectionId: row.connection_id,
  }));
}

/** Look-ups go first. */
const mirrored = ['phone_number', 'search_posting', 'crm_case', 'contact', 'customer', 'crm_user'];

/** Deletes so many mirrored rows of a connection that is gone at most; answers how many it found. */
export async function deleteMirrorRows(
  db: Database,
  { organizationId, connectionId }: Place,
  atMost: number,
): Promise<number> {
  for (const name of mirrored) {
    const table = sql.table(name);
    const { numAffectedRows } = await sql`
      delete from ${table} where ctid = any(array(
        select ctid from ${table}
        where organization_id = ${organizationId} and connection_id = ${connectionId}
        limit ${atMost}))
        and organization_id = ${organizationId} and connection_id = ${connectionId}`.execute(db);
    if (numAffectedRows !== undefined && numAffectedRows > 0n) return Number(numAffectedRows);
  }
  return 0;
}

/** All of it is gone. */
export async function endRemoval(
  db: Database,
  { organizationId, connectionId }: Place,
): Promise<void> {
  await tables(db)
    .deleteFrom('mirror_removal')
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .execute();
}

/**
 * Keeps the connection there until the transaction ends; false when it is gone, so that nothing may be written of it any
 * more.
 */
export async function holdConnection(
  trx: Database,
  { organizationId, connectionId }: Place,
): Promise<boolean> {
  const { rows } = await sql`
    select from crm_connection where organization_id = ${organizationId} and id = ${connectionId}
    for key share`.execute(trx);
  return rows.length > 0;
}
