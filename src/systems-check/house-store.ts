import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { HouseRun, HouseStep } from './house-contract.ts';
import type { RunKey } from './store.ts';
import type { SystemsCheckTables } from './tables.ts';

const tables = (db: Database) => db.withTables<SystemsCheckTables>();

/** A run of the check of the house as it is stored. */
export interface StoredHouseRun {
  organizationId: string;
  id: string;
  status: HouseRun['status'];
  startedBy: string;
  startedAt: Date;
  finishedAt: Date | null;
  jobRanAt: Date | null;
  steps: HouseStep[];
}

/** A run takes seconds: one that has gone on for so long lost its hub. */
const deadAfterSeconds = 120;
const dead = sql<boolean>`status = 'running'
  and started_at < clock_timestamp() - make_interval(secs => ${deadAfterSeconds})`;

function toRun(row: Selectable<SystemsCheckTables['house_check_run']>): StoredHouseRun {
  return {
    organizationId: row.organization_id,
    id: row.id,
    status: row.status,
    startedBy: row.started_by,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    jobRanAt: row.job_ran_at,
    steps: row.steps,
  };
}

/** The newest run; null when there never was one. One that lost its hub is passed over. */
export async function latestHouseRun(
  db: Database,
  organizationId: string,
): Promise<StoredHouseRun | null> {
  const row = await tables(db)
    .selectFrom('house_check_run')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where(sql<boolean>`not (${dead})`)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toRun(row);
}

/** False when a run is under way already. */
export async function insertHouseRun(
  db: Database,
  run: RunKey & { startedBy: string },
  steps: readonly HouseStep[],
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(db)
    .insertInto('house_check_run')
    .values({
      organization_id: run.organizationId,
      id: run.id,
      status: 'running',
      started_by: run.startedBy,
      finished_at: null,
      job_ran_at: null,
      steps: JSON.stringify(steps),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

function running(db: Database, { organizationId, id }: RunKey) {
  return tables(db)
    .updateTable('house_check_run')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('status', '=', 'running');
}

/** Writes how far a running run is. */
export async function saveHouseSteps(
  db: Database,
  key: RunKey,
  steps: readonly HouseStep[],
): Promise<void> {
  await running(db, key)
    .set({ steps: JSON.stringify(steps) })
    .execute();
}

/** Ends a running run; false when it had ended already. */
export async function finishHouseRun(
  db: Database,
  key: RunKey,
  status: Exclude<HouseRun['status'], 'running'>,
  steps: readonly HouseStep[],
): Promise<boolean> {
  const { numUpdatedRows } = await running(db, key)
    .set({ status, steps: JSON.stringify(steps), finished_at: sql`clock_timestamp()` })
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Forgets a run whose hub is gone or is being stopped: it found out nothing. */
export async function dropHouseRun(db: Database, { organizationId, id }: RunKey): Promise<void> {
  await tables(db)
    .deleteFrom('house_check_run')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('status', '=', 'running')
    .execute();
}

/** Forgets a run that has gone on for too long, and all but the latest `keep` others. */
export async function forgetHouseRuns(
  db: Database,
  organizationId: string,
  keep: number,
): Promise<void> {
  const own = tables(db)
    .deleteFrom('house_check_run')
    .where('organization_id', '=', organizationId);
  await own.where(dead).execute();
  await own
    .where('status', '<>', 'running')
    .where('id', 'in', (query) =>
      query
        .selectFrom('house_check_run')
        .select('id')
        .where('organization_id', '=', organizationId)
        .where('status', '<>', 'running')
        .orderBy('started_at', 'desc')
        .offset(keep),
    )
    .execute();
}

/** Notes that the job which a run ordered was worked on. */
export async function noteJobRan(db: Database, key: RunKey): Promise<void> {
  await running(db, key)
    .set({ job_ran_at: sql`clock_timestamp()` })
    .execute();
}

/** Whether that has happened. */
export async function jobRan(db: Database, { organizationId, id }: RunKey): Promise<boolean> {
  const row = await tables(db)
    .selectFrom('house_check_run')
    .select('job_ran_at')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row !== undefined && row.job_ran_at !== null;
}

/** The database's version and its clock. */
export async function askDatabase(db: Database): Promise<{ version: string; now: Date }> {
  const { rows } = await sql<{ version: string; now: Date }>`
    select current_setting('server_version') as version, clock_timestamp() as now`.execute(db);
  return rows[0]!;
}
