import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';

/** So many of a person's last calls count. */
const callsLookedAt = 200;

/**
 * Whether one of a person's own last calls, also one that is up, was with the party of this call, which is over: the same number, or
 * the same record.
 */
export async function hadSameCaller(
  db: Database,
  organizationId: string,
  personId: string,
  callId: string,
): Promise<boolean> {
  const { rows } = await sql<{ same: boolean }>`
    select exists (
      select from (
        select call_id from call_phone
        where organization_id = ${organizationId} and person_id = ${personId}
        order by started_at desc, call_id desc limit ${callsLookedAt}
      ) own
      join call_record asked on asked.organization_id = ${organizationId} and asked.call_id = ${callId}
      left join call_record record on record.organization_id = ${organizationId} and record.call_id = own.call_id
      left join call_match found on found.organization_id = ${organizationId} and found.call_id = own.call_id
      left join desk_choice choice on choice.organization_id = ${organizationId} and choice.call_id = own.call_id
      where asked.e164 in (record.e164, found.e164)
        or asked.candidate_key in (record.candidate_key, choice.candidate_key)
        or (found.status = 'one' and asked.candidate_key = found.candidates -> 0 ->> 'key')
    ) as same`.execute(db);
  return rows[0]?.same ?? false;
}
