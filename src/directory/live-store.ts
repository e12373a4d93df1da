import { sql } from 'kysely';
import type { RecordType } from '../crm/record.ts';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import type { Place } from './record-store.ts';
import type { DirectoryTables } from './tables.ts';

const tables = (db: Database) => db.withTables<DirectoryTables>();

/** True for the one who may ask for the caller of this call; false for everybody after. */
export async function claimRefresh(
  db: Database,
  organizationId: string,
  callId: string,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(db)
    .insertInto('caller_refresh')
    .values({ organization_id: organizationId, call_id: callId })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function noteRefreshed(
  db: Database,
  organizationId: string,
  callId: string,
  asOf: Date,
): Promise<void> {
  await tables(db)
    .updateTable('caller_refresh')
    .set({ as_of: asOf })
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', callId)
    .execute();
}

/** When the CRM answered about the caller of this call; null when it has not. */
export async function refreshedAt(
  db: Database,
  organizationId: string,
  callId: string,
): Promise<Date | null> {
  const { rows } = await sql<{ as_of: Date | null }>`/* prepared refreshed-at */
    select as_of from caller_refresh
    where organization_id = ${organizationId} and call_id = ${callId}`.execute(db);
  return rows[0]?.as_of ?? null;
}

/** Whether the CRM did not know the number a moment ago. */
export async function wasMissed(
  db: Database,
  organizationId: string,
  e164: string,
): Promise<boolean> {
  const row = await tables(db)
    .selectFrom('number_miss')
    .select('e164')
    .where('organization_id', '=', organizationId)
    .where('e164', '=', e164)
    .where('until', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return row !== undefined;
}

export async function noteMiss(
  db: Database,
  organizationId: string,
  e164: string,
  seconds: number,
): Promise<void> {
  const until = sql<Date>`now() + make_interval(secs => ${seconds})`;
  await tables(db)
    .insertInto('number_miss')
    .values({ organization_id: organizationId, e164, until })
    .onConflict((conflict) => conflict.columns(['organization_id', 'e164']).doUpdateSet({ until }))
    .execute();
}

/**
 * Keeps pages of a pull away until the transaction ends. True while everything is being gone through: then what is
 * written must be noted as seen.
 */
export async function lockMirror(db: Database, place: Place): Promise<boolean> {
  const row = await tables(db)
    .selectFrom('directory_pull')
    .select('status')
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .forUpdate()
    .executeTakeFirst();
  return row?.status === 'running';
}

/** Open cases of somebody as the mirror has them. */
export async function openCaseIds(
  db: Database,
  place: Place,
  owner: { type: RecordType; id: string },
): Promise<string[]> {
  const column = {
    contact: 'contact_id',
    consumer: 'consumer_id',
    customer: 'customer_id',
  } as const;
  if (!(owner.type in column)) return [];
  const rows = await tables(db)
    .selectFrom('crm_case')
    .select('id')
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .where('open', '=', true)
    .where(column[owner.type as keyof typeof column], '=', owner.id)
    .limit(500)
    .execute();
  return rows.map(({ id }) => id);
}

/** Forgets, of every organization, what no call on a Desk needs any more. */
export async function deleteOldRefreshes(db: Database): Promise<void> {
  await acrossOrganizations(async () => {
    await sql`delete from caller_refresh where claimed_at < now() - interval '1 day'`.execute(db);
    await sql`delete from number_miss where until < now()`.execute(db);
  });
}
