import { sql } from 'kysely';
import type { RecordKind, RecordType } from '../crm/record.ts';
import type { Database } from '../platform/database/database.ts';
import type { Place } from './record-store.ts';
import type { DirectoryTables, PullPurpose, PullStatus } from './tables.ts';

const tables = (db: Database) => db.withTables<DirectoryTables>();

/**
 * Seconds after which a holder of the lease that gave no sign of life is taken for dead, and how
 * often it gives one.
 */
const leaseSeconds = 20;
export const signOfLifeMs = 5_000;

export interface LeaseClaim {
  leaseId: string;
  /** A pull takes the lease from a round of changes; nothing takes it from a pull. */
  purpose: PullPurpose;
  /** When the work began, for one that goes on with what was interrupted; null: now. */
  startedAt: Date | null;
}

/** Takes the lease of this connection; false while another holder has it, on whatever node. */
export async function claimLease(db: Database, place: Place, claim: LeaseClaim): Promise<boolean> {
  const startedAt = sql`coalesce(${claim.startedAt}::timestamptz, now())`;
  const { rows } = await sql`
    insert into directory_pull (organization_id, connection_id, pull_id, purpose, status, started_at, alive_at)
    values (${place.organizationId}, ${place.connectionId}, ${claim.leaseId}, ${claim.purpose}, 'running', ${startedAt}, now())
    on conflict (organization_id, connection_id) do update
      set pull_id = excluded.pull_id, purpose = excluded.purpose, status = 'running',
        started_at = excluded.started_at, alive_at = now(), finished_at = null
      where directory_pull.status <> 'running'
        or directory_pull.alive_at < now() - make_interval(secs => ${leaseSeconds})
        or (directory_pull.purpose = 'sync' and excluded.purpose = 'pull')
    returning pull_id
  `.execute(db);
  return rows.length === 1;
}

/**
 * A sign of life; false when another pull has taken over, after which nothing may be written any
 * more.
 */
