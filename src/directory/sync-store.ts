import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { RecordKind } from '../crm/record.ts';
import type { CheckedConnection } from '../organization/connection-store.ts';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import type { Place } from './record-store.ts';
import type { DirectoryTables, StoredUsage } from './tables.ts';

const tables = (db: Database) => db.withTables<DirectoryTables>();

/** Seconds between two rounds unless the connection has its own. */
export const defaultEverySeconds = 15;
/** Closed cases are kept for so many days unless the connection has its own; as the table says. */
export const defaultCaseDays = 90;

export type SyncState = Selectable<DirectoryTables['directory_sync']>;

/** Of `connections`, those whose next round is due: not stopped, and nobody is reading them just now. */
export async function dueConnections(
  db: Database,
  connections: CheckedConnection[],
): Promise<CheckedConnection[]> {
  if (connections.length === 0) return [];
  const query = sql<{ id: string }>`
    select given.connection_id as id
    from unnest(
      ${connections.map(({ organizationId }) => organizationId)}::uuid[],
      ${connections.map(({ id }) => id)}::uuid[], ${connections.map(({ version }) => version)}::text[]
    ) as given (organization_id, connection_id, version)
    left join directory_sync s using (organization_id, connection_id)
    left join directory_pull p using (organization_id, connection_id)
    where coalesce(s.next_at, '-infinity') <= now() and s.stopped_for is distinct from given.version
      and not coalesce(p.status = 'running' and p.alive_at > now() - interval '20 seconds', false)
  `;
  const { rows } = await acrossOrganizations(() => query.execute(db));
  const due = new Set(rows.map(({ id }) => id));
  return connections.filter(({ id }) => due.has(id));
}

/** As it stands; a row is made for a connection that has none yet. */
export async function syncState(db: Database, place: Place): Promise<SyncState> {
  const key = { organization_id: place.organizationId, connection_id: place.connectionId };
  await tables(db)
    .insertInto('directory_sync')
    .values(key)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return ofPlace(db, place).executeTakeFirstOrThrow();
}

/** Null before the first round. */
export async function findSyncState(db: Database, place: Place): Promise<SyncState | null> {
  return (await ofPlace(db, place).executeTakeFirst()) ?? null;
}

function ofPlace(db: Database, place: Place) {
  return tables(db)
    .selectFrom('directory_sync')
    .selectAll()
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId);
}

export type SyncChange = Partial<
  Omit<SyncState, 'organization_id' | 'connection_id' | 'usage'> & { usage: StoredUsage }
>;

export async function saveSync(
  db: Database,
  place: Place,
  { usage, ...change }: SyncChange,
): Promise<void> {
  await tables(db)
    .updateTable('directory_sync')
    .set({ ...change, ...(usage === undefined ? {} : { usage: JSON.stringify(usage) }) })
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .execute();
}

/** The next round begins at once, on whatever node. */
export async function orderRound(db: Database, place: Place): Promise<void> {
  await tables(db)
    .updateTable('directory_sync')
    .set({ next_at: sql`clock_timestamp()` })
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .execute();
}

/**
 * After a round: the next one so many seconds from now by the database's clock, which all nodes share; as the connection
 * is set at this moment when not given. Who ordered a round while this one went on (`due`: when it was due) gets it.
 */
export async function scheduleNext(
  db: Database,
  place: Place,
  { next_at: due }: Pick<SyncState, 'next_at'>,
  seconds: number | null = null,
): Promise<void> {
  const wait = sql`coalesce(${seconds}::float8, every_seconds, ${defaultEverySeconds}::int)`;
  await tables(db)
    .updateTable('directory_sync')
    .set({ next_at: sql`now() + make_interval(secs => ${wait})` })
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    // A Date holds milliseconds only.
    .where(
      sql<boolean>`next_at between ${due}::timestamptz - interval '2 ms' and ${due}::timestamptz + interval '2 ms'`,
    )
    .execute();
}

/** The wish for everything again is fulfilled, unless somebody wished anew meanwhile. */
export async function endEverything(
  db: Database,
  place: Place,
  { everything_at: wished }: Pick<SyncState, 'everything_at'>,
): Promise<void> {
  if (wished === null) return;
  await tables(db)
    .updateTable('directory_sync')
    .set({ everything_at: null })
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .where(sql<boolean>`everything_at <= ${wished}::timestamptz + interval '2 ms'`)
    .execute();
}

/** Where the changes of a kind go on, and as of when all of them are known; undefined keeps it. */
export async function saveChanges(
  db: Database,
  place: Place,
  kind: RecordKind,
  { cursor, asOf }: { cursor?: string; asOf?: Date },
): Promise<void> {
  await tables(db)
    .updateTable('directory_progress')
    .set({
      ...(cursor === undefined ? {} : { changes_cursor: cursor }),
      ...(asOf === undefined ? {} : { changes_as_of: asOf }),
    })
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .where('kind', '=', kind)
    .execute();
}

/** When the CRM last changed a record of this kind, by its own clock and as far as we know. */
export async function newestChange(
  db: Database,
  place: Place,
  kind: RecordKind,
): Promise<Date | null> {
  const table = (
    { users: 'crm_user', customers: 'customer', contacts: 'contact', cases: 'crm_case' } as const
  )[kind];
  const row = await tables(db)
    .selectFrom(table)
    .select(({ fn }) => fn.max('updated_at').as('newest'))
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .executeTakeFirst();
  return row?.newest ?? null;
}

/** For how many days closed cases are kept. */
export async function caseDaysOf(db: Database, place: Place): Promise<number> {
  return (await findSyncState(db, place))?.case_days ?? defaultCaseDays;
}

/** Notes that closed cases of so many days are here. */
export async function saveHeldDays(db: Database, place: Place, days: number): Promise<void> {
  await tables(db)
    .updateTable('directory_progress')
    .set({ held_case_days: days })
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .where('kind', '=', 'cases')
    .execute();
}

/** Deletes closed cases that nobody touched for so many days. */
export async function deleteOldCases(db: Database, place: Place, days: number): Promise<void> {
  await tables(db)
    .deleteFrom('crm_case')
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .where('open', '=', false)
    .where(sql<boolean>`coalesce(updated_at, opened_at) < now() - make_interval(days => ${days})`)
    .execute();
}
