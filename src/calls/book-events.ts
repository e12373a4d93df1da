import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { Log } from '../platform/log.ts';
import type { Notifier } from '../platform/notifier.ts';
import type { CallEvent } from '../telephony/port.ts';
import { foldEvent } from './call.ts';
import type { Call } from './call.ts';
import { appendEvents, insertCall, lockCall, updateCall } from './booking-store.ts';
import type { LockedCall } from './booking-store.ts';
import type { EventSource } from './store.ts';

export interface CallDeps {
  db: Database;
  notifier: Notifier;
  clock: Clock;
  log: Log;
  /** What upper rooms do about calls. */
  watchers?: readonly CallWatcher[];
}

/**
 * Takes part in the transactions that book calls: what it writes is committed with the change, or not at all. It is asked for every
 * change of every call, so it decides without the database whether the change concerns it.
 */
export interface CallWatcher {
  /** `before` is null for a call that was not known. */
  changed?(trx: Database, call: BookedCall, before: Call | null): Promise<void>;
  /** `from` turned out to be part of `into`; told after `changed` for the call that stays. */
  merged?(trx: Database, organizationId: string, from: string, into: string): Promise<void>;
}

export type BookedCall = Call & { readonly organizationId: string; readonly id: string };

/** Told on the channel `calls` whenever a call has something new. */
export interface CallNotice {
  organizationId: string;
  callId: string;
}

/** A phone system that counts its calls from one again may use an id again this long after the call ended. */
const reuseAfter = 60 * 60_000;

/** Folds events of one call (all of the same source id) into its row, in one transaction, and notifies within it. */
export async function bookEvents(
  deps: CallDeps,
  source: EventSource,
  sourceId: string,
  events: readonly CallEvent[],
): Promise<void> {
  const now = deps.clock.now();
  await deps.db.transaction().execute(async (trx) => {
    const known = await lockCall(trx, source, sourceId);
    if (known !== null && !isReused(known, events, now)) {
      return extendCall(deps, trx, known, events, now);
    }
    const { call, news } = foldAll(null, events);
    if (call === null) return;
    const callId = await insertCall(trx, source, call, (known?.occurrence ?? 0) + 1, now);
    if (callId !== null) {
      await tellWatchers(deps, trx, { ...call, ...source, id: callId }, null);
      return recordEvents(deps, trx, { ...source, callId }, news, now);
    }
    // Another node was first with this call: what we have goes on top of it.
    const theirs = await lockCall(trx, source, sourceId);
    if (theirs !== null) await extendCall(deps, trx, theirs, events, now);
  });
}

/** Writes the journal and tells everybody who listens, when the transaction commits. */
export async function recordEvents(
  deps: CallDeps,
  trx: Database,
  { organizationId, callId }: CallNotice,
  events: readonly CallEvent[],
  now: Date,
): Promise<void> {
  await appendEvents(trx, organizationId, callId, events, now);
  await deps.notifier.publish(trx, 'calls', { organizationId, callId });
}

async function extendCall(
  deps: CallDeps,
  trx: Database,
  known: LockedCall,
  events: readonly CallEvent[],
  now: Date,
): Promise<void> {
  const { call, news } = foldAll(known, events);
  if (call === null || news.length === 0) return;
  await updateCall(trx, known.organizationId, known.id, call, now);
  await tellWatchers(deps, trx, { ...call, ...idOf(known) }, known);
  const notice = { organizationId: known.organizationId, callId: known.id };
  await recordEvents(deps, trx, notice, news, now);
}

export async function tellWatchers(
  { watchers = [] }: CallDeps,
  trx: Database,
  call: BookedCall,
  before: Call | null,
): Promise<void> {
  for (const watcher of watchers) await watcher.changed?.(trx, call, before);
}

const idOf = ({ organizationId, id }: LockedCall) => ({ organizationId, id });

/** The call with these events in it, and those of them that told something new. */
function foldAll(known: Call | null, events: readonly CallEvent[]) {
  let call = known;
  const news: CallEvent[] = [];
  for (const event of events) {
    const next = foldEvent(call, event);
    if (isDeepStrictEqual(next, call)) continue;
    call = next;
    news.push(event);
  }
  return { call, news };
}

/** Whether the source id came round again; a late hang-up belongs to the old call all the same. */
function isReused(known: Call, events: readonly CallEvent[], now: Date): boolean {
  if (known.endedAt === null || now.getTime() - known.endedAt.getTime() <= reuseAfter) return false;
  return events.every((event) => event.type !== 'call-ended' && event.type !== 'leg-ended');
}
