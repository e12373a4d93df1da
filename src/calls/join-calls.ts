import type { CallEvent } from '../telephony/port.ts';
import { recordEvents, tellWatchers } from './book-events.ts';
import type { CallDeps } from './book-events.ts';
import { foldEvent, mergeCalls } from './call.ts';
import { insertCall, lockCall, markMerged, updateCall } from './booking-store.ts';
import type { LockedCall } from './booking-store.ts';
import type { EventSource } from './store.ts';
import type { Database } from '../platform/database/database.ts';

/** Makes a call part of another, in one transaction. Both ids lead to the one that stays from then on. */
export async function joinCalls(
  deps: CallDeps,
  source: EventSource,
  event: Extract<CallEvent, { type: 'call-merged' }>,
): Promise<void> {
  const now = deps.clock.now();
  const { organizationId } = source;
  await deps.db.transaction().execute(async (trx) => {
    const part = await openedCall(trx, source, event, event.call, now);
    const whole = await openedCall(trx, source, event, event.into, now);
    if (part.id === whole.id) return;
    const joined = mergeCalls(whole, part);
    await updateCall(trx, organizationId, whole.id, joined, now);
    await markMerged(trx, organizationId, part.id, whole.id, now);
    await tellWatchers(deps, trx, { ...joined, organizationId, id: whole.id }, whole);
    for (const watcher of deps.watchers ?? [])
      await watcher.merged?.(trx, organizationId, part.id, whole.id);
    await recordEvents(deps, trx, { organizationId, callId: part.id }, [event], now);
    await recordEvents(deps, trx, { organizationId, callId: whole.id }, [], now);
  });
}

/** The call, locked; one that nobody has told of yet is booked, so that its late events find their way. */
async function openedCall(
  trx: Database,
  source: EventSource,
  event: CallEvent,
  sourceId: string,
  now: Date,
): Promise<LockedCall> {
  const known = await lockCall(trx, source, sourceId);
  if (known !== null) return known;
  await insertCall(trx, source, foldEvent(null, { ...event, call: sourceId }), 1, now);
  const opened = await lockCall(trx, source, sourceId);
  if (opened === null) throw new Error(`call ${sourceId} vanished while it was joined`);
  return opened;
}
