import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import { newId } from '../platform/id.ts';
import type { CallEvent } from '../telephony/port.ts';
import type { Call } from './call.ts';
import { withLegs } from './store.ts';
import type { EventSource, StoredCall } from './store.ts';
import type { CallRow, CallTables } from './tables.ts';

const tables = (db: Database) => db.withTables<CallTables>();

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
  const query = tables(db)
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
    .limit(1000);
  const rows = await acrossOrganizations(() => query.execute());
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
