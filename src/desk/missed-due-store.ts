import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';

/** Notes calls in the transaction that changed them, to be looked at after so many seconds. */
export async function noteDueCalls(
  trx: Database,
  organizationId: string,
  callIds: readonly string[],
  seconds: number,
): Promise<void> {
  await sql`
    insert into missed_call_due (organization_id, call_id, due_at)
    select ${organizationId}, call_id, clock_timestamp() + make_interval(secs => ${seconds})
    from unnest(${[...callIds]}::uuid[]) as told (call_id)`.execute(trx);
}

export interface DueCall {
  organizationId: string;
  callId: string;
}

/** Calls of all organizations whose time has come, the oldest first, a few hundred at most. */
export async function dueCalls(db: Database): Promise<DueCall[]> {
  const { rows } = await sql<DueCall>`
    select organization_id as "organizationId", call_id as "callId"
    from missed_call_due where due_at <= clock_timestamp()
    group by 1, 2 order by min(id) limit 500`.execute(db);
  return rows;
}

/** Which of these calls the transaction may look at: no other does, and what is noted from now on is noted anew. */
export async function takeDueCalls(
  trx: Database,
  organizationId: string,
  callIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ call_id: string }>`
    delete from missed_call_due where (organization_id, call_id, id) in (
      select organization_id, call_id, id from missed_call_due
      where organization_id = ${organizationId} and call_id = any(${[...callIds]}::uuid[])
      for update skip locked
    ) returning call_id`.execute(trx);
  return [...new Set(rows.map((row) => row.call_id))];
}

/** Looks at a call later that could not be looked at. */
export async function postponeDueCall(
  db: Database,
  organizationId: string,
  callId: string,
): Promise<void> {
  await sql`
    update missed_call_due set due_at = clock_timestamp() + interval '1 minute'
    where organization_id = ${organizationId} and call_id = ${callId}`.execute(db);
}
