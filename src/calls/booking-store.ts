import { isDeepStrictEqual } from 'node:util';
import { CompiledQuery } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import { newId } from '../platform/id.ts';
import { noticesFrom } from '../platform/notice-store.ts';
import type { CallEvent } from '../telephony/port.ts';
import type { Call } from './call.ts';
import { callColumns, withLegs } from './store.ts';
import type { EventSource, StoredCall } from './store.ts';
import type { CallRow, CallTables } from './tables.ts';

const tables = (db: Database) => db.withTables<CallTables>();

/** Where changes of calls are told. */
export const callsChannel = 'calls';

/** A call as its phone system names it. */
export interface CallKey extends EventSource {
  sourceId: string;
}

export interface LockedCall extends StoredCall {
  readonly occurrence: number;
}

/**
 * Locks the newest call of each source id until the transaction ends; a call that was merged leads to the one it is part of. Answers in
 * the order of the keys, null where there is none. Whoever locks several does it in one go, in the order of their keys, so that
 * two never wait for each other.
 */
export async function lockCalls(
  db: Database,
  keys: readonly CallKey[],
): Promise<(LockedCall | null)[]> {
  const ordered = keys
    .map((key, place) => ({ key, place }))
    .toSorted((a, b) => compare(a.key, b.key));
  const { rows } = await db.executeQuery<CallRow & { n: number }>(
    CompiledQuery.raw(lockQuery, [
      ordered.map(({ key }) => key.organizationId),
      ordered.map(({ key }) => key.phoneSystemId),
      ordered.map(({ key }) => key.sourceId),
      ordered.map(({ place }) => place),
    ]),
  );
  const found: { n: number; row: CallRow | undefined }[] = [];
  for (const { n, ...row } of rows) found.push({ n, row: await lockWhole(db, row) });
  // The legs are read after the locks are held: one statement would read them as they were before it waited.
  const whole = found.flatMap(({ row }) => row ?? []);
  const calls = new Map((await withLegs(db, whole)).map((call) => [call.id, call]));
  const answers = keys.map((): LockedCall | null => null);
  for (const { n, row } of found) {
    const call = row && calls.get(row.id);
    if (call) answers[n] = { ...call, occurrence: row.occurrence };
  }
  return answers;
}

// Not `for update`: that would keep out whoever writes a row that refers to the call.
const lockQuery = `/* prepared lock-calls */
  select wanted.n, newest.*
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[]) as wanted (organization_id, phone_system_id, source_id, n)
  cross join lateral (
    select ${callColumns} from call
    where organization_id = wanted.organization_id and phone_system_id = wanted.phone_system_id
      and source_id = wanted.source_id and occurrence > 0
    order by occurrence desc
    limit 1
    for no key update
  ) newest`;

function compare(a: CallKey, b: CallKey): number {
  const [first, second] = [a, b].map(
    (key) => `${key.organizationId} ${key.phoneSystemId} ${key.sourceId}`,
  );
  return first! < second! ? -1 : first! > second! ? 1 : 0;
}

async function lockWhole(db: Database, row: CallRow): Promise<CallRow | undefined> {
  if (row.merged_into === null) return row;
  const next = await tables(db)
    .selectFrom('call')
    .selectAll()
    .where('organization_id', '=', row.organization_id)
    .where('id', '=', row.merged_into)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return next && lockWhole(db, next);
}

/** A call with something new, ready to be written. */
export interface CallWrite extends EventSource {
  callId: string;
  /** What the row is, or was when it was read; null for a new call. */
  before: StoredCall | null;
  occurrence: number;
  call: Call;
  /** For the journal. */
  events: readonly CallEvent[];
}

/**
 * Writes calls, what is new of their legs, the journal, and the hints that all of it happened, in one statement. Answers how many were
 * written: a call is left out when its row has another revision than `before`, and a new one when there is a row with its source
 * id and occurrence, or a later one.
 */
export async function saveCalls(
  db: Database,
  writes: readonly CallWrite[],
  { now, node }: { now: Date; node: string },
): Promise<number> {
  if (writes.length === 0) return 0;
  const known = writes.filter(({ before }) => before !== null);
  const fresh = writes.filter(({ before }) => before === null);
  const { rows } = await db.executeQuery<{ id: string }>(
    CompiledQuery.raw(saveQuery, [
      JSON.stringify(fresh.map(rowOf)),
      JSON.stringify(known.map(rowOf)),
      JSON.stringify(writes.flatMap(legRows)),
      JSON.stringify(writes.flatMap(eventRows)),
      now,
      node,
      JSON.stringify(writes.map(hintRow)),
    ]),
  );
  return rows.length;
}

const shape = `direction text, from_number text, to_number text, queue text, transfers jsonb, held boolean, recording text,
  exclusive boolean, started_at timestamptz, answered_at timestamptz, ended_at timestamptz, cause text, result text, answered_by text, test_id uuid`;
const columns = shape.replaceAll(/ (text|jsonb|boolean|timestamptz|uuid)\b/g, '');
const assignments = columns
  .split(',')
  .map((name) => `${name.trim()} = excluded.${name.trim()}`)
  .join(', ');
const rows = (parameter: string): string => `jsonb_to_recordset(${parameter}::jsonb) as row (
      organization_id uuid, id uuid, phone_system_id uuid, source_id text, occurrence int, revision int, ${shape})`;

