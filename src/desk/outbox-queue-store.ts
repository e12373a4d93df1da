import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Place } from '../directory/record-store.ts';
import type { Database } from '../platform/database/database.ts';
import type { OutboxTables } from './outbox-tables.ts';
import type { NewWrite, WriteAction, WrittenTo } from './outbox.ts';

const tables = (db: Database) => db.withTables<OutboxTables>();

/** A write that this node is to send; nobody else does while it keeps its lease. */
export interface ClaimedWrite extends NewWrite {
  id: string;
  owner: string;
  dependsOn: string[];
  ownFailures: number;
  failedAt: Date | null;
  /** Since when an earlier try may have been done or be under way, by this machine's clock; null: surely neither. */
  doubtSince: Date | null;
}

/** A sign of life every few seconds keeps what a node sends its own; without one others take over after so long. */
export const leaseSeconds = 15;

/**
 * Takes the next writes of a connection, at most one of each lane: the first that waits, unless it needs the record of one
 * that needs attention; then those behind it go on. `atOnce` also takes what still has to wait after a failure, what never failed before
 * the others: the one that is to show whether all is well again must not be one that always fails.
 */
export async function claimWrites(
  db: Database,
  place: Place,
  { owner, most, atOnce = false }: { owner: string; most: number; atOnce?: boolean },
): Promise<ClaimedWrite[]> {
  if (!atOnce) return claim(db, place, { owner, most, due: sql`w.next_at <= clock_timestamp()` });
  const untried = await claim(db, place, { owner, most, due: sql`w.failed_at is null` });
  if (untried.length > 0) return untried;
  const due = sql`(w.next_at <= clock_timestamp() or w.own_failures < ${ownFailuresHurried})`;
  return claim(db, place, { owner, most, due, order: sql`w.failed_at,` });
}

/**
 * Goes along `outbox_write_turn` from the oldest on and stops when it has enough: after an hour without the CRM tens of thousands wait.
 * What is asked of each is asked as a subquery of its own, since joins are planned for all that there is (36,000 waiting and 100,000
 * delivered: 80,000 pages a claim, and now 96).
 */
async function claim(
  db: Database,
  { organizationId, connectionId }: Place,
  {
    owner,
    most,
    due,
    order = sql`w.organization_id, w.connection_id,`,
  }: { owner: string; most: number; due: RawBuilder<unknown>; order?: RawBuilder<unknown> },
): Promise<ClaimedWrite[]> {
  const lease = sql`clock_timestamp() + make_interval(secs => ${leaseSeconds})`;
  const openHere = (alias: string) => {
    const column = (name: string) => sql.ref(`${alias}.${name}`);
    return sql`${column('organization_id')} = ${organizationId} and ${column('connection_id')} = ${connectionId}
      and ${column('state')} in ('waiting', 'sending') and (${column('depends_on')} = '{}' or (
        select true from outbox_write as needed
        where needed.organization_id = ${organizationId} and needed.id = any (${column('depends_on')}) and needed.state = 'attention'
        limit 1
      ) is null)`;
  };
  const { rows } = await sql<ClaimRow>`
    with due as (
      select w.id from outbox_write as w
      where ${openHere('w')}
        and ((w.state = 'waiting' and ${due}) or (w.state = 'sending' and w.lease_until < clock_timestamp()))
        and (
          select true from outbox_write as earlier
          where ${openHere('earlier')} and earlier.lane = w.lane and earlier.position < w.position
          order by earlier.organization_id, earlier.connection_id, earlier.lane, earlier.position limit 1
        ) is null
      order by ${order} w.position
      limit ${most}
      for update of w skip locked
    )
    update outbox_write as w set
      state = 'sending', owner = ${owner}, lease_until = ${lease}, attempts = w.attempts + 1,
      -- Whoever had it died, or lost the line to us, with the request perhaps under way.
      doubt_since = case when w.state = 'sending' then w.lease_until else w.doubt_since end
    from due where w.organization_id = ${organizationId} and w.id = due.id
    returning w.id, w.lane, w.call_id, w.person_id, w.subject, w.action, w.depends_on, w.own_failures, w.failed_at,
      extract(epoch from clock_timestamp() - w.doubt_since)::float8 as doubt_seconds`
    .execute(db)
    .catch((error: unknown) => {
      // Another node was quicker with the same lane (outbox_write_lane).
      if (isUniqueViolation(error)) return { rows: [] };
      throw error;
    });
  return rows.map((row) => ({
    ...{ organizationId, connectionId, owner },
    ...{ id: row.id, lane: row.lane, callId: row.call_id, personId: row.person_id },
    ...{ subject: row.subject, action: row.action, dependsOn: row.depends_on },
    ...{ ownFailures: row.own_failures, failedAt: row.failed_at },
    doubtSince: row.doubt_seconds === null ? null : new Date(Date.now() - row.doubt_seconds * 1000),
  }));
}

