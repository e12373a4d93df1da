import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { BookedCall } from './book-events.ts';
import type { CallTables } from './tables.ts';

const tables = (db: Database) => db.withTables<CallTables>();

/**
 * Writes a call that is over into the lists; later news of it correct what stands there. The number is there at once where it is known
 * from when the phone rang, so that whoever calls again in the next second is seen to have called before.
 */
export async function recordCall(
  db: Database,
  { organizationId, id, startedAt, direction, queue, result }: BookedCall,
): Promise<void> {
  if (result === null) return;
  await tables(db)
    .insertInto('call_record')
    .values({
      organization_id: organizationId,
      call_id: id,
      started_at: startedAt,
      direction,
      queue,
      result,
      e164: (e) =>
        e
          .selectFrom('call_match')
          .select('e164')
          .where('organization_id', '=', organizationId)
          .where('call_id', '=', id),
    })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'call_id'])
        .doUpdateSet({ started_at: startedAt, direction, queue, result, described_at: null }),
    )
    .execute();
}

/** Takes a call off the lists that turned out to be part of another. */
export async function dropRecord(
  db: Database,
  organizationId: string,
  callId: string,
): Promise<void> {
  await tables(db)
    .deleteFrom('call_record')
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', callId)
    .execute();
}

/** Who the other party of a call was. */
export interface CallParty {
  callId: string;
  e164: string | null;
  /** Null: unknown, or several and nobody chose. */
  candidateKey: string | null;
  name: string;
  company: string;
}

/** Says in the lists who the other parties were. All are of one organization. */
export async function describeRecords(
  db: Database,
  organizationId: string,
  parties: readonly CallParty[],
  at: Date,
): Promise<void> {
  if (parties.length === 0) return;
  const column = <T>(of: (party: CallParty) => T) => parties.map(of);
  await sql`
    update call_record record
    set described_at = ${at}, e164 = party.e164, candidate_key = party.candidate_key, name = party.name, company = party.company
    from unnest(
      ${column(({ callId }) => callId)}::uuid[], ${column(({ e164 }) => e164)}::text[],
      ${column(({ candidateKey }) => candidateKey)}::text[], ${column(({ name }) => name)}::text[],
      ${column(({ company }) => company)}::text[]
    ) as party (call_id, e164, candidate_key, name, company)
    where record.organization_id = ${organizationId} and record.call_id = party.call_id
  `.execute(db);
}

/** Calls that are over and whose party nobody has looked up, some of them. */
export async function undescribedCalls(
  db: Database,
  organizationId: string,
  limit: number,
): Promise<string[]> {
  const rows = await tables(db)
    .selectFrom('call_record')
    .select('call_id')
    .where('organization_id', '=', organizationId)
    .where('described_at', 'is', null)
    .limit(limit)
    .execute();
  return rows.map((row) => row.call_id);
}

/** How the lists name the other party. */
export interface RecordedParty {
  name: string;
  company: string;
  candidateKey: string | null;
}

/** By call; one that is not over is absent. */
export async function recordedParties(
  db: Database,
  organizationId: string,
  callIds: readonly string[],
): Promise<Map<string, RecordedParty>> {
  if (callIds.length === 0) return new Map();
  const rows = await tables(db)
    .selectFrom('call_record')
    .select(['call_id', 'name', 'company', 'candidate_key'])
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', sql<string>`any(${[...callIds]}::uuid[])`)
    .execute();
  return new Map(
    rows.map((row) => [
      row.call_id,
      { name: row.name, company: row.company, candidateKey: row.candidate_key },
    ]),
  );
}
