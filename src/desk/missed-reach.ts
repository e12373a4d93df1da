import { queuesOfPerson } from '../calls/queue-store.ts';
import { includesRole } from '../organization/plan.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { MissedScope } from './missed-contract.ts';

/** Whose missed calls. */
export type MissedReach =
  | { kind: 'all' }
  | { kind: 'mine'; personId: string }
  | { kind: 'team'; personId: string; queues: readonly string[] };

/** What somebody may ask for, the widest last. */
export function missedScopesOf({ role, mayNot }: Pick<Viewer, 'role' | 'mayNot'>): MissedScope[] {
  if (includesRole(role, 'supervisor')) return ['mine', 'team', 'all'];
  return mayNot.includes('team-calls') ? ['mine'] : ['mine', 'team'];
}

/** As asked, but never more than the person may see; the widest when nothing was asked. */
export async function missedReachOf(
  { db, clock }: { db: Database; clock: Clock },
  organizationId: string,
  person: Pick<Viewer, 'role' | 'mayNot'> & { id: string },
  asked?: MissedScope,
): Promise<MissedReach> {
  const allowed = missedScopesOf(person);
  const scope = asked !== undefined && allowed.includes(asked) ? asked : allowed.at(-1)!;
  if (scope === 'all') return { kind: 'all' };
  if (scope === 'mine') return { kind: 'mine', personId: person.id };
  const queues = await queuesOfPerson(db, organizationId, person.id, clock.now());
  return { kind: 'team', personId: person.id, queues };
}

/** Whom the calls of an open entry concern. */
export interface MissedConcern {
  /** Queues that they came through. */
  queues: readonly string[];
  /** People whose phones rang. */
  personIds: readonly string[];
  /** One of them came through no queue and rang nobody. */
  nobodys: boolean;
}

/** The same as the list's own condition (missed-list-store.ts), for counting for many people at once. */
export function reaches(reach: MissedReach, entry: MissedConcern): boolean {
  if (reach.kind === 'all') return true;
  if (entry.personIds.includes(reach.personId)) return true;
  if (reach.kind === 'mine') return false;
  return entry.nobodys || entry.queues.some((queue) => reach.queues.includes(queue));
}
