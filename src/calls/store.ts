import { CompiledQuery, sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { Call } from './call.ts';
import type { CallRow, CallTables, LegRow } from './tables.ts';

const tables = (db: Database) => db.withTables<CallTables>();

/** Where events come from: an organization's phone system. */
export interface EventSource {
  organizationId: string;
  phoneSystemId: string;
}

/** A call with its place in our books. */
export interface StoredCall extends Call, EventSource {
  readonly id: string;
  /** The call that this one turned out to be part of. */
  readonly mergedInto: string | null;
  /** Counts its changes, from 1. */
  readonly revision: number;
}

/** One call with its legs; null when the organization has none with this id. */
export async function callById(
  db: Database,
  organizationId: string,
  callId: string,
): Promise<StoredCall | null> {
  const rows = await tables(db)
    .selectFrom('call')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('id', '=', callId)
    .execute();
  return (await withLegs(db, rows))[0] ?? null;
}

/** Calls by id, in no order; those that the organization does not have are absent. */
export async function callsByIds(
  db: Database,
  organizationId: string,
  callIds: readonly string[],
): Promise<StoredCall[]> {
  if (callIds.length === 0) return [];
  const rows = await tables(db)
    .selectFrom('call')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('id', '=', sql<string>`any(${[...callIds]}::uuid[])`)
    .execute();
  return withLegs(db, rows);
}

const day = 86_400_000;

/**
 * The calls that an extension has a part in and that are up or had something new since then, newest first, at most 50. A call
 * that the extension joined more than a day before is not looked for.
 */
export async function recentCallsOfExtension(
  db: Database,
  organizationId: string,
  extension: string,
  since: Date,
): Promise<StoredCall[]> {
  const rows = await tables(db)
    .selectFrom('call')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('merged_into', 'is', null)
    .where((e) => e.or([e('ended_at', 'is', null), e('last_event_at', '>=', since)]))
    .where('id', 'in', (e) =>
      e
        .selectFrom('leg')
        .select('call_id')
        .where('organization_id', '=', organizationId)
        .where('extension', '=', extension)
        .where('first_event_at', '>=', new Date(since.getTime() - day)),
    )
    .orderBy('started_at', 'desc')
    .limit(50)
    .execute();
  return withLegs(db, rows);
}

/** The calls that are up, newest first, at most 200; without tests of the Systems Check. */
export async function runningCalls(db: Database, organizationId: string): Promise<StoredCall[]> {
  const rows = await tables(db)
    .selectFrom('call')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('ended_at', 'is', null)
    .where('merged_into', 'is', null)
    .where('test_id', 'is', null)
    .orderBy('started_at', 'desc')
    .limit(200)
    .execute();
  return withLegs(db, rows);
}

/** The calls that are up and were placed by one of these extensions. */
export async function openCallsFrom(
  db: Database,
  organizationId: string,
  extensions: readonly string[],
): Promise<string[]> {
  if (extensions.length === 0) return [];
  const rows = await tables(db)
    .selectFrom('call')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('ended_at', 'is', null)
    .where('from_number', 'in', [...extensions])
    .execute();
  return rows.map((row) => row.id);
}

/** For queries that are planned once: `*` would fail them when a later version adds a column while this one still runs. */
export const callColumns = `organization_id, id, phone_system_id, source_id, occurrence, direction, from_number, to_number, queue,
  transfers, held, recording, exclusive, started_at, answered_at, ended_at, cause, result, answered_by, last_event_at, merged_into, revision, test_id`;

/** Rows with their legs, in the same order. */
export async function withLegs(db: Database, rows: readonly CallRow[]): Promise<StoredCall[]> {
  if (rows.length === 0) return [];
  const { rows: legs } = await db.executeQuery<ShownLeg>(
    CompiledQuery.raw(legsQuery, [
      rows.map((row) => row.organization_id),
      rows.map((row) => row.id),
    ]),
  );
  const byCall = Map.groupBy(legs, (leg) => leg.call_id);
  return rows.map((row) => presentCall(row, byCall.get(row.id) ?? []));
}

const legsQuery = `/* prepared legs-of-calls */
  select call_id, id, position, extension, ringing_at, answered_at, ended_at, cause, on_hold
  from unnest($1::uuid[], $2::uuid[]) as wanted (organization_id, call_id)
  join leg using (organization_id, call_id)
  order by position`;

type ShownLeg = Omit<LegRow, 'organization_id' | 'first_event_at'>;

function presentCall(row: CallRow, legs: readonly ShownLeg[]): StoredCall {
  return {
    organizationId: row.organization_id,
    phoneSystemId: row.phone_system_id,
    id: row.id,
    sourceId: row.source_id,
    mergedInto: row.merged_into,
    revision: row.revision,
    direction: row.direction,
    from: row.from_number,
    to: row.to_number,
    queue: row.queue,
    legs: legs.map((leg) => ({
      id: leg.id,
      extension: leg.extension,
      ringingAt: leg.ringing_at,
      answeredAt: leg.answered_at,
      endedAt: leg.ended_at,
      cause: leg.cause,
      onHold: leg.on_hold,
    })),
    transfers: row.transfers,
    held: row.held,
    recording: row.recording,
    exclusive: row.exclusive,
    startedAt: row.started_at,
    testId: row.test_id,
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    cause: row.cause,
    result: row.result,
    answeredBy: row.answered_by,
  };
}
