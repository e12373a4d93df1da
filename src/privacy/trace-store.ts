import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { KeptRecord, TraceCounts } from './trace-contract.ts';
import { busyCall } from './retention-store.ts';

/** Whose traces are meant: the number as it is compared (directory/renumbering.ts), or a record's key. */
export type Subject = { e164: string; key: null } | { e164: null; key: string };

/** All SQL here is of one organization. */
export interface Traces {
  organizationId: string;
  subject: Subject;
  callIds: string[];
}

/**
 * Their calls, parts of other calls too, at most `limit`. Of a number: those whose other party had it; of a record: those whose caller it
 * was found or said to be. `lock` holds them until the transaction ends.
 */
export async function callsOf(
  db: Database,
  organizationId: string,
  { e164, key }: Subject,
  { limit, lock = false }: { limit: number; lock?: boolean },
): Promise<string[]> {
  const own = sql`organization_id = ${organizationId}`;
  const found =
    key === null
      ? sql`select call_id from call_record where ${own} and e164 = ${e164}
          union select call_id from call_match where ${own} and e164 = ${e164}`
      : sql`select call_id from call_record where ${own} and candidate_key = ${key}
          union select call_id from desk_choice where ${own} and candidate_key = ${key}
          union select call_id from call_match where ${own} and candidate_count = 1 and candidates -> 0 ->> 'key' = ${key}`;
  const { rows } = await sql<{ id: string }>`
    select call.id from call where ${own} and (id in (${found}) or merged_into in (${found}))
    order by call.id limit ${limit} ${lock ? sql`for update of call` : sql``}`.execute(db);
  return rows.map(({ id }) => id);
}

/** How many of the calls go on, are worked on, or have writes that wait for the CRM; and how many other writes about them wait. */
export async function countBusy(db: Database, traces: Traces): Promise<number> {
  const { organizationId, callIds } = traces;
  const [, writes] = places(traces).writes;
  const { rows } = await sql<{ n: number }>`
    select (select count(*) from call
        where organization_id = ${organizationId} and id = any (${callIds}::uuid[]) and (ended_at is null or ${busyCall}))::int
      + (select count(*) from outbox_write where ${writes} and state in ('waiting', 'sending', 'attention')
        and (call_id is null or call_id <> all (${callIds}::uuid[])))::int as n`.execute(db);
  return rows[0]!.n;
}

/** Where the rows of a subject are, by what they tell of. */
function places({ organizationId, subject: { e164, key }, callIds }: Traces) {
  const own = sql`organization_id = ${organizationId}`;
  const ofCalls = sql`${own} and call_id = any (${callIds}::uuid[])`;
  const recordId = key?.split(':').slice(2).join(':') ?? null;
  return {
    calls: [sql`call`, sql`${own} and id = any (${callIds}::uuid[])`],
    phones: [sql`leg`, ofCalls],
    events: [sql`call_event`, ofCalls],
    reached: [sql`call_phone`, ofCalls],
    found: [sql`call_match`, ofCalls],
    history: [sql`call_record`, ofCalls],
    chosen: [sql`desk_choice`, ofCalls],
    cases: [sql`call_case`, ofCalls],
    notes: [sql`call_note`, sql`${ofCalls} and text <> ''`],
    sentNotes: [sql`call_note_part`, ofCalls],
    wrapUps: [sql`call_wrap_up`, ofCalls],
    logs: [sql`call_log`, ofCalls],
    missedCalls: [
      sql`missed_call`,
      sql`${own} and (caller_key = ${e164} or last_call_id = any (${callIds}::uuid[]))`,
    ],
    missedParts: [sql`missed_call_part`, ofCalls],
    remembered: [sql`caller_memory`, sql`${own} and (e164 = ${e164} or candidate_key = ${key})`],
    writes: [
      sql`outbox_write`,
      sql`${own} and (call_id = any (${callIds}::uuid[]) or action -> 'contact' ->> 'id' = ${recordId}
        or (kind in ('create-contact', 'update-contact') and record_id = ${recordId}))`,
    ],
    orders: [sql`phone_order`, sql`${own} and number = ${e164}`],
    deliveries: [
      sql`webhook_delivery`,
      sql`${own} and (strpos(body, ${e164}) > 0 or exists (
        select from regexp_matches(body, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') as found
        where found[1] = any (${callIds}::text[])))`,
    ],
  } satisfies Record<string, [RawBuilder<unknown>, RawBuilder<unknown>]>;
}