interface ClaimRow {
  id: string;
  lane: string;
  call_id: string | null;
  person_id: string | null;
  subject: string;
  action: WriteAction;
  depends_on: string[];
  own_failures: number;
  failed_at: Date | null;
  doubt_seconds: number | null;
}

/** A write that failed by itself more often than this keeps its own pace when the connection is back. */
const ownFailuresHurried = 3;

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}

/** Renews the leases of a node; answers the writes that it still holds. */
export async function renewLeases(db: Database, owner: string): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    update outbox_write set lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where state = 'sending' and owner = ${owner} returning id`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

type Held = Pick<ClaimedWrite, 'organizationId' | 'id' | 'owner'>;

function held(db: Database, { organizationId, id, owner }: Held) {
  return tables(db)
    .updateTable('outbox_write')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('owner', '=', owner)
    .where('state', '=', 'sending');
}

/** Keeps what a write is about to send, so that every further try sends the same. */
export async function keepAction(db: Database, write: Held, action: WriteAction): Promise<void> {
  await held(db, write)
    .set({ action: JSON.stringify(action) })
    .execute();
}

/** False when the lease was lost: then whoever took over finds out by itself. */
export async function settleDelivered(
  db: Database,
  write: Held,
  record: WrittenTo | null,
  note: string | null,
): Promise<boolean> {
  const { numUpdatedRows } = await held(db, write)
    .set({
      state: 'delivered',
      settled_at: sql<Date>`clock_timestamp()`,
      ...{ owner: null, lease_until: null, doubt_since: null, code: null, reason: note, fix: null },
      record_type: record?.type ?? null,
      record_id: record?.id ?? null,
      record_number: record?.number ?? null,
    })
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Why something is not through. */
export interface Trouble {
  code: string;
  reason: string;
  fix: string;
}

/** Lets a write wait and be tried again. */
export async function letWait(
  db: Database,
  write: Held,
  wait: {
    seconds: number;
    doubtSince: Date | null;
    trouble: Trouble;
    /** It failed by itself once more. */
    ownFailure: boolean;
  },
): Promise<void> {
  await held(db, write)
    .set({
      state: 'waiting',
      ...{ owner: null, lease_until: null },
      next_at: sql<Date>`clock_timestamp() + make_interval(secs => ${wait.seconds})`,
      doubt_since: ago(wait.doubtSince),
      ...wait.trouble,
      failed_at: sql<Date>`clock_timestamp()`,
      ...(wait.ownFailure ? { own_failures: sql<number>`own_failures + 1` } : {}),
    })
    .execute();
}

/** Nothing more is tried until somebody decides. */
export async function putUpForAttention(
  db: Database,
  write: Held,
  trouble: Trouble,
  doubtSince: Date | null,
): Promise<boolean> {
  const { numUpdatedRows } = await held(db, write)
    .set({
      state: 'attention',
      settled_at: sql<Date>`clock_timestamp()`,
      ...{ owner: null, lease_until: null, ...trouble },
      doubt_since: ago(doubtSince),
    })
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Gives back what a node holds, when it stops. */
export async function releaseWrites(db: Database, owner: string): Promise<void> {
  await sql`
    update outbox_write set state = 'waiting', owner = null, lease_until = null, doubt_since = clock_timestamp()
    where state = 'sending' and owner = ${owner}`.execute(db);
}

/** As a moment of the database's clock. */
function ago(moment: Date | null) {
  if (moment === null) return null;
  const seconds = (Date.now() - moment.getTime()) / 1000;
  return sql<Date>`clock_timestamp() - make_interval(secs => ${seconds})`;
}

/** What became of the writes that another one needs. */
export async function recordsOf(
  db: Database,
  organizationId: string,
  writeIds: readonly string[],
): Promise<Map<string, { state: string; recordId: string | null; subject: string }>> {
  if (writeIds.length === 0) return new Map();
  const rows = await tables(db)
    .selectFrom('outbox_write')
    .select(['id', 'state', 'record_id', 'subject'])
    .where('organization_id', '=', organizationId)
    .where('id', 'in', [...writeIds])
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      { state: row.state, recordId: row.record_id, subject: row.subject },
    ]),
  );
}
