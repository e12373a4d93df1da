import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { newId } from '../platform/id.ts';
import { notify } from '../platform/notifier.ts';
import { missedChannel } from './channel.ts';

/** Any fixed number; the second half of the lock's key is a hash of the organization. */
const lockClass = 7_246_011;

/** Lets one transaction at a time keep an organization's missed calls: a call that is answered meanwhile is not overlooked. */
export async function lockMissedCalls(trx: Database, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockClass}::int, hashtext(${organizationId}))`.execute(
    trx,
  );
}

/** Tells every Desk of the organization, with the transaction. */
export function tellMissedCalls(trx: Database, organizationId: string): Promise<void> {
  return notify(trx, missedChannel, { organizationId });
}

/** The entry that a call is part of; null when it is in none. */
export async function entryOfCall(
  trx: Database,
  organizationId: string,
  callId: string,
): Promise<{ id: string; callerKey: string; kind: 'missed' | 'tried' } | null> {
  const { rows } = await sql<{ id: string; callerKey: string; kind: 'missed' | 'tried' }>`
    select m.id, m.caller_key as "callerKey", part.kind from missed_call_part part
    join missed_call m on m.organization_id = part.organization_id and m.id = part.missed_call_id
    where part.organization_id = ${organizationId} and part.call_id = ${callId}`.execute(trx);
  return rows[0] ?? null;
}

/** The open entry of a caller; null without one. */
export async function openEntryOf(
  trx: Database,
  organizationId: string,
  callerKey: string,
): Promise<{ id: string; firstAt: Date } | null> {
  const { rows } = await sql<{ id: string; firstAt: Date }>`
    select id, first_at as "firstAt" from missed_call
    where organization_id = ${organizationId} and caller_key = ${callerKey} and closed_at is null`.execute(
    trx,
  );
  return rows[0] ?? null;
}

/** Opens an entry for a missed call. */
export async function insertEntry(
  trx: Database,
  organizationId: string,
  { callerKey, callId, at }: { callerKey: string; callId: string; at: Date },
): Promise<string> {
  const id = newId();
  await sql`
    insert into missed_call (organization_id, id, caller_key, first_at, last_at, times, last_call_id)
    values (${organizationId}, ${id}, ${callerKey}, ${at}, ${at}, 1, ${callId})`.execute(trx);
  return id;
}

export interface MissedPart {
  callId: string;
  kind: 'missed' | 'tried';
  at: Date;
  queue: string | null;
}

/** Makes a call part of an entry, or says anew what is known of it. */
export async function savePart(
  trx: Database,
  organizationId: string,
  entryId: string,
  { callId, kind, at, queue }: MissedPart,
): Promise<void> {
  await sql`
    insert into missed_call_part (organization_id, call_id, missed_call_id, kind, at, queue)
    values (${organizationId}, ${callId}, ${entryId}, ${kind}, ${at}, ${queue})
    on conflict (organization_id, call_id) do update set at = excluded.at, queue = excluded.queue`.execute(
    trx,
  );
  await recountEntries(trx, organizationId, [entryId]);
}

/** A more urgent call raises its entry; the first says where it begins, also below the others. */
export async function raiseEntry(
  trx: Database,
  organizationId: string,
  id: string,
  { priority, reason }: { priority: number; reason: string },
): Promise<void> {
  await sql`
    update missed_call set priority = ${priority}, priority_reason = ${reason}
    where organization_id = ${organizationId} and id = ${id}
      and (priority > ${priority} or (priority_reason is null and times = 1))`.execute(trx);
}

/** Takes calls out of their entries; one that is left without a missed call goes. True when there were any. */
export async function removeParts(
  trx: Database,
  organizationId: string,
  callIds: readonly string[],
): Promise<boolean> {
  const { rows } = await sql<{ missed_call_id: string }>`
    delete from missed_call_part
    where organization_id = ${organizationId} and call_id = any(${[...callIds]}::uuid[])
    returning missed_call_id`.execute(trx);
  if (rows.length === 0) return false;
  const entries = [...new Set(rows.map((row) => row.missed_call_id))];
  await sql`
    delete from missed_call m
    where m.organization_id = ${organizationId} and m.id = any(${entries}::uuid[]) and not exists (
      select from missed_call_part part
      where part.organization_id = ${organizationId} and part.missed_call_id = m.id and part.kind = 'missed'
    )`.execute(trx);
  await recountEntries(trx, organizationId, entries);
  return true;
}

async function recountEntries(
  trx: Database,
  organizationId: string,
  entries: readonly string[],
): Promise<void> {
  await sql`
    update missed_call m set first_at = now.first_at, last_at = now.last_at, times = now.times, tries = now.tries,
      last_call_id = now.last_call_id
    from (
      select missed_call_id as id,
        min(at) filter (where kind = 'missed') as first_at, max(at) filter (where kind = 'missed') as last_at,
        count(*) filter (where kind = 'missed')::int as times, count(*) filter (where kind = 'tried')::int as tries,
        (array_agg(call_id order by at desc, call_id desc) filter (where kind = 'missed'))[1] as last_call_id
      from missed_call_part
      where organization_id = ${organizationId} and missed_call_id = any(${[...entries]}::uuid[])
      group by 1
    ) now
    where m.organization_id = ${organizationId} and m.id = now.id and now.times > 0`.execute(trx);
}

/** The open entries of some callers, with when each of them last called in vain. */
export async function openEntries(
  trx: Database,
  organizationId: string,
  callerKeys: readonly string[],
): Promise<{ id: string; callerKey: string; lastAt: Date }[]> {
  const { rows } = await sql<{ id: string; callerKey: string; lastAt: Date }>`
    select id, caller_key as "callerKey", last_at as "lastAt" from missed_call
    where organization_id = ${organizationId} and caller_key = any(${[...callerKeys]}::text[])
      and closed_at is null`.execute(trx);
  return rows;
}

export interface Closing {
  at: Date;
  reason: 'called-back' | 'got-through' | 'by-hand';
  personId: string | null;
}

/** False when it is closed already, or not there. */
export async function closeEntry(
  trx: Database,
  organizationId: string,
  id: string,
  { at, reason, personId }: Closing,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update missed_call set closed_at = ${at}, closed_for = ${reason}, closed_by = ${personId}
    where organization_id = ${organizationId} and id = ${id} and closed_at is null`.execute(trx);
  return numAffectedRows === 1n;
}

