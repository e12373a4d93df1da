import type { Database } from '../platform/database/database.ts';
import { matchNumber } from '../directory/match-number.ts';
import type { MatchCandidate } from '../directory/match.ts';
import { callerNumber } from '../directory/phone-number.ts';
import type { CallerNumber } from './contract.ts';
import type { OrganizationFacts } from './organization-facts.ts';

/** A caller, looked up in the mirror. What a pop adds is only who was chosen. */
export interface FoundCaller {
  caller: CallerNumber;
  candidates: readonly MatchCandidate[];
}

/** Looks a number up as a phone system sends it, or as somebody types it. Hostile text finds nobody. */
export async function matchCaller(
  db: Database,
  organizationId: string,
  raw: string,
  facts: OrganizationFacts,
): Promise<FoundCaller> {
  const caller = callerNumber(raw, facts.country);
  return { caller, candidates: await matchNumber(db, organizationId, caller) };
}
