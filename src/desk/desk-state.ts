import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { recentCallsOfExtension } from '../calls/store.ts';
import type { ReachablePerson } from '../organization/person-store.ts';
import { viewCall } from './call-view.ts';
import { endedPopMinutes } from './contract.ts';
import type { DeskState } from './contract.ts';
import { partOf } from './part.ts';
import type { Part } from './part.ts';
import { blockOf, isFresh, keepLatest } from './pop.ts';
import { dismissedCalls } from './store.ts';

/** Everything on a person's Desk, worked out of the tables: what a reload, another tab and a new line begin with. */
export async function deskState(
  deps: { db: Database; clock: Clock },
  organizationId: string,
  person: ReachablePerson,
): Promise<DeskState> {
  const { db, clock } = deps;
  const now = clock.now();
  const blocked = blockOf(person);
  const { extension } = person;
  if (blocked !== null || extension === null) return { pops: [], blocked, now: now.toISOString() };
  const since = new Date(now.getTime() - endedPopMinutes * 60_000);
  const calls = await recentCallsOfExtension(db, organizationId, extension, since);
  const ids = calls.map((call) => call.id);
  const dismissed = await dismissedCalls(db, organizationId, person.id, ids);
  const shown = calls.flatMap((call) => {
    const part = partOf(call, extension);
    if (!isShown(part) || !isFresh(call, part, now)) return [];
    return part.state === 'ended' && dismissed.has(call.id) ? [] : [{ call, part }];
  });
  const pops = await Promise.all(
    keepLatest(shown).map(({ call, part }) => viewCall(db, call).popFor(extension, part)),
  );
  return { pops, blocked, now: clock.now().toISOString() };
}

function isShown(part: Part | null): part is Part & { kind: 'shown' } {
  return part?.kind === 'shown';
}
