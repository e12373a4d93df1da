import { sql } from 'kysely';
import type { CallResult } from '../calls/outcome.ts';
import type { Database } from '../platform/database/database.ts';
import type { Direction } from '../telephony/port.ts';
import { summaryColumns } from './call-summary-store.ts';
import type { SummaryRow } from './call-summary-store.ts';

/** With whom calls are looked for: the number as it is compared, the record, or both. */
export interface EarlierOf {
  e164: string | null;
  candidateKey: string | null;
}

/** A call's place among others. */
export interface EarlierPlace {
  startedAt: Date;
  callId: string;
}

export interface EarlierRow extends SummaryRow {
  call_id: string;
  started_at: Date;
  direction: Direction;
  result: CallResult;
  queue: string | null;
  name: string;
  candidate_key: string | null;
  answered_at: Date | null;
  ended_at: Date | null;
  extension: string | null;
  agent: string | null;
}

/** Before which call, with whom. */
export interface EarlierQuestion extends EarlierOf {
  before: EarlierPlace;
}

/**
 * The last calls with a number or a record before `before`, the newest first, for each question. Every pop asks this: each of the two is read from its own
 * index in the list's order and stops after `limit`, and only what is then left is looked at closer.
 */
export async function earlierRows(
  db: Database,
  organizationId: string,
  questions: readonly EarlierQuestion[],
  { limit, noteLength }: { limit: number; noteLength: number },
): Promise<EarlierRow[][]> {
  const source = (column: 'e164' | 'candidate_key') => sql`(
    select call_id, started_at from call_record
    where organization_id = ${organizationId} and ${sql.ref(column)} = ${sql.ref(`wanted.${column}`)}
      and (started_at, call_id) < (wanted.started_at, wanted.call_id)
    order by started_at desc, call_id desc limit ${limit})`;
  const column = <T>(of: (question: EarlierQuestion) => T) => questions.map(of);
  const { rows } = await sql<EarlierRow & { n: number }>`/* prepared earlier-calls */
    select wanted.n::int, earlier.*
    from unnest(
      ${column(({ e164 }) => e164)}::text[], ${column(({ candidateKey }) => candidateKey)}::text[],
      ${column(({ before }) => before.startedAt)}::timestamptz[], ${column(({ before }) => before.callId)}::uuid[]
    ) with ordinality as wanted (e164, candidate_key, started_at, call_id, n)
    cross join lateral (
      with found as materialized (
        select call_id, started_at from (${source('e164')} union ${source('candidate_key')}) either
        order by started_at desc, call_id desc limit ${limit}
      ), shown as materialized (
        select found.call_id, found.started_at, record.direction, record.result, record.queue, record.name, record.candidate_key,
          call.answered_at, call.ended_at,
          case when record.direction = 'outbound' then coalesce(call.answered_by, call.from_number) else call.answered_by end as extension
        from found
        join call_record record on record.organization_id = ${organizationId} and record.call_id = found.call_id
        join call on call.organization_id = ${organizationId} and call.id = found.call_id
      )
      select shown.*,
        (select p.name from call_phone phone
          join person p on p.organization_id = phone.organization_id and p.id = phone.person_id
          where phone.organization_id = ${organizationId} and phone.call_id = shown.call_id
            and phone.extension = shown.extension) as agent,
        ${summaryColumns(organizationId, sql.ref('shown.call_id'), noteLength)}
      from shown
      order by shown.started_at desc, shown.call_id desc
    ) earlier`.execute(db);
  const answers = questions.map((): EarlierRow[] => []);
  for (const { n, ...row } of rows) answers[n - 1]!.push(row);
  return answers;
}
