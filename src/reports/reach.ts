import { queuesOfPerson } from '../calls/queue-store.ts';
import type { StoredCall } from '../calls/store.ts';
import { teamReachOf } from '../organization/team-reach.ts';
import type { TeamReach } from '../organization/team-reach.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { CallReach } from './call-list-store.ts';
import type { CallScope } from './contract.ts';

/** What a viewer may ask for, the widest last, and the members of their teams. */
export function scopesOf(db: Database, viewer: Viewer): Promise<TeamReach> {
  return teamReachOf(db, viewer.organizationId, { ...viewer, id: viewer.personId });
}

/** Whose calls the viewer gets to see: as asked, but never more than they may. `extensions`: their phones as they are now. */
export async function reachOf(
  { db, clock }: { db: Database; clock: Clock },
  viewer: Viewer,
  asked: CallScope | undefined,
): Promise<{ scope: CallScope; reach: CallReach; extensions: ReadonlySet<string> }> {
  const { scopes, members } = await scopesOf(db, viewer);
  const scope = asked !== undefined && scopes.includes(asked) ? asked : scopes.at(-1)!;
  const { personId } = viewer;
  const own = viewer.extension === null ? [] : [viewer.extension];
  if (scope === 'all') return { scope, reach: { kind: 'all' }, extensions: new Set(own) };
  if (scope === 'mine')
    return { scope, reach: { kind: 'mine', personId }, extensions: new Set(own) };
  const queues = await queuesOfPerson(db, viewer.organizationId, personId, clock.now());
  const personIds = [...new Set([personId, ...members.map((member) => member.personId)])];
  const extensions = new Set([...own, ...members.flatMap(({ extension }) => extension ?? [])]);
  return { scope, reach: { kind: 'team', personIds, queues }, extensions };
}

/** Whether a call that is up is among these; `extensions` are those of whom the reach names. */
export function reaches(
  reach: CallReach,
  call: StoredCall,
  extensions: ReadonlySet<string>,
): boolean {
  if (reach.kind === 'all') return true;
  const own = call.legs.some((leg) => leg.extension !== null && extensions.has(leg.extension));
  if (own || reach.kind === 'mine') return own;
  return call.queue !== null && reach.queues.includes(call.queue);
}

/** Whether somebody whose calls the viewer sees took part. */
export function reachesPerson(reach: CallReach, personId: string | null): boolean {
  if (reach.kind === 'all' || personId === null) return reach.kind === 'all';
  return reach.kind === 'mine' ? reach.personId === personId : reach.personIds.includes(personId);
}
