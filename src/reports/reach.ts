import { queuesOfPerson } from '../calls/queue-store.ts';
import type { StoredCall } from '../calls/store.ts';
import { includesRole } from '../organization/plan.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { CallReach } from './call-list-store.ts';
import type { CallScope } from './contract.ts';

/** What a viewer may ask for, the widest last. */
export function scopesOf(viewer: Viewer): CallScope[] {
  if (includesRole(viewer.role, 'supervisor')) return ['mine', 'team', 'all'];
  return viewer.mayNot.includes('team-calls') ? ['mine'] : ['mine', 'team'];
}

/** Whose calls the viewer gets to see: as asked, but never more than they may. */
export async function reachOf(
  { db, clock }: { db: Database; clock: Clock },
  viewer: Viewer,
  asked: CallScope | undefined,
): Promise<{ scope: CallScope; reach: CallReach }> {
  const allowed = scopesOf(viewer);
  const scope = asked !== undefined && allowed.includes(asked) ? asked : allowed.at(-1)!;
  const { personId } = viewer;
  if (scope === 'all') return { scope, reach: { kind: 'all' } };
  if (scope === 'mine') return { scope, reach: { kind: 'mine', personId } };
  const queues = await queuesOfPerson(db, viewer.organizationId, personId, clock.now());
  return { scope, reach: { kind: 'team', personId, queues } };
}

/** Whether a call that is up is among these; `extension` is the viewer's own. */
export function reaches(reach: CallReach, call: StoredCall, extension: string | null): boolean {
  if (reach.kind === 'all') return true;
  const own = extension !== null && call.legs.some((leg) => leg.extension === extension);
  if (own || reach.kind === 'mine') return own;
  return call.queue !== null && reach.queues.includes(call.queue);
}
