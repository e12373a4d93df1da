import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { CheckRun } from './contract.ts';
import type { Findings } from './run.ts';
import type { SystemsCheckTables } from './tables.ts';

const tables = (db: Database) => db.withTables<SystemsCheckTables>();

/** A run as it is stored. */
export interface StoredRun extends Findings {
  organizationId: string;
  id: string;
  connectionId: string;
  platform: string;
  status: CheckRun['status'];
  startedBy: string;
  startedAt: Date;
  finishedAt: Date | null;
  cancelRequested: boolean;
  byNight: boolean;
  /** How often another hub went on with it. */
  takenOver: number;
  /** No sign of life for so long that the hub conducting it must be gone, and none goes on with it. */
  dead: boolean;
}

export interface RunKey {
  organizationId: string;
  id: string;
}

/** A run as one hub conducts it: after a takeover the hub before may not write any more. */
export interface RunClaim extends RunKey {
  takenOver: number;
}

/** Longer than the lease of a pull (directory/), so that the next run finds the data free. */
const deadAfterSeconds = 25;
/** A run that ended so many hubs, or is so old that its pull would begin anew, is not gone on with. */
const mostTakeovers = 10;
const oldestTakeoverHours = 6;

const silent = sql<boolean>`status = 'running' and heartbeat_at < clock_timestamp() - make_interval(secs => ${deadAfterSeconds})`;
const adoptable = sql<boolean>`taken_over < ${mostTakeovers}
  and started_at > clock_timestamp() - make_interval(hours => ${oldestTakeoverHours})`;
/** Nobody will go on with it. */
const dead = sql<boolean>`${silent} and not (${adoptable})`;

function toRun(
  row: Selectable<SystemsCheckTables['systems_check_run']> & { dead: boolean },
): StoredRun {
  return {
    organizationId: row.organization_id,
    id: row.id,
    connectionId: row.connection_id,
    platform: row.platform,
    status: row.status,
    startedBy: row.started_by,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    cancelRequested: row.cancel_requested,
    steps: row.steps,
    pulls: row.pulls,
    counts: row.counts,
    oddities: row.oddities,
    caseRight: row.case_right,
    byNight: row.by_night,
    takenOver: row.taken_over,
    dead: row.dead,
  };
}

function runs(db: Database, organizationId: string) {
  return tables(db)
    .selectFrom('systems_check_run')
    .selectAll()
    .select(dead.as('dead'))
    .where('organization_id', '=', organizationId);
}

export async function latestRun(
  db: Database,
  organizationId: string,
  connectionId: string,
): Promise<StoredRun | null> {
  const row = await runs(db, organizationId)
    .where('connection_id', '=', connectionId)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toRun(row);
}

export async function runById(
  db: Database,
  { organizationId, id }: RunKey,
): Promise<StoredRun | null> {
  const row = await runs(db, organizationId).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toRun(row);
}

/** False when a run is under way on this connection already. */
export async function insertRun(
  db: Database,
  run: RunKey & { connectionId: string; platform: string; startedBy: string; byNight?: boolean },
  findings: Findings,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(db)
    .insertInto('systems_check_run')
    .values({
      organization_id: run.organizationId,
      id: run.id,
      connection_id: run.connectionId,
      platform: run.platform,
      status: 'running',
      started_by: run.startedBy,
      by_night: run.byNight ?? false,
      finished_at: null,
      ...written(findings),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

function written({ steps, pulls, counts, oddities, caseRight }: Findings) {
  return {
    steps: JSON.stringify(steps),
    pulls: JSON.stringify(pulls),
    counts: counts === null ? null : JSON.stringify(counts),
    oddities: JSON.stringify(oddities),
    case_right: caseRight === null ? null : JSON.stringify(caseRight),
  };
}

/** Writes progress and a sign of life. `gone`: the run is not ours any more, nothing was written. */
export async function saveFindings(
  db: Database,
  key: RunClaim,
  findings: Findings,
): Promise<'go-on' | 'cancel' | 'gone'> {
  const row = await tables(db)
    .updateTable('systems_check_run')
    .set({ ...written(findings), heartbeat_at: sql`clock_timestamp()` })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('status', '=', 'running')
    .where('taken_over', '=', key.takenOver)
    .returning('cancel_requested')
    .executeTakeFirst();
  if (row === undefined) return 'gone';
  return row.cancel_requested ? 'cancel' : 'go-on';
}

/** Ends a running run; false when it had ended already. `onlyDead` leaves one alone that has shown life meanwhile. */
export async function finishRun(
  db: Database,
  key: RunClaim,
  status: Exclude<CheckRun['status'], 'running'>,
  findings: Findings,
  onlyDead = false,
): Promise<boolean> {
  const update = tables(db)
    .updateTable('systems_check_run')
    .set({
      ...written(findings),
      status,
      finished_at: sql`clock_timestamp()`,
      heartbeat_at: sql`clock_timestamp()`,
    })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('status', '=', 'running')
    .where('taken_over', '=', key.takenOver);
  const { numUpdatedRows } = await (onlyDead ? update.where(dead) : update).executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Lets go of a run that another hub, or this one after its start, shall go on with at once. */
export async function releaseRun(db: Database, key: RunClaim, findings: Findings): Promise<void> {
  await tables(db)
    .updateTable('systems_check_run')
    .set({ ...written(findings), heartbeat_at: sql`'-infinity'` })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('status', '=', 'running')
    .where('taken_over', '=', key.takenOver)
    .execute();
}

/** Takes over runs that no hub conducts any more, of every organization in scope; each goes to one caller. */
export async function claimOrphans(db: Database): Promise<StoredRun[]> {
  const rows = await tables(db)
    .updateTable('systems_check_run')
    .set((column) => ({
      taken_over: sql`${column.ref('taken_over')} + 1`,
      heartbeat_at: sql`clock_timestamp()`,
    }))
    .where(silent)
    .where(adoptable)
    .returningAll()
    .execute();
  return rows.map((row) => toRun({ ...row, dead: false }));
}

/** Asks whichever hub conducts the run to stop it; false when it is not running. */
export async function requestCancel(db: Database, key: RunKey): Promise<boolean> {
  const { numUpdatedRows } = await tables(db)
    .updateTable('systems_check_run')
    .set({ cancel_requested: true })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Keeps the latest runs of a connection and forgets the rest. */
export async function forgetOldRuns(
  db: Database,
  organizationId: string,
  connectionId: string,
  keep: number,
): Promise<void> {
  await tables(db)
    .deleteFrom('systems_check_run')
    .where('organization_id', '=', organizationId)
    .where('status', '<>', 'running')
    .where('id', 'in', (query) =>
      query
        .selectFrom('systems_check_run')
        .select('id')
        .where('organization_id', '=', organizationId)
        .where('connection_id', '=', connectionId)
        .orderBy('started_at', 'desc')
        .offset(keep),
    )
    .execute();
}
