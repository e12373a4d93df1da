import { sql } from 'kysely';
import { sharedCustomer } from '../directory/match.ts';
import type { MatchCandidate } from '../directory/match.ts';
import type { CallerNumber } from '../directory/phone-number.ts';
import { matchKey } from '../directory/renumbering.ts';
import type { Database } from '../platform/database/database.ts';
import type { CallTables, FoundCandidate } from './tables.ts';

/** Who the other party of a call was found to be. */
export interface PartyFound {
  organizationId: string;
  callId: string;
  at: Date;
  number: CallerNumber;
  candidates: readonly MatchCandidate[];
}

/** The same as it is kept. */
export interface CallMatch {
  matchedAt: Date;
  number: string;
  e164: string | null;
  status: 'one' | 'several' | 'none' | 'anonymous';
  candidates: FoundCandidate[];
  candidateCount: number;
  /** The company that all of several candidates belong to; '' where there is none. */
  sharedCompany: string;
}

const candidatesKept = 5;
const longestName = 200;

/**
 * Keeps what was found first; whatever a later look finds changes nothing. All are of one organization. `asOf` is how old its mirror
 * was; null: it had never heard from the CRM.
 */
export async function saveMatches(
  db: Database,
  organizationId: string,
  found: readonly PartyFound[],
  asOf: Date | null,
): Promise<void> {
  if (found.length === 0) return;
  const matches = found.map(matchOf);
  const column = <T>(of: (match: CallMatch) => T) => matches.map(of);
  await sql`
    insert into call_match (organization_id, call_id, matched_at, number, e164, status, candidates, candidate_count,
      shared_company, as_of)
    select call.organization_id, call.id, told.matched_at, told.number, told.e164, told.status, told.candidates,
      told.candidate_count, told.shared_company, ${asOf}::timestamptz
    from unnest(
      ${found.map(({ callId }) => callId)}::uuid[], ${column((match) => match.matchedAt)}::timestamptz[],
      ${column((match) => match.number)}::text[], ${column((match) => match.e164)}::text[],
      ${column((match) => match.status)}::text[], ${column((match) => JSON.stringify(match.candidates))}::jsonb[],
      ${column((match) => match.candidateCount)}::integer[], ${column((match) => match.sharedCompany)}::text[]
    ) as told (call_id, matched_at, number, e164, status, candidates, candidate_count, shared_company)
    join call on call.organization_id = ${organizationId} and call.id = told.call_id
    on conflict do nothing
  `.execute(db);
}

/** What is kept of it. */
export function matchOf({ at, number, candidates }: PartyFound): CallMatch {
  const [status = 'several'] = number.anonymous
    ? (['anonymous'] as const)
    : (['none', 'one'] as const).slice(candidates.length);
  return {
    matchedAt: at,
    number: number.raw,
    e164: number.e164 === null ? null : matchKey(number.e164),
    status,
    candidates: candidatesOf(candidates.slice(0, candidatesKept)),
    candidateCount: candidates.length,
    sharedCompany: (sharedCustomer(candidates)?.name ?? '').slice(0, longestName),
  };
}

export function candidatesOf(candidates: readonly MatchCandidate[]): FoundCandidate[] {
  return candidates.map((candidate) => ({
    key: candidate.key,
    name: candidate.name.slice(0, longestName),
    company: (candidate.customer?.name ?? '').slice(0, longestName),
    reason: candidate.reason.text.slice(0, 2 * longestName),
  }));
}

/** By call; one whose party was never looked up is absent. */
export async function matchesOfCalls(
  db: Database,
  organizationId: string,
  callIds: readonly string[],
): Promise<Map<string, CallMatch & { asOf: Date | null }>> {
  if (callIds.length === 0) return new Map();
  const rows = await db
    .withTables<CallTables>()
    .selectFrom('call_match')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('call_id', '=', sql<string>`any(${[...callIds]}::uuid[])`)
    .execute();
  return new Map(
    rows.map((row) => [
      row.call_id,
      {
        matchedAt: row.matched_at,
        number: row.number,
        e164: row.e164,
        status: row.status,
        candidates: row.candidates,
        candidateCount: row.candidate_count,
        sharedCompany: row.shared_company,
        asOf: row.as_of,
      },
    ]),
  );
}
