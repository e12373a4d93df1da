import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Database } from '../platform/database/database.ts';

/** Calls of an organization that began before a moment. */
export interface Aged {
  organizationId: string;
  before: Date;
}

/**
 * The ids of calls are in the order in which they were first heard of (platform/id.ts): the key finds the old ones without an index
 * on the time. Smaller than every id of that moment and later.
 */
function firstIdAt(moment: Date): string {
  const hex = Math.max(0, moment.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** `id` is a call's that is old enough, and over. A part of another call goes with that one. */
const aged = ({ organizationId, before }: Aged): RawBuilder<boolean> => sql`
  call.organization_id = ${organizationId} and call.id < ${firstIdAt(before)}::uuid
    and call.started_at < ${before} and call.ended_at < ${before} and call.merged_into is null`;

/** A write about it is still to reach the CRM. */
const awaitsCrm = sql<boolean>`(
  exists (select from outbox_write as w where w.organization_id = call.organization_id and w.call_id = call.id
    and w.state in ('waiting', 'sending', 'attention'))
  or exists (select from call_log_due as due where due.organization_id = call.organization_id and due.call_id = call.id)
  or exists (select from call_case as c join outbox_write as w on w.organization_id = c.organization_id and w.id = c.write_id
    where c.organization_id = call.organization_id and c.call_id = call.id and w.state in ('waiting', 'sending', 'attention')))`;

/** Somebody's work with it is not over; without a time at which the hub looks after it nobody has it any more. */
const openWork = sql<boolean>`exists (
  select from call_wrap_up as wrap where wrap.organization_id = call.organization_id and wrap.call_id = call.id
    and wrap.finished_at is null and wrap.due_at is not null)`;

/** Of `call`, for whoever wants to delete it at once. */
export const busyCall = sql<boolean>`(${awaitsCrm} or ${openWork})`;

/** It is still to be looked at as a missed one, or somebody still is to call back. */
const openMiss = sql<boolean>`(
  exists (select from missed_call_due as due where due.organization_id = call.organization_id and due.call_id = call.id)
  or exists (select from missed_call_part as part
    join missed_call as missed on missed.organization_id = part.organization_id and missed.id = part.missed_call_id
    where part.organization_id = call.organization_id and part.call_id = call.id and missed.closed_at is null))`;

const open = sql<boolean>`(${awaitsCrm} or ${openWork} or ${openMiss})`;

/** Deletes at most `limit` old calls of which nothing is open, the oldest first, with all that hangs on them; answers how many. */
export function deleteCalls(trx: Database, which: Aged, limit: number): Promise<number> {
  const { organizationId } = which;
  return counted(
    trx,
    sql`
    with old as (
      select call.id from call where ${aged(which)} and not ${open}
      order by call.id limit ${limit} for update of call skip locked
    ), gone as (
      -- What was dropped, or delivered: nothing that waits (see above). Nobody who is open needs a record that it made.
      delete from outbox_write as w using old
      where w.organization_id = ${organizationId} and w.call_id = old.id and w.state in ('delivered', 'dropped')
        and not exists (select from outbox_write as later
          where later.organization_id = w.organization_id and later.connection_id = w.connection_id and later.lane = w.lane
            and later.state in ('waiting', 'sending', 'attention') and w.id = any (later.depends_on))
    )
    delete from call using old where call.organization_id = ${organizationId} and call.id = old.id`,
  );
}

/** Deletes the notes of at most `limit` old calls, and the writes that carried them; answers of how many calls. */
export async function deleteNotes(trx: Database, which: Aged, limit: number): Promise<number> {
  const { organizationId } = which;
  const { rows } = await sql<{ id: string }>`
    select call.id from call where ${aged(which)} and ${noted} and not ${awaitsCrm} and not ${openWork}
    order by call.id limit ${limit} for update of call skip locked`.execute(trx);
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  const own = sql`organization_id = ${organizationId} and call_id = any (${ids}::uuid[])`;
  await sql`delete from call_note where ${own}`.execute(trx);
  await sql`delete from call_note_part where ${own}`.execute(trx);
  await sql`delete from outbox_write where ${own} and kind = 'add-note' and state in ('delivered', 'dropped')`.execute(
    trx,
  );
  // What was written of the call to the CRM holds the notes too; what stays here tells only that it was.
  await sql`update call_log set facts = facts || '{"notes": ""}' where ${own}`.execute(trx);
  return ids.length;
}

const noted = sql<boolean>`(
  exists (select from call_note as n where n.organization_id = call.organization_id and n.call_id = call.id)
  or exists (select from call_note_part as n where n.organization_id = call.organization_id and n.call_id = call.id))`;

const journaled = sql<boolean>`exists (
  select from call_event as e where e.organization_id = call.organization_id and e.call_id = call.id)`;

/** Deletes the journal of at most `limit` old calls, of their parts too; answers of how many calls. */
export async function deleteJournals(trx: Database, which: Aged, limit: number): Promise<number> {
  const { organizationId, before } = which;
  const { rows } = await sql<{ id: string }>`
    select call.id from call
    where call.organization_id = ${organizationId} and call.id < ${firstIdAt(before)}::uuid
      and call.started_at < ${before} and call.ended_at < ${before} and ${journaled}
    order by call.id limit ${limit} for update of call skip locked`.execute(trx);
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0)
    await sql`delete from call_event where organization_id = ${organizationId} and call_id = any (${ids}::uuid[])`.execute(
      trx,
    );
  return ids.length;
}

/** Deletes at most `limit` settled orders to place a call that are so old; answers how many. */
export function deleteOrders(
  trx: Database,
  { organizationId, before }: Aged,
  limit: number,
): Promise<number> {
  return counted(
    trx,
    sql`
    delete from phone_order where organization_id = ${organizationId} and id = any(array(
      select id from phone_order where organization_id = ${organizationId} and created_at < ${before}
        and state in ('lifted', 'failed') limit ${limit}))`,
  );
}

async function counted(trx: Database, query: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await query.execute(trx);
  return Number(numAffectedRows ?? 0n);
}

/** How many calls are older than `before` and may go, and how many must stay for now. */
export async function countCalls(
  db: Database,
  which: Aged,
): Promise<{ free: number; held: number }> {
  const { rows } = await sql<{ free: number; held: number }>`
    select count(*) filter (where not ${open})::int as free, count(*) filter (where ${open})::int as held
    from call where ${aged(which)}`.execute(db);
  return rows[0]!;
}

/** How many calls between `after` and `before` would lose their notes; `after` null: from the first on. */
export function countNoted(db: Database, which: Aged, after: Date | null): Promise<number> {
  return count(db, which, after, sql`${noted} and not ${awaitsCrm} and not ${openWork}`);
}

export function countJournaled(db: Database, which: Aged, after: Date | null): Promise<number> {
  return count(db, which, after, journaled);
}

async function count(
  db: Database,
  which: Aged,
  after: Date | null,
  also: RawBuilder<unknown>,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from call where ${aged(which)} and ${also}
      and (call.ended_at >= ${after ?? '-infinity'}::timestamptz or ${open})`.execute(db);
  return rows[0]!.n;
}
