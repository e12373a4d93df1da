import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Database } from '../platform/database/database.ts';

/** The room's table as migration 0086 makes it. */
type TestCallTables = { test_call: TestCallTable };

interface TestCallTable {
  organization_id: string;
  id: string;
  person_id: string;
  phone_system_id: string;
  started_by: string;
  started_at: Date;
  finished_at: Date | null;
  number_known: boolean;
  received_ms: number | null;
  committed_ms: number | null;
  matched_ms: number | null;
  found: number | null;
  streamed_ms: number | null;
  streams: number | null;
  shown_ms: number | null;
  shown_in: string | null;
  fault: string | null;
}

const tables = (db: Database) => db.withTables<TestCallTables>();

export interface TestCallKey {
  organizationId: string;
  id: string;
}

/** A test call of the Systems Check, with the hops that were seen. Times of hops are milliseconds after its start. */
export interface StoredTestCall extends TestCallKey {
  personId: string;
  phoneSystemId: string;
  startedBy: string;
  startedAt: Date;
  finishedAt: Date | null;
  numberKnown: boolean;
  hops: Hops;
  /** Records that the number was found to belong to. */
  found: number | null;
  /** Browsers that it was sent to. */
  streams: number | null;
  /** `Firefox on Windows`. */
  shownIn: string | null;
  fault: string | null;
}

/** When each hop was seen first; null: not seen. */
export interface Hops {
  received: number | null;
  committed: number | null;
  matched: number | null;
  streamed: number | null;
  shown: number | null;
}

function toTestCall(row: Selectable<TestCallTable>): StoredTestCall {
  return {
    organizationId: row.organization_id,
    id: row.id,
    personId: row.person_id,
    phoneSystemId: row.phone_system_id,
    startedBy: row.started_by,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    numberKnown: row.number_known,
    hops: {
      received: row.received_ms,
      committed: row.committed_ms,
      matched: row.matched_ms,
      streamed: row.streamed_ms,
      shown: row.shown_ms,
    },
    found: row.found,
    streams: row.streams,
    shownIn: row.shown_in,
    fault: row.fault,
  };
}

/** False when the person has one under way already. */
export async function insertTestCall(
  db: Database,
  test: Pick<
    StoredTestCall,
    | 'organizationId'
    | 'id'
    | 'personId'
    | 'phoneSystemId'
    | 'startedBy'
    | 'startedAt'
    | 'numberKnown'
  >,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(db)
    .insertInto('test_call')
    .values({
      organization_id: test.organizationId,
      id: test.id,
      person_id: test.personId,
      phone_system_id: test.phoneSystemId,
      started_by: test.startedBy,
      started_at: test.startedAt,
      number_known: test.numberKnown,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function testCallById(
  db: Database,
  { organizationId, id }: TestCallKey,
): Promise<StoredTestCall | null> {
  const row = await tables(db)
    .selectFrom('test_call')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : toTestCall(row);
}

/** The newest of the organization, or of one person; null when there never was one. */
export async function latestTestCall(
  db: Database,
  organizationId: string,
  personId?: string,
): Promise<StoredTestCall | null> {
  const all = tables(db)
    .selectFrom('test_call')
    .selectAll()
    .where('organization_id', '=', organizationId);
  const row = await (personId === undefined ? all : all.where('person_id', '=', personId))
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toTestCall(row);
}

type Seen = Partial<Hops> & { found?: number; streams?: number; shownIn?: string };

/** Notes hops that were seen, the first sight of each counting, while the test goes on; false when it is over or was never there. */
export async function noteHops(
  db: Database,
  { organizationId, id }: TestCallKey,
  seen: Seen,
): Promise<boolean> {
  const first = (column: string, value: number | string | undefined, type: string) =>
    sql`${sql.ref(column)} = coalesce(${sql.ref(column)}, ${value ?? null}::${sql.raw(type)})`;
  const { rows } = await sql`
    update test_call set ${sql.join([
      first('received_ms', seen.received ?? undefined, 'integer'),
      // Told by whoever booked it and by whoever hears of it: the earlier of the two.
      sql`committed_ms = least(committed_ms, ${seen.committed ?? null}::integer)`,
      first('matched_ms', seen.matched ?? undefined, 'integer'),
      first('found', seen.found, 'integer'),
      first('streamed_ms', seen.streamed ?? undefined, 'integer'),
      first('streams', seen.streams, 'integer'),
      first('shown_ms', seen.shown ?? undefined, 'integer'),
      first('shown_in', seen.shownIn, 'text'),
    ])}
    where organization_id = ${organizationId} and id = ${id} and finished_at is null
    returning id`.execute(db);
  return rows.length > 0;
}

/** Ends a test that goes on. `fault`: what broke down in Ringside itself, for people. */
export async function finishTestCall(
  db: Database,
  { organizationId, id }: TestCallKey,
  at: Date,
  fault: string | null,
): Promise<void> {
  await tables(db)
    .updateTable('test_call')
    .set({ finished_at: at, fault })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('finished_at', 'is', null)
    .execute();
}

/** Deletes what tests left among the calls: of one, or of all that have ended or begun before `lost`. Answers how many. */
export async function forgetCallsOfTests(
  db: Database,
  organizationId: string,
  which: { id: string } | { lost: Date },
): Promise<number> {
  const those =
    'id' in which
      ? sql`call.test_id = ${which.id}`
      : sql`call.test_id is not null and not exists (
          select from test_call test where test.organization_id = call.organization_id and test.id = call.test_id
            and test.finished_at is null and test.started_at >= ${which.lost})`;
  const { rows } = await sql`
    delete from call where call.organization_id = ${organizationId} and ${those} returning call.id`.execute(
    db,
  );
  return rows.length;
}

/** Ends tests whose hub is gone, and forgets all but the latest `keep`. */
export async function tidyTestCalls(
  db: Database,
  organizationId: string,
  { lost, fault, keep }: { lost: Date; fault: string; keep: number },
): Promise<void> {
  await tables(db)
    .updateTable('test_call')
    .set({ finished_at: sql<Date>`clock_timestamp()`, fault })
    .where('organization_id', '=', organizationId)
    .where('finished_at', 'is', null)
    .where('started_at', '<', lost)
    .execute();
  await tables(db)
    .deleteFrom('test_call')
    .where('organization_id', '=', organizationId)
    .where('finished_at', 'is not', null)
    .where('id', 'in', (query) =>
      query
        .selectFrom('test_call')
        .select('id')
        .where('organization_id', '=', organizationId)
        .orderBy('started_at', 'desc')
        .offset(keep),
    )
    .execute();
}