export async function stayAlive(db: Database, place: Place, pullId: string): Promise<boolean> {
  const { numUpdatedRows } = await tables(db)
    .updateTable('directory_pull')
    .set({ alive_at: sql`now()` })
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .where('pull_id', '=', pullId)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Ends the pull and whatever kind of record it was at; nothing happens when another pull has taken
 * over.
 */
export async function endPull(
  db: Database,
  place: Place,
  pullId: string,
  status: PullStatus,
): Promise<void> {
  const { numUpdatedRows } = await tables(db)
    .updateTable('directory_pull')
    .set({ status, alive_at: sql`now()`, finished_at: sql`now()` })
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .where('pull_id', '=', pullId)
    .where('status', '=', 'running')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  await tables(db)
    .updateTable('directory_progress')
    .set({ status })
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .where('pull_id', '=', pullId)
    .where('status', '=', 'running')
    .execute();
}

export interface KindProgress {
  status: PullStatus;
  done: number;
  total: number | null;
  cursor: string | null;
  /** Nothing of the kind was in the mirror when the pull began. */
  fromEmpty: boolean;
}

/** Whose progress is noted, and what it asks the CRM for. */
export interface PullScope {
  leaseId: string;
  /** Which instance the records come from. */
  source: string;
  /** Closed cases that were changed in so many days are asked for. */
  caseDays: number;
}

/**
 * Notes how far a kind is. With `done` the kind is complete as of the pull's start, and changes are
 * read from there on.
 */
export async function saveProgress(
  db: Database,
  place: Place,
  { leaseId: pullId, source, caseDays }: PullScope,
  kind: RecordKind,
  progress: KindProgress,
): Promise<void> {
  await sql`
    insert into directory_progress as p (organization_id, connection_id, kind, pull_id, pull_started_at, source,
      status, done, total, cursor, from_empty, case_days, held_case_days, complete_as_of)
    select organization_id, connection_id, ${kind}, pull_id, started_at, ${source},
      ${progress.status}, ${progress.done}::int, ${progress.total}::int, ${progress.cursor}, ${progress.fromEmpty},
      ${caseDays}::int, ${caseDays}::int,
      case when ${progress.status} = 'done' then started_at end
    from directory_pull
    where organization_id = ${place.organizationId} and connection_id = ${place.connectionId} and pull_id = ${pullId}
    on conflict (organization_id, connection_id, kind) do update
      set pull_id = excluded.pull_id, pull_started_at = excluded.pull_started_at, source = excluded.source,
        status = excluded.status, done = excluded.done, total = excluded.total, cursor = excluded.cursor, from_empty = excluded.from_empty,
        case_days = excluded.case_days,
        held_case_days = case when excluded.status = 'done' then excluded.case_days else p.held_case_days end,
        complete_as_of = coalesce(excluded.complete_as_of, case when p.source = excluded.source then p.complete_as_of end),
        changes_cursor = case when p.source = excluded.source and excluded.status <> 'done' then p.changes_cursor end,
        changes_as_of = case when p.source = excluded.source and excluded.status <> 'done' then p.changes_as_of end
  `.execute(db);
}

/** How far each kind is, as far as it was begun. */
export async function progressOf(db: Database, place: Place) {
  return tables(db)
    .selectFrom('directory_progress')
    .selectAll()
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .execute();
}
export type StoredProgress = Awaited<ReturnType<typeof progressOf>>[number];

/** The number after the last page of a kind that an interrupted pull noted. */
export async function nextPage(db: Database, place: Place, kind: RecordKind): Promise<number> {
  const row = await tables(db)
    .selectFrom('directory_seen')
    .select(({ fn }) => fn.max('page').as('last'))
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .where('kind', '=', kind)
    .executeTakeFirst();
  return Math.max(-1, row?.last ?? -1) + 1;
}

/** Remembers what a page held. */
export async function recordSeen(
  db: Database,
  place: Place,
  page: { kind: RecordKind; page: number; type: RecordType; ids: string[] },
): Promise<void> {
  await tables(db)
    .insertInto('directory_seen')
    .values({ organization_id: place.organizationId, connection_id: place.connectionId, ...page })
    .execute();
}

export async function forgetSeen(db: Database, place: Place, kind: RecordKind): Promise<void> {
  await tables(db)
    .deleteFrom('directory_seen')
    .where('organization_id', '=', place.organizationId)
    .where('connection_id', '=', place.connectionId)
    .where('kind', '=', kind)
    .execute();
}

/**
 * Does not wait for the disk at the commit: after a crash the pull is made again anyway. Until the
 * transaction ends.
 */
export async function commitWithoutWaiting(db: Database): Promise<void> {
  await sql`set local synchronous_commit = off`.execute(db);
}

/**
 * Joins of what was seen with what is stored go through both once. Just after a load the planner
 * knows neither size and may choose to go through one for each row of the other. Until the
 * transaction ends.
 */
export async function planForWholeTables(db: Database): Promise<void> {
  await sql`set local enable_nestloop = off`.execute(db);
}

/**
 * Lets the planner know how large the tables have become, so that look-ups use the indexes right
 * after the first load. `rough`: from a tenth of the usual sample, while they still grow.
 */
export async function refreshStatistics(
  db: Database,
  kind: RecordKind,
  { rough }: { rough: boolean },
): Promise<void> {
  const names: Record<RecordKind, string[]> = {
    users: ['crm_user', 'phone_number'],
    customers: ['customer', 'phone_number'],
    contacts: ['contact', 'phone_number'],
    cases: ['crm_case'],
  };
  await db.transaction().execute(async (trx) => {
    if (rough) await sql`set local default_statistics_target = 10`.execute(trx);
    await sql`analyze ${sql.join(names[kind].map((name) => sql.table(name)))}`.execute(trx);
  });
}
