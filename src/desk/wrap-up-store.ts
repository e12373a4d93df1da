import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { Plan } from '../organization/plan.ts';
import type { WorkTables } from './work-tables.ts';

const tables = (db: Database) => db.withTables<WorkTables>();

interface Owner {
  organizationId: string;
  callId: string;
  personId: string;
}

/** Minutes after which the hub looks after a wrap-up that has no time limit. */
const firstLook = 15;

/**
 * Begins the wrap-up of whoever has these extensions, when their part of the call ended. The organization's time limit counts for people
 * with one of `plans`. What was finished stays finished.
 */
export async function beginWrapUps(
  trx: Database,
  organizationId: string,
  callId: string,
  parts: readonly { extension: string; endedAt: Date }[],
  plans: readonly Plan[],
): Promise<void> {
  await sql`
    insert into call_wrap_up as known (organization_id, call_id, person_id, began_at, due_at, limited)
    select p.organization_id, ${callId}::uuid, p.id, part.ended_at,
      part.ended_at + coalesce(make_interval(secs => rule.seconds), make_interval(mins => ${firstLook})),
      rule.seconds is not null
    from unnest(${parts.map(({ extension }) => extension)}::text[], ${parts.map(({ endedAt }) => endedAt)}::timestamptz[])
      as part (extension, ended_at)
    join person p on p.organization_id = ${organizationId} and p.extension = part.extension and p.active
    left join lateral (
      select (h.settings -> 'wrapUp' ->> 'seconds')::int as seconds from call_handling h
      where h.organization_id = p.organization_id and p.plan = any(${[...plans]}::text[])
    ) rule on true
    on conflict (organization_id, call_id, person_id) do update set
      began_at = excluded.began_at, due_at = excluded.due_at, limited = excluded.limited
    where known.finished_at is null`.execute(trx);
}

/** They have the call again: the wrap-up is still ahead. */
export async function suspendWrapUps(
  trx: Database,
  organizationId: string,
  callId: string,
  extensions: readonly string[],
): Promise<void> {
  await sql`
    update call_wrap_up set began_at = null, due_at = null, limited = false
    from person p
    where call_wrap_up.organization_id = ${organizationId} and call_id = ${callId} and finished_at is null
      and p.organization_id = call_wrap_up.organization_id and p.id = person_id
      and p.extension = any(${[...extensions]}::text[])`.execute(trx);
}

/** Code and time of a person's wrap-up, begun or not; false when it is finished. */
export async function saveWrapUp(
  db: Database,
  owner: Owner,
  values: { codeId: string | null; codeLabel: string | null; secondsWorked: number | null },
): Promise<boolean> {
  const set = {
    code_id: values.codeId,
    code_label: values.codeLabel,
    seconds_worked: values.secondsWorked,
  };
  const { numInsertedOrUpdatedRows } = await tables(db)
    .insertInto('call_wrap_up')
    .values({
      organization_id: owner.organizationId,
      call_id: owner.callId,
      person_id: owner.personId,
      ...set,
      began_at: null,
      due_at: null,
      finished_at: null,
      finished_by: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'call_id', 'person_id'])
        .doUpdateSet(set)
        .where('call_wrap_up.finished_at', 'is', null),
    )
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** A wrap-up that was just finished. */
export interface ClosedWrapUp {
  beganAt: Date;
  codeLabel: string | null;
  secondsWorked: number | null;
}

/** Marks it as finished; null when it was already. `began` counts where nobody saw it begin. */
export async function closeWrapUp(
  trx: Database,
  owner: Owner,
  by: 'agent' | 'limit',
  began: Date,
  at: Date,
): Promise<ClosedWrapUp | null> {
  const { rows } = await sql<ClosedWrapUp>`
    insert into call_wrap_up as known (organization_id, call_id, person_id, began_at, finished_at, finished_by)
    values (${owner.organizationId}, ${owner.callId}, ${owner.personId}, ${began}, ${at}, ${by})
    on conflict (organization_id, call_id, person_id) do update set
      began_at = coalesce(known.began_at, excluded.began_at),
      finished_at = excluded.finished_at, finished_by = excluded.finished_by
    where known.finished_at is null
    returning began_at as "beganAt", code_label as "codeLabel", seconds_worked as "secondsWorked"`.execute(
    trx,
  );
  return rows[0] ?? null;
}

/**
 * Calls whose wrap-up by this person is open and keeps the pop on the Desk: a time limit runs, a code was chosen, a note is not sent yet, or
 * the organization has codes (`always`). The newest first, at most 50.
 */
export async function openWrapUps(
  db: Database,
  organizationId: string,
  personId: string,
  always: boolean,
): Promise<string[]> {
  const { rows } = await sql<{ call_id: string }>`/* prepared open-wrap-ups */
    select call_id from call_wrap_up w
    where organization_id = ${organizationId} and person_id = ${personId} and finished_at is null and began_at is not null
      and (${always}::boolean or limited or code_id is not null or exists (
        select from call_note n
        where n.organization_id = w.organization_id and n.call_id = w.call_id and n.person_id = w.person_id and n.text <> ''
      ))
    order by began_at desc
    limit 50`.execute(db);
  return rows.map((row) => row.call_id);
}

/** The wrap-ups that the hub is to look after by now, of all organizations, the longest overdue first. */
export async function dueWrapUps(db: Database, now: Date, limit: number): Promise<Owner[]> {
  const rows = await tables(db)
    .selectFrom('call_wrap_up')
    .select(['organization_id', 'call_id', 'person_id'])
    .where('finished_at', 'is', null)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    organizationId: row.organization_id,
    callId: row.call_id,
    personId: row.person_id,
  }));
}

/** Takes one of them on until the transaction ends; null when it is not due any more, or another node works on it. */
export async function takeWrapUp(
  trx: Database,
  owner: Owner,
  now: Date,
): Promise<{ limited: boolean } | null> {
  const row = await tables(trx)
    .selectFrom('call_wrap_up')
    .select('limited')
    .where('organization_id', '=', owner.organizationId)
    .where('call_id', '=', owner.callId)
    .where('person_id', '=', owner.personId)
    .where('finished_at', 'is', null)
    .where('due_at', '<=', now)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row ?? null;
}

/** The hub looks again then; null: not before the call ends once more. */
export async function postponeWrapUp(
  trx: Database,
  owner: Owner,
  until: Date | null,
): Promise<void> {
  await tables(trx)
    .updateTable('call_wrap_up')
    .set({ due_at: until })
    .where('organization_id', '=', owner.organizationId)
    .where('call_id', '=', owner.callId)
    .where('person_id', '=', owner.personId)
    .execute();
}

/** `from` turned out to be part of `into`: what was chosen goes along, unless it is known there already. */
export async function moveWrapUps(
  trx: Database,
  organizationId: string,
  from: string,
  into: string,
): Promise<void> {
  await sql`
    update call_wrap_up set call_id = ${into}
    where organization_id = ${organizationId} and call_id = ${from} and finished_at is null and not exists (
      select from call_wrap_up known
      where known.organization_id = ${organizationId} and known.call_id = ${into} and known.person_id = call_wrap_up.person_id
    )`.execute(trx);
}
