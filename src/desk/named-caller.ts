import { findCandidate } from '../directory/match-number.ts';
import type { MatchCandidate } from '../directory/match.ts';
import type { Database } from '../platform/database/database.ts';

/**
 * Whom somebody named as the caller although the record does not have the number; nobody when the choice is one of the candidates,
 * stands for nobody, or names a record that is gone.
 */
export async function namedCaller(
  db: Database,
  organizationId: string,
  choice: string | null,
  candidates: readonly MatchCandidate[],
): Promise<MatchCandidate[]> {
  if (choice === null || candidates.some(({ key }) => key === choice)) return [];
  const found = await findCandidate(db, organizationId, choice);
  if (found === null) return [];
  const text = 'Named as the caller by an agent; the record does not have this number';
  return [{ ...found, reason: { ...found.reason, text } }];
}
