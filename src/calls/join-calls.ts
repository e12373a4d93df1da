import type { Database } from '../platform/database/database.ts';
import { newId } from '../platform/id.ts';
import type { CallEvent } from '../telephony/port.ts';
import { storedCall, tellCalls, tellWatchers } from './book-events.ts';
import type { CallDeps } from './book-events.ts';
import { lockCalls, markMerged, saveCalls } from './booking-store.ts';
import type { CallWrite, LockedCall } from './booking-store.ts';
import { foldEvent, mergeCalls } from './call.ts';
import type { EventSource } from './store.ts';

type Joining = Extract<CallEvent, { type: 'call-merged' }>;

/** Makes a call part of another, in one transaction. Both ids lead to the one that stays from then on. */
export async function joinCalls(
  deps: CallDeps,
  source: EventSource,
  event: Joining,
): Promise<void> {
  const now = deps.clock.now();
  const { organizationId } = source;
  await deps.db.transaction().execute(async (trx) => {
    const [part, whole] = await openedCalls(deps, trx, { source, event, now });
    if (part.id === whole.id) return;
    const joined = mergeCalls(whole, part);
    const of = ({ id: callId, occurrence }: LockedCall) => ({ ...source, callId, occurrence });
    const partWrite = { ...of(part), before: part, call: part, events: [event] };
    const wholeWrite = { ...of(whole), before: whole, call: joined, events: [] };
    await saveCalls(trx, [partWrite, wholeWrite], { now, node: deps.notifier.node });
    await markMerged(trx, organizationId, part.id, whole.id, now);
    await tellWatchers(deps, trx, { ...joined, organizationId, id: whole.id }, whole);
    for (const watcher of deps.watchers ?? [])
      await watcher.merged?.(trx, organizationId, part.id, whole.id);
    const merged = { endedAt: part.endedAt ?? now, mergedInto: whole.id };
    const told = storedCall(partWrite);
    await tellCalls(deps, trx, [
      { ...told, ...merged, revision: told.revision + 1 },
      storedCall(wholeWrite),
    ]);
  });
}

/** Both calls, locked; one that nobody has told of yet is booked, so that its late events find their way. */
async function openedCalls(
  { notifier }: CallDeps,
  trx: Database,
  { source, event, now }: { source: EventSource; event: Joining; now: Date },
): Promise<[part: LockedCall, whole: LockedCall]> {
  const ids = [event.call, event.into];
  const keys = ids.map((sourceId) => ({ ...source, sourceId }));
  const known = await lockCalls(trx, keys);
  const missing = ids.filter((_, index) => known[index] === null);
  const writes = [...new Set(missing)].map((call): CallWrite => ({
    ...{ ...source, callId: newId(), occurrence: 1, before: null, events: [] },
    call: foldEvent(null, { ...event, call }),
  }));
  await saveCalls(trx, writes, { now, node: notifier.node });
  const [part, whole] = missing.length === 0 ? known : await lockCalls(trx, keys);
  if (!part || !whole) throw new Error(`a call vanished while ${ids.join(' and ')} were joined`);
  return [part, whole];
}
