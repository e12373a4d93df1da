import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { leftUnknown } from './match.ts';

/** The room's tables as migration 0030 makes them. */
type DeskTables = {
  desk_choice: {
    organization_id: string;
    call_id: string;
    candidate_key: string;
    person_id: string;
    chosen_at: Date;
  };
  desk_dismissal: {
    organization_id: string;
    person_id: string;
    call_id: string;
    dismissed_at: Date;
  };
};

const tables = (db: Database) => db.withTables<DeskTables>();

/** Key of the candidate that was chosen for a call; null when nobody chose. */
export async function chosenCandidate(
  db: Database,
  organizationId: string,
  callId: string,
): Promise<string | null> {
  const { rows } = await sql<{ candidate_key: string }>`/* prepared chosen-candidate */
    select candidate_key from desk_choice
    where organization_id = ${organizationId} and call_id = ${callId}`.execute(db);
  return rows[0]?.candidate_key ?? null;
}

/** Takes a choice back. */
export async function deleteChoice(
  db: Database,
  organizationId: string,
  choice: { callId: string; candidateKey: string },
): Promise<void> {
  await tables(db)
    .deleteFrom('desk_choice')
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', choice.callId)
    .where('candidate_key', '=', choice.candidateKey)
    .execute();
}

/** The same for many calls; those that nobody chose for are absent, and '' stands for a caller who was left unknown. */
export async function chosenCandidates(
  db: Database,
  organizationId: string,
  callIds: readonly string[],
): Promise<Map<string, string>> {
  if (callIds.length === 0) return new Map();
  const rows = await tables(db)
    .selectFrom('desk_choice')
    .select(['call_id', 'candidate_key'])
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', sql<string>`any(${[...callIds]}::uuid[])`)
    .execute();
  return new Map(
    rows.map((row) => [row.call_id, row.candidate_key === leftUnknown ? '' : row.candidate_key]),
  );
}

/** The last choice counts. */
export async function saveChoice(
  db: Database,
  organizationId: string,
  choice: { callId: string; candidateKey: string; personId: string; at: Date },
): Promise<void> {
  const { candidateKey: candidate_key, personId: person_id, at: chosen_at } = choice;
  await tables(db)
    .insertInto('desk_choice')
    .values({
      organization_id: organizationId,
      call_id: choice.callId,
      candidate_key,
      person_id,
      chosen_at,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'call_id'])
        .doUpdateSet({ candidate_key, person_id, chosen_at }),
    )
    .execute();
}

/** Which of these calls the person took off their Desk. */
export async function dismissedCalls(
  db: Database,
  organizationId: string,
  personId: string,
  callIds: string[],
): Promise<Set<string>> {
  if (callIds.length === 0) return new Set();
  const rows = await tables(db)
    .selectFrom('desk_dismissal')
    .select('call_id')
    .where('organization_id', '=', organizationId)
    .where('person_id', '=', personId)
    .where('call_id', 'in', callIds)
    .execute();
  return new Set(rows.map((row) => row.call_id));
}

/** Dismissing twice is dismissing once. */
export async function saveDismissal(
  db: Database,
  organizationId: string,
  dismissal: { personId: string; callId: string; at: Date },
): Promise<void> {
  await tables(db)
    .insertInto('desk_dismissal')
    .values({
      organization_id: organizationId,
      person_id: dismissal.personId,
      call_id: dismissal.callId,
      dismissed_at: dismissal.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
