import { queuesOfPerson } from '../calls/queue-store.ts';
import { teamReachOf } from '../organization/team-reach.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { MissedScope } from './missed-contract.ts';

/** Whose missed calls. */
export type MissedReach =
  | { kind: 'all' }
  | { kind: 'mine'; personId: string }
  /** `personIds`: theirs and those of their teams' members. */
  | { kind: 'team'; personIds: readonly string[]; queues: readonly string[] };

/** As asked, but never more than the person may see; the widest when nothing was asked. With what they may ask for, the widest last. */
export async function missedReachOf(
  { db, clock }: { db: Database; clock: Clock },
  organizationId: string,
  person: Pick<Viewer, 'role' | 'mayNot'> & { id: string },
  asked?: MissedScope,
): Promise<{ reach: MissedReach; scopes: MissedScope[] }> {
  const { scopes, members } = await teamReachOf(db, organizationId, person);
  const scope = asked !== undefined && scopes.includes(asked) ? asked : scopes.at(-1)!;
  if (scope === 'all') return { scopes, reach: { kind: 'all' } };
  if (scope === 'mine') return { scopes, reach: { kind: 'mine', personId: person.id } };
  const queues = await queuesOfPerson(db, organizationId, person.id, clock.now());
  const personIds = [...new Set([person.id, ...members.map(({ personId }) => personId)])];
  return { scopes, reach: { kind: 'team', personIds, queues } };
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
  if (reach.kind === 'mine') return entry.personIds.includes(reach.personId);
  return (
    entry.nobodys ||
    entry.personIds.some((id) => reach.personIds.includes(id)) ||
    entry.queues.some((queue) => reach.queues.includes(queue))
  );
}
