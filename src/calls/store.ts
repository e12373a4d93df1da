import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { newId } from '../platform/id.ts';
import type { CallEvent } from '../telephony/port.ts';
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
  return (await withLegs(db, organizationId, rows))[0] ?? null;
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
  return withLegs(db, organizationId, rows);
}

/**
 * Locks the newest call with this source id until the transaction ends; a call that was merged leads to the one it is part
 * of. Null when there is none.
 */
export async function lockCall(
  db: Database,
  source: EventSource,
  sourceId: string,
): Promise<LockedCall | null> {
  const row = await tables(db)
    .selectFrom('call')
    .selectAll()
    .where('organization_id', '=', source.organizationId)
    .where('phone_system_id', '=', source.phoneSystemId)
    .where('source_id', '=', sourceId)
    .orderBy('occurrence', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  const whole = row && (await lockWhole(db, row));
  if (whole === undefined) return null;
  // The legs are read after the lock is held: one statement would read them as they were before it waited.
  const [call] = await withLegs(db, source.organizationId, [whole]);
  return call ? { ...call, occurrence: whole.occurrence } : null;
}

export interface LockedCall extends StoredCall {
  readonly occurrence: number;
}

async function lockWhole(db: Database, row: CallRow): Promise<CallRow | undefined> {
  if (row.merged_into === null) return row;
  const next = await tables(db)
    .selectFrom('call')
    .selectAll()
    .where('organization_id', '=', row.organization_id)
    .where('id', '=', row.merged_into)
    .forUpdate()
    .executeTakeFirst();
  return next && lockWhole(db, next);
}

/** Books a new call; null when another node was first with this source id and occurrence. */
export async function insertCall(
  db: Database,
  source: EventSource,
  call: Call,
  occurrence: number,
  now: Date,
): Promise<string | null> {
  const row = await tables(db)
    .insertInto('call')
    .values({
      organization_id: source.organizationId,
      id: newId(),
      phone_system_id: source.phoneSystemId,
      source_id: call.sourceId,
      occurrence,
      ...columnsOf(call),
      last_event_at: now,
      merged_into: null,
    })
    .onConflict((c) =>
      c.columns(['organization_id', 'phone_system_id', 'source_id', 'occurrence']).doNothing(),
    )
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) return null;
  await saveLegs(db, source.organizationId, row.id, call, now);
  return row.id;
}

export async function updateCall(
  db: Database,
  organizationId: string,
  callId: string,
  call: Call,
  now: Date,
): Promise<void> {
  await tables(db)
    .updateTable('call')
    .set({ ...columnsOf(call), last_event_at: now })
    .where('organization_id', '=', organizationId)
    .where('id', '=', callId)
    .execute();
  await saveLegs(db, organizationId, callId, call, now);
}

/** Marks a call as part of another. It keeps its row, over from now on, so that late events find their way. */
export async function markMerged(
  db: Database,
  organizationId: string,
  callId: string,
  into: string,
  now: Date,
): Promise<void> {
  await tables(db)
    .updateTable('call')
    .set((e) => ({
      merged_into: into,
      ended_at: e.fn.coalesce('ended_at', e.val(now)),
      last_event_at: now,
    }))
    .where('organization_id', '=', organizationId)
    .where('id', '=', callId)
    .execute();
}

/** Writes what happened into the journal. */
export async function appendEvents(
  db: Database,
  organizationId: string,
  callId: string,
  events: readonly CallEvent[],
  now: Date,
): Promise<void> {
  if (events.length === 0) return;
  await tables(db)
    .insertInto('call_event')
    .values(
      events.map((event) => ({
        organization_id: organizationId,
        call_id: callId,
        id: newId(),
        received_at: now,
        event: JSON.stringify(event),
      })),
    )
    .execute();
}

/** The source ids of a phone system's open calls. */
export async function openSourceIds(db: Database, source: EventSource): Promise<string[]> {
  const rows = await tables(db)
    .selectFrom('call')
    .select('source_id')
    .where('organization_id', '=', source.organizationId)
    .where('phone_system_id', '=', source.phoneSystemId)
    .where('ended_at', 'is', null)
    .where('merged_into', 'is', null)
    .execute();
  return rows.map((row) => row.source_id);
}

/** Open calls of all organizations that nothing was heard of for long: ringing ones sooner, answered ones later. */
export async function forgottenCalls(
  db: Database,
  ringingBefore: Date,
  talkingBefore: Date,
): Promise<(EventSource & { sourceId: string })[]> {
  const rows = await tables(db)
    .selectFrom('call')
    .select(['organization_id', 'phone_system_id', 'source_id'])
    .where('ended_at', 'is', null)
    .where('merged_into', 'is', null)
    .where((e) =>
      e.or([
        e('last_event_at', '<', talkingBefore),
        e.and([e('last_event_at', '<', ringingBefore), e('answered_at', 'is', null)]),
      ]),
    )
    .limit(1000)
    .execute();
  return rows.map((row) => ({
    organizationId: row.organization_id,
    phoneSystemId: row.phone_system_id,
    sourceId: row.source_id,
  }));
}

async function saveLegs(
  db: Database,
  organizationId: string,
  callId: string,
  call: Call,
  now: Date,
): Promise<void> {
  if (call.legs.length === 0) return;
  await tables(db)
    .insertInto('leg')
    .values(
      call.legs.map((leg, position) => ({
        organization_id: organizationId,
        call_id: callId,
        id: leg.id,
        position,
        extension: leg.extension,
        ringing_at: leg.ringingAt,
        answered_at: leg.answeredAt,
        ended_at: leg.endedAt,
        cause: leg.cause,
        on_hold: leg.onHold,
        first_event_at: now,
      })),
    )
    .onConflict((c) =>
      c.columns(['organization_id', 'call_id', 'id']).doUpdateSet((e) => ({
        extension: e.ref('excluded.extension'),
        ringing_at: e.ref('excluded.ringing_at'),
        answered_at: e.ref('excluded.answered_at'),
        ended_at: e.ref('excluded.ended_at'),
        cause: e.ref('excluded.cause'),
        on_hold: e.ref('excluded.on_hold'),
      })),
    )
    .execute();
}

async function withLegs(
  db: Database,
  organizationId: string,
  rows: readonly CallRow[],
): Promise<StoredCall[]> {
  if (rows.length === 0) return [];
  const legs = await tables(db)
    .selectFrom('leg')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', sql<string>`any(${rows.map((row) => row.id)}::uuid[])`)
    .orderBy('position')
    .execute();
  return rows.map((row) =>
    presentCall(
      row,
      legs.filter((leg) => leg.call_id === row.id),
    ),
  );
}

function presentCall(row: CallRow, legs: readonly LegRow[]): StoredCall {
  return {
    organizationId: row.organization_id,
    phoneSystemId: row.phone_system_id,
    id: row.id,
    sourceId: row.source_id,
    mergedInto: row.merged_into,
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
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    cause: row.cause,
    result: row.result,
    answeredBy: row.answered_by,
  };
}

function columnsOf(call: Call) {
  return {
    direction: call.direction,
    from_number: call.from,
    to_number: call.to,
    queue: call.queue,
    transfers: JSON.stringify(call.transfers),
    held: call.held,
    recording: call.recording,
    exclusive: call.exclusive,
    started_at: call.startedAt,
    answered_at: call.answeredAt,
    ended_at: call.endedAt,
    cause: call.cause,
    result: call.result,
    answered_by: call.answeredBy,
  };
}
