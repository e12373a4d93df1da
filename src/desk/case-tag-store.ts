import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { CaseTag } from './work-store.ts';
import type { Wanted, WorkTables } from './work-tables.ts';

const tables = (db: Database) => db.withTables<WorkTables>();

/** The case that a call is about, locked until the transaction ends; null without one. */
export async function lockTag(
  trx: Database,
  organizationId: string,
  callId: string,
): Promise<CaseTag | null> {
  const row = await tables(trx)
    .selectFrom('call_case')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', callId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    callId,
    connectionId: row.connection_id,
    caseId: row.case_id,
    writeId: row.write_id,
    lane: row.lane,
    number: row.number,
    shortDescription: row.short_description,
    wanted: row.wanted,
    taggedBy: row.tagged_by ?? '',
  };
}

/** Says which case the call is about; the last word counts. */
export async function saveTag(
  db: Database,
  organizationId: string,
  tag: Pick<
    CaseTag,
    'callId' | 'connectionId' | 'caseId' | 'writeId' | 'lane' | 'number' | 'shortDescription'
  > & {
    wanted?: Wanted;
    /** Null: a rule. */
    personId: string | null;
    at: Date;
  },
): Promise<void> {
  const values = {
    connection_id: tag.connectionId,
    case_id: tag.caseId,
    write_id: tag.writeId,
    lane: tag.lane,
    number: tag.number,
    short_description: tag.shortDescription,
    wanted: JSON.stringify(tag.wanted ?? {}),
    tagged_by: tag.personId,
    tagged_at: tag.at,
  };
  await tables(db)
    .insertInto('call_case')
    .values({ organization_id: organizationId, call_id: tag.callId, ...values })
    .onConflict((conflict) => conflict.columns(['organization_id', 'call_id']).doUpdateSet(values))
    .execute();
}

export async function removeTag(
  db: Database,
  organizationId: string,
  callId: string,
): Promise<void> {
  await tables(db)
    .deleteFrom('call_case')
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', callId)
    .execute();
}

/** Adds what was asked for, field by field. */
export async function addWanted(
  db: Database,
  organizationId: string,
  callId: string,
  wanted: Wanted,
): Promise<void> {
  await tables(db)
    .updateTable('call_case')
    .set({ wanted: sql<string>`wanted || ${JSON.stringify(wanted)}::jsonb` })
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', callId)
    .execute();
}

/** The outbox made the case of this write: from now on it is known by its own id. */
export async function caseMade(
  db: Database,
  organizationId: string,
  writeId: string,
  made: { id: string; number: string },
): Promise<void> {
  await tables(db)
    .updateTable('call_case')
    .set({ case_id: made.id, number: made.number })
    .where('organization_id', '=', organizationId)
    .where('write_id', '=', writeId)
    .where('case_id', 'is', null)
    .execute();
}

/** Whether a request comes the first time, as a repeat, or again with other `content` (a hash; null: whatever it is). */
export async function noteRequest(
  trx: Database,
  organizationId: string,
  callId: string,
  { id, content }: { id: string; content: Buffer | null },
): Promise<'new' | 'repeat' | 'changed'> {
  const { numInsertedOrUpdatedRows } = await tables(trx)
    .insertInto('desk_request')
    .values({ organization_id: organizationId, call_id: callId, id, content })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 1n) return 'new';
  const { content: before } = await tables(trx)
    .selectFrom('desk_request')
    .select('content')
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', callId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return before === null || content === null || before.equals(content) ? 'repeat' : 'changed';
}

/** `from` turned out to be part of `into`: what it is about goes along, unless that is known already. */
export async function moveTag(
  trx: Database,
  organizationId: string,
  from: string,
  into: string,
): Promise<void> {
  await sql`
    update call_case set call_id = ${into}
    where organization_id = ${organizationId} and call_id = ${from} and not exists (
      select from call_case as known where known.organization_id = ${organizationId} and known.call_id = ${into}
    )`.execute(trx);
}
