import { sql } from 'kysely';
import type { CallLog, LoggedCall } from '../crm/write.ts';
import type { Database } from '../platform/database/database.ts';
import type { OutboxTables, WriteRow } from './outbox-tables.ts';

const tables = (db: Database) => db.withTables<OutboxTables>();

/** Calls that ended or changed since, and that nobody looked at yet; the oldest first, a hundred at most. */
export async function callsToLookAt(
  db: Database,
): Promise<{ organizationId: string; callId: string }[]> {
  const { rows } = await sql<{ organizationId: string; callId: string }>`
    select organization_id as "organizationId", call_id as "callId"
    from call_log_due group by organization_id, call_id order by min(id) limit 100`.execute(db);
  return rows;
}

/** True for the one who looks at the call, with everything that was noted so far; what comes later is noted anew. */
export async function takeCallToLookAt(
  trx: Database,
  organizationId: string,
  callId: string,
): Promise<boolean> {
  const { rows } = await sql`
    delete from call_log_due where (organization_id, call_id, id) in (
      select organization_id, call_id, id from call_log_due
      where organization_id = ${organizationId} and call_id = ${callId} for update skip locked
    ) returning id`.execute(trx);
  return rows.length > 0;
}

/** Has a call that is over looked at again, inside the transaction that knows more about it: a note, a wrap-up, a tagged case. */
export async function lookAtCallAgain(
  trx: Database,
  organizationId: string,
  callId: string | null,
): Promise<void> {
  if (callId === null) return;
  await sql`
    insert into call_log_due (organization_id, call_id)
    select organization_id, coalesce(merged_into, id) from call
    where organization_id = ${organizationId} and id = ${callId} and ended_at is not null`.execute(
    trx,
  );
}

/** What was written down of a call. */
export interface StoredCallLog {
  connectionId: string;
  facts: CallLog;
  logged: LoggedCall;
}

/**
 * What was written down of a call. Where that is nothing yet, a record of a part of it that was merged since becomes its
 * own: one conversation is one record.
 */
export async function callLogOf(
  trx: Database,
  organizationId: string,
  callId: string,
): Promise<StoredCallLog | null> {
  return (
    (await storedLog(trx, organizationId, callId)) ??
    ((await takeOverLog(trx, organizationId, callId))
      ? await storedLog(trx, organizationId, callId)
      : null)
  );
}

async function storedLog(
  db: Database,
  organizationId: string,
  callId: string,
): Promise<StoredCallLog | null> {
  const row = await tables(db)
    .selectFrom('call_log')
    .select(['connection_id as connectionId', 'facts', 'logged'])
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', callId)
    .executeTakeFirst();
  return row ?? null;
}

async function takeOverLog(
  trx: Database,
  organizationId: string,
  callId: string,
): Promise<boolean> {
  const { rows } = await sql`
    update call_log set call_id = ${callId}
    where organization_id = ${organizationId} and call_id = (
      select log.call_id from call_log as log
      join call as part on part.organization_id = log.organization_id and part.id = log.call_id
      where part.organization_id = ${organizationId} and part.merged_into = ${callId}
      order by log.logged_at limit 1
    ) returning call_id`.execute(trx);
  return rows.length > 0;
}

export async function saveCallLog(
  db: Database,
  organizationId: string,
  callId: string,
  log: StoredCallLog,
): Promise<void> {
  const values = {
    connection_id: log.connectionId,
    facts: JSON.stringify(log.facts),
    logged: JSON.stringify(log.logged),
    logged_at: sql<Date>`clock_timestamp()`,
  };
  await tables(db)
    .insertInto('call_log')
    .values({ organization_id: organizationId, call_id: callId, ...values })
    .onConflict((conflict) => conflict.columns(['organization_id', 'call_id']).doUpdateSet(values))
    .execute();
}

/** The write that was ordered last for writing a call down; null without one. */
export async function lastLogWrite(
  trx: Database,
  organizationId: string,
  callId: string,
): Promise<Pick<WriteRow, 'id' | 'state' | 'action' | 'connection_id'> | null> {
  const row = await tables(trx)
    .selectFrom('outbox_write')
    .select(['id', 'state', 'action', 'connection_id'])
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', callId)
    .where('kind', '=', 'log-call')
    .orderBy('position', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/** Replaces what a write that needs attention would send. */
export async function renewLogFacts(
  trx: Database,
  organizationId: string,
  writeId: string,
  facts: CallLog,
): Promise<void> {
  await sql`
    update outbox_write set action = jsonb_set(action, '{facts}', ${JSON.stringify(facts)}::jsonb)
    where organization_id = ${organizationId} and id = ${writeId} and state = 'attention'`.execute(
    trx,
  );
}
