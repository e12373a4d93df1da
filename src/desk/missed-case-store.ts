import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';

/** A case that a rule opened for a missed call. */
export interface MissedCase {
  /** The write of the outbox that makes it. */
  id: string;
  connectionId: string;
  lane: string;
  /** Null until the CRM has it. */
  caseId: string | null;
  number: string;
  shortDescription: string;
}

/** The last one that was opened for a caller, unless that was before `since`. */
export async function lastCaseOf(
  trx: Database,
  organizationId: string,
  callerKey: string,
  since: Date,
): Promise<MissedCase | null> {
  const { rows } = await sql<MissedCase>`
    select id, connection_id as "connectionId", lane, case_id as "caseId", number, short_description as "shortDescription"
    from missed_case
    where organization_id = ${organizationId} and caller_key = ${callerKey} and opened_at >= ${since}
    order by opened_at desc limit 1`.execute(trx);
  return rows[0] ?? null;
}

export async function insertMissedCase(
  trx: Database,
  organizationId: string,
  opened: Omit<MissedCase, 'caseId' | 'number'> & { callerKey: string; callId: string; at: Date },
): Promise<void> {
  const { id, callerKey, callId, connectionId, lane, shortDescription, at } = opened;
  await sql`
    insert into missed_case (organization_id, id, caller_key, call_id, connection_id, lane, short_description, opened_at)
    values (${organizationId}, ${id}, ${callerKey}, ${callId}, ${connectionId}, ${lane}, ${shortDescription}, ${at})`.execute(
    trx,
  );
}

/** Shows the case on the entry. */
export async function linkCase(
  trx: Database,
  organizationId: string,
  entryId: string,
  caseId: string,
): Promise<void> {
  await sql`
    update missed_call set missed_case_id = ${caseId}
    where organization_id = ${organizationId} and id = ${entryId}`.execute(trx);
}

/** The CRM has the case. False for the write of another one. */
export async function missedCaseMade(
  trx: Database,
  organizationId: string,
  writeId: string,
  made: { id: string; number: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update missed_case set case_id = ${made.id}, number = ${made.number}
    where organization_id = ${organizationId} and id = ${writeId}`.execute(trx);
  return numAffectedRows === 1n;
}

/** It will never be made: the next call of the caller may have one of its own. */
export async function dropMissedCase(
  trx: Database,
  organizationId: string,
  writeId: string,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from missed_case where organization_id = ${organizationId} and id = ${writeId}`.execute(
    trx,
  );
  return numAffectedRows === 1n;
}
