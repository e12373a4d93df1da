import type { Database } from '../platform/database/database.ts';
import type { LookupAnswer } from './contract.ts';
import { matchCaller } from './match-caller.ts';
import { matchOf } from './match.ts';
import { readFacts } from './organization-facts.ts';
import type { FactsOf } from './organization-facts.ts';

/** Who would pop for a number, and why; the very same way as for a call. */
export async function lookUp(
  db: Database,
  organizationId: string,
  number: string,
  factsOf: FactsOf = (id) => readFacts(db, id),
): Promise<LookupAnswer> {
  const began = performance.now();
  const facts = await factsOf(organizationId);
  const { caller, candidates } = await matchCaller(db, organizationId, number, facts);
  const match = matchOf(caller, candidates, null, facts.link);
  return { caller, match, ms: Math.round((performance.now() - began) * 1000) / 1000 };
}