// $1 new calls, $2 known ones, $3 legs, $4 journal, $5 now, $6 the node, $7 hints. What a new call brings along waits for its row to be there.
// The plan is made once, perhaps while the tables are empty, and must do for millions of calls: a join that updates known calls
// went through all calls for each of them (41 ms at 3,360 calls). A conflict with the key and a subquery for each row leave no choice.
const saveQuery = `/* prepared save-calls */
  with added as (
    insert into call (organization_id, id, phone_system_id, source_id, occurrence, last_event_at, ${columns})
    select organization_id, id, phone_system_id, source_id, occurrence, $5::timestamptz, ${columns}
    from ${rows('$1')}
    where (
      select true from call later
      where later.organization_id = row.organization_id and later.phone_system_id = row.phone_system_id
        and later.source_id = row.source_id and later.occurrence > 0 and later.occurrence >= row.occurrence
      limit 1
    ) is null
    on conflict (organization_id, phone_system_id, source_id, occurrence) where occurrence > 0 do nothing
    returning organization_id, id
  ), changed as (
    insert into call (organization_id, id, phone_system_id, source_id, occurrence, revision, last_event_at, ${columns})
    select organization_id, id, phone_system_id, source_id, occurrence, revision, $5::timestamptz, ${columns}
    from ${rows('$2')}
    where (
      select known.revision from call known
      where known.organization_id = row.organization_id and known.id = row.id
    ) = row.revision
    on conflict (organization_id, id) do update set
      ${assignments}, last_event_at = excluded.last_event_at, revision = call.revision + 1
    where call.revision = excluded.revision
    returning organization_id, id
  ), saved as (
    select organization_id, id from added union all select organization_id, id from changed
  ), legs as (
    insert into leg (organization_id, call_id, id, position, extension, ringing_at, answered_at, ended_at, cause, on_hold, first_event_at)
    select organization_id, call_id, id, position, extension, ringing_at, answered_at, ended_at, cause, on_hold, $5::timestamptz
    from jsonb_to_recordset($3::jsonb) as row (
      organization_id uuid, call_id uuid, id text, position int, extension text, ringing_at timestamptz,
      answered_at timestamptz, ended_at timestamptz, cause text, on_hold boolean)
    where call_id in (select id from saved)
    on conflict (organization_id, call_id, id) do update set
      extension = excluded.extension, ringing_at = excluded.ringing_at, answered_at = excluded.answered_at,
      ended_at = excluded.ended_at, cause = excluded.cause, on_hold = excluded.on_hold
  ), journal as (
    insert into call_event (organization_id, call_id, id, received_at, event)
    select organization_id, call_id, id, $5::timestamptz, event
    from jsonb_to_recordset($4::jsonb) as row (organization_id uuid, call_id uuid, id uuid, event jsonb)
    where call_id in (select id from saved)
  ), told as (${noticesFrom(
    '$6::uuid',
    `(
    select organization_id, gen_random_uuid() as notice_id, '${callsChannel}' as channel, payload
    from jsonb_to_recordset($7::jsonb) as row (organization_id uuid, id uuid, payload jsonb)
    where id in (select id from saved)) hint`,
  )})
  select id from saved`;

function rowOf({ organizationId, phoneSystemId, callId, occurrence, before, call }: CallWrite) {
  return {
    organization_id: organizationId,
    id: callId,
    phone_system_id: phoneSystemId,
    source_id: call.sourceId,
    occurrence,
    revision: before?.revision,
    direction: call.direction,
    from_number: call.from,
    to_number: call.to,
    queue: call.queue,
    transfers: call.transfers,
    held: call.held,
    recording: call.recording,
    exclusive: call.exclusive,
    started_at: call.startedAt,
    answered_at: call.answeredAt,
    ended_at: call.endedAt,
    cause: call.cause,
    result: call.result,
    answered_by: call.answeredBy,
    test_id: call.testId,
  };
}

function legRows({ organizationId, callId, before, call }: CallWrite) {
  return call.legs.flatMap((leg, position) => {
    if (isDeepStrictEqual(leg, before?.legs[position])) return [];
    return {
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
    };
  });
}

/** A test call concerns whoever ordered it, on whatever node their browser is: every node reads it. */
function hintRow({ organizationId, callId, before, call }: CallWrite) {
  const legs = [...call.legs, ...(before?.legs ?? [])];
  const extensions = [...new Set(legs.flatMap(({ extension }) => extension ?? []))];
  const concerned = call.testId === null ? { extensions } : {};
  return {
    organization_id: organizationId,
    id: callId,
    payload: { organizationId, callId, ...concerned },
  };
}

function eventRows({ organizationId, callId, events }: CallWrite) {
  return events.map((event) => ({
    organization_id: organizationId,
    call_id: callId,
    id: newId(),
    event,
  }));
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
      revision: e('revision', '+', 1),
    }))
    .where('organization_id', '=', organizationId)
    .where('id', '=', callId)
    .execute();
}

/** The source ids of a phone system's open calls. It knows nothing of tests of the Systems Check, so they are none of them. */
export async function openSourceIds(db: Database, source: EventSource): Promise<string[]> {
  const rows = await tables(db)
    .selectFrom('call')
    .select('source_id')
    .where('organization_id', '=', source.organizationId)
    .where('phone_system_id', '=', source.phoneSystemId)
    .where('ended_at', 'is', null)
    .where('merged_into', 'is', null)
    .where('test_id', 'is', null)
    .execute();
  return rows.map((row) => row.source_id);
}

/** Open calls of all organizations that nothing was heard of for long, tests left aside: ringing ones sooner, answered ones later. */
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
    .where('test_id', 'is', null)
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
