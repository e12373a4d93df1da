import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';

/** Somebody says who calls were with. */
export interface Relink {
  candidateKey: string;
  personId: string;
  at: Date;
}

const callsLookedAt = 500;

/**
 * Earlier calls with one of these spellings at the other end, nobody of whom was ever chosen, were with this record too. Answers
 * which calls those are, at most the last 500.
 */
export async function relinkCalls(
  trx: Database,
  organizationId: string,
  spellings: readonly string[],
  { candidateKey, personId, at }: Relink,
): Promise<string[]> {
  const { rows } = await sql<{ call_id: string }>`
    insert into desk_choice (organization_id, call_id, candidate_key, person_id, chosen_at)
    select ${organizationId}, id, ${candidateKey}, ${personId}, ${at}
    from (
      (select id, started_at from call
        where organization_id = ${organizationId} and direction = 'inbound' and merged_into is null and test_id is null
          and from_number = any(${spellings}::text[]) order by started_at desc limit ${callsLookedAt})
      union all
      (select id, started_at from call
        where organization_id = ${organizationId} and direction = 'outbound' and merged_into is null and test_id is null
          and to_number = any(${spellings}::text[]) order by started_at desc limit ${callsLookedAt})
    ) earlier
    on conflict (organization_id, call_id) do update
    set candidate_key = excluded.candidate_key, person_id = excluded.person_id, chosen_at = excluded.chosen_at
    where desk_choice.candidate_key = 'unknown'
    returning call_id
  `.execute(trx);
  return rows.map(({ call_id }) => call_id);
}

/** Calls that were said to be with one record are with another; answers which. */
export async function renameChoices(
  trx: Database,
  organizationId: string,
  { from, to }: { from: string; to: string },
): Promise<string[]> {
  const { rows } = await sql<{ call_id: string }>`
    update desk_choice set candidate_key = ${to}
    where organization_id = ${organizationId} and candidate_key = ${from}
    returning call_id
  `.execute(trx);
  return rows.map(({ call_id }) => call_id);
}

/** Nobody is said to be the other party of calls that were with a record which will never be; answers which. */
export async function dropChoices(
  trx: Database,
  organizationId: string,
  key: string,
): Promise<string[]> {
  const { rows } = await sql<{ call_id: string }>`
    delete from desk_choice where organization_id = ${organizationId} and candidate_key = ${key}
    returning call_id
  `.execute(trx);
  return rows.map(({ call_id }) => call_id);
}
