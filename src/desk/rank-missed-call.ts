import type { StoredCall } from '../calls/store.ts';
import type { Database } from '../platform/database/database.ts';
import { candidatesOfCall } from './call-log-facts.ts';
import { priorityOf, priorityRank } from './call-priority.ts';
import { raiseEntry } from './missed-call-store.ts';
import { readFacts } from './organization-facts.ts';

/** Puts an entry where the most urgent of its calls belongs, as the rules and the mirror say now. */
export async function rankMissedCall(
  trx: Database,
  call: StoredCall,
  entryId: string,
): Promise<void> {
  const { organizationId } = call;
  const { priorities, country } = await readFacts(trx, organizationId);
  if (priorities.length === 0) return;
  const { match } = await candidatesOfCall(trx, call);
  const ranked = priorityOf(priorities, call, match, country);
  if (ranked === null) return;
  await raiseEntry(trx, organizationId, entryId, {
    priority: priorityRank(ranked.level),
    reason: ranked.why,
  });
}