/** `newer`: the caller has an open entry of a later call by now. */
export async function reopenEntry(
  trx: Database,
  organizationId: string,
  id: string,
): Promise<'done' | 'newer'> {
  const { rows } = await sql<{ id: string }>`
    update missed_call m set closed_at = null, closed_for = null, closed_by = null
    where m.organization_id = ${organizationId} and m.id = ${id} and not exists (
      select from missed_call other
      where other.organization_id = ${organizationId} and other.caller_key = m.caller_key
        and other.closed_at is null and other.id <> m.id
    ) returning m.id`.execute(trx);
  return rows.length === 1 ? 'done' : 'newer';
}

/**
 * Calls in which somebody talked since then, and that may have been with this caller: those that are up, and those that ended with one
 * of the numbers or were not described yet. A few hundred of either at most.
 */
export async function talkedSince(
  trx: Database,
  organizationId: string,
  callerKeys: readonly string[],
  since: Date,
): Promise<{ id: string; direction: 'inbound' | 'outbound'; from: string; to: string }[]> {
  const { rows } = await sql<{
    id: string;
    direction: 'inbound' | 'outbound';
    from: string;
    to: string;
  }>`
    select id, direction, coalesce(from_number, '') as "from", coalesce(to_number, '') as "to" from (
      (select c.* from call c
        where c.organization_id = ${organizationId} and c.ended_at is null and c.merged_into is null
          and c.test_id is null and c.answered_at >= ${since}
        limit 500)
      union all
      (select c.* from call_record record
        join call c on c.organization_id = record.organization_id and c.id = record.call_id
        where record.organization_id = ${organizationId} and record.started_at >= ${since}
          and (record.e164 = any(${[...callerKeys]}::text[]) or record.e164 is null)
          and c.answered_at >= ${since} and c.merged_into is null
        order by record.started_at
        limit 500)
    ) talked
    where direction <> 'internal'`.execute(trx);
  return rows;
}
