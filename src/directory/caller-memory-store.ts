import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';

/*
 * Who a number was said to be, for as long as several records hold it. `e164` is a number's matchKey, a key a candidate's.
 */

interface Choice {
  candidateKey: string;
  personId: string;
  at: Date;
}

/** The last choice of a number counts first; earlier ones keep their order behind it. */
export async function rememberCaller(
  db: Database,
  organizationId: string,
  e164: string,
  { candidateKey, personId, at }: Choice,
): Promise<void> {
  await sql`
    insert into caller_memory (organization_id, e164, candidate_key, person_id, chosen_at)
    values (${organizationId}, ${e164}, ${candidateKey}, ${personId}, ${at})
    on conflict (organization_id, e164, candidate_key) do update
    set person_id = excluded.person_id, chosen_at = excluded.chosen_at, forgotten_at = null
  `.execute(db);
}

/** What was remembered of a record goes with it to its new key; null: it will never be, so nothing is remembered. */
export async function renameRemembered(
  trx: Database,
  organizationId: string,
  { from, to }: { from: string; to: string | null },
): Promise<void> {
  const own = sql`organization_id = ${organizationId} and candidate_key = ${from}`;
  await (
    to === null
      ? sql`delete from caller_memory where ${own}`
      : sql`update caller_memory set candidate_key = ${to} where ${own}`
  ).execute(trx);
}

/** Forgets whom the number was said to be, all of it; nothing else is lost and `recallCaller` undoes it. */
export async function forgetCaller(
  db: Database,
  organizationId: string,
  e164: string,
  at: Date,
): Promise<void> {
  await sql`
    update caller_memory set forgotten_at = ${at}
    where organization_id = ${organizationId} and e164 = ${e164} and forgotten_at is null
  `.execute(db);
}

/** Undoes the latest `forgetCaller`; a choice that somebody made since stays the last one. */
export async function recallCaller(
  db: Database,
  organizationId: string,
  e164: string,
): Promise<void> {
  await sql`
    update caller_memory memory set forgotten_at = null
    from (
      select max(forgotten_at) as at from caller_memory
      where organization_id = ${organizationId} and e164 = ${e164}
    ) last
    where memory.organization_id = ${organizationId} and memory.e164 = ${e164} and memory.forgotten_at = last.at
  `.execute(db);
}