export async function countTraces(db: Database, traces: Traces): Promise<TraceCounts> {
  const at = places(traces);
  const count = ([table, where]: readonly RawBuilder<unknown>[]) =>
    sql`(select count(*)::int from ${table} where ${where})`;
  const { rows } = await sql<TraceCounts>`select
    ${count(at.calls)} as calls,
    ${count(at.notes)} + ${count(at.sentNotes)} as notes,
    ${count(at.missedCalls)} as "missedCalls",
    ${count(at.writes)} as writes,
    ${count(at.chosen)} + ${count(at.remembered)} as choices,
    ${count(at.deliveries)} as deliveries`.execute(db);
  return rows[0]!;
}

/** Every row, without the organization's id. */
export async function rowsOf(
  db: Database,
  traces: Traces,
): Promise<Record<string, Record<string, unknown>[]>> {
  const all: Record<string, Record<string, unknown>[]> = {};
  for (const [name, [table, where]] of Object.entries(places(traces))) {
    const { rows } = await sql<{ row: Record<string, unknown> }>`
      select to_jsonb(stored) - 'organization_id' as row from ${table} as stored where ${where}`.execute(
      db,
    );
    all[name] = rows.map(({ row }) => row);
  }
  return all;
}

/** Records of the CRM that tell of their calls, each once: not every write tells the number that a case has. */
export async function keptRecords(db: Database, traces: Traces): Promise<KeptRecord[]> {
  const [, writes] = places(traces).writes;
  const { organizationId, callIds } = traces;
  const { rows } = await sql<KeptRecord>`
    select connection_id as "connectionId", type, id, max(number) as number from (
      select connection_id, record_type as type, record_id as id, coalesce(record_number, '') as number
      from outbox_write where ${writes} and record_id is not null and record_type is not null
      union all
      select connection_id, 'case', case_id, number from call_case
      where organization_id = ${organizationId} and call_id = any (${callIds}::uuid[]) and case_id is not null
    ) as kept
    group by connection_id, type, id order by type, number, id limit 1000`.execute(db);
  return rows;
}

/** Deletes all of it but what waits for the CRM; what hangs on the calls goes along. */
export async function eraseTraces(trx: Database, traces: Traces): Promise<void> {
  const { organizationId, subject } = traces;
  const { e164, key } = subject;
  const at = places(traces);
  // A record that a write of somebody else's call waits for is remembered as long as that waits.
  await sql`delete from outbox_write as w where ${at.writes[1]} and state in ('delivered', 'dropped') and not exists (
    select from outbox_write as later where later.organization_id = w.organization_id and later.connection_id = w.connection_id
      and later.lane = w.lane and later.state in ('waiting', 'sending', 'attention') and w.id = any (later.depends_on))`.execute(
    trx,
  );
  for (const [table, where] of [at.deliveries, at.orders, at.remembered, at.missedCalls, at.calls])
    await sql`delete from ${table} where ${where}`.execute(trx);
  if (e164 !== null)
    await sql`delete from number_miss where organization_id = ${organizationId} and e164 = ${e164}`.execute(
      trx,
    );
  if (key !== null)
    // Where they were one of several who might have called.
    await sql`
      update call_match set
        candidates = (select coalesce(jsonb_agg(one), '[]') from jsonb_array_elements(candidates) as one
          where one ->> 'key' <> ${key})
      where organization_id = ${organizationId}
        and candidates @> jsonb_build_array(jsonb_build_object('key', ${key}::text))`.execute(trx);
}

/** The name that a record goes by here: in the mirror, else in the history; null: nobody knows it. */
export async function nameOfKey(
  db: Database,
  organizationId: string,
  key: string,
): Promise<string | null> {
  const { rows } = await sql<{ name: string }>`
    select name from call_record where organization_id = ${organizationId} and candidate_key = ${key} and name <> ''
    order by started_at desc limit 1`.execute(db);
  return rows[0]?.name ?? null;
}
