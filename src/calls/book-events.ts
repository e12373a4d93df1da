import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../platform/clock.ts';
import { afterCommit } from '../platform/database/after-commit.ts';
import type { Database } from '../platform/database/database.ts';
import { newId } from '../platform/id.ts';
import type { Log } from '../platform/log.ts';
import type { Notifier } from '../platform/notifier.ts';
import type { CallEvent } from '../telephony/port.ts';
import { callsChannel, lockCalls, saveCalls } from './booking-store.ts';
import type { CallKey, CallWrite, LockedCall } from './booking-store.ts';
import { foldEvent } from './call.ts';
import type { Call } from './call.ts';
import type { KeptCalls } from './kept-calls.ts';
import type { EventSource, StoredCall } from './store.ts';

export interface CallDeps {
  db: Database;
  notifier: Notifier;
  clock: Clock;
  log: Log;
  /** What upper rooms do about calls. */
  watchers?: readonly CallWatcher[];
  /** What this process knows of calls; not given: they are read each time. */
  kept?: KeptCalls;
}

/**
 * Takes part in the transactions that book calls: what it writes is committed with the change, or not at all. It is asked for every
 * change of every call, so it decides without the database whether the change concerns it. It never hears of a test of the Systems
 * Check: nothing follows from one.
 */
export interface CallWatcher {
  /** `before` is null for a call that was not known. */
  changed?(trx: Database, call: BookedCall, before: Call | null): Promise<void>;
  /** `from` turned out to be part of `into`; told after `changed` for the call that stays. */
  merged?(trx: Database, organizationId: string, from: string, into: string): Promise<void>;
}

export type BookedCall = Call & { readonly organizationId: string; readonly id: string };

/** What a phone system told of one call. */
export interface Booking {
  source: EventSource;
  sourceId: string;
  events: readonly CallEvent[];
}

/** A phone system that counts its calls from one again may use an id again this long after the call ended. */
const reuseAfter = 60 * 60_000;

/**
 * Folds events into the rows of their calls, journals them and tells on the channel `calls`, all in one transaction. The calls are
 * of one organization; each source id comes once.
 *
 * First on top of what this process knows of the calls, without reading them: it booked most of them itself a moment ago, and one that it
 * does not know is mostly new. Where that was wrong nothing is written, and the calls are locked and read.
 */
export async function bookEvents(deps: CallDeps, bookings: readonly Booking[]): Promise<void> {
  if (bookings.length === 0) return;
  if (deps.kept !== undefined && (await bookAll(deps, bookings, recall(deps.kept)))) return;
  for (let tries = 1; !(await bookAll(deps, bookings, lockCalls)); tries += 1) {
    if (tries === triesAtMost) throw new Error('other nodes kept getting in the way of a booking');
  }
}

const triesAtMost = 10;

const recall =
  (kept: KeptCalls): FindCalls =>
  (_, keys) =>
    keys.map((key) => kept.find(key));

type FindCalls = (
  trx: Database,
  keys: readonly CallKey[],
) => readonly (LockedCall | null)[] | Promise<readonly (LockedCall | null)[]>;

/** False when nothing was booked because the calls are not as they were found, or of another node that may be done in a moment. */
async function bookAll(
  deps: CallDeps,
  bookings: readonly Booking[],
  find: FindCalls,
): Promise<boolean> {
  const now = deps.clock.now();
  const keys = bookings.map(({ source, sourceId }) => ({ ...source, sourceId }));
  try {
    const writes = await deps.db.transaction().execute(async (trx) => {
      const folded = foldBookings(bookings, await find(trx, keys), now);
      if (folded.length === 0) return folded;
      const saved = await saveCalls(trx, folded, { now, node: deps.notifier.node });
      if (saved < folded.length) throw new Outdated();
      for (const { call, callId, before, organizationId } of folded)
        await tellWatchers(deps, trx, { ...call, organizationId, id: callId }, before);
      await tellCalls(deps, trx, folded.map(storedCall));
      return folded;
    });
    for (const write of writes)
      deps.kept?.keep({ ...storedCall(write), occurrence: write.occurrence });
    return true;
  } catch (error) {
    deps.kept?.forget(keys);
    if (error instanceof Outdated || (error as { code?: unknown }).code === deadlock) return false;
    throw error;
  }
}

/** Another node booked something of the same call, or this process never knew it: what we have goes on top of that. */
class Outdated extends Error {}

const deadlock = '40P01';

/** A write for every call that has something new; two source ids lead to the same one when it was merged. */
function foldBookings(
  bookings: readonly Booking[],
  locked: readonly (LockedCall | null)[],
  now: Date,
): CallWrite[] {
  const writes = new Map<string, CallWrite>();
  for (const [index, booking] of bookings.entries()) {
    const write = foldBooking(booking, locked[index] ?? null, writes, now);
    if (write !== null) writes.set(write.callId, write);
  }
  return [...writes.values()];
}

/** What is to be written for a booking; null when it tells nothing new. */
function foldBooking(
  { source, events }: Booking,
  known: LockedCall | null,
  writes: ReadonlyMap<string, CallWrite>,
  now: Date,
): CallWrite | null {
  if (known !== null && !isReused(known, events, now)) {
    const begun = writes.get(known.id);
    const { call, news } = foldAll(begun?.call ?? known, events);
    if (call === null || news.length === 0) return null;
    const earlier = begun?.events ?? [];
    const { organizationId, phoneSystemId, id: callId, occurrence } = known;
    const key = { organizationId, phoneSystemId, callId, occurrence };
    return { ...key, before: known, call, events: [...earlier, ...news] };
  }
  const { call, news } = foldAll(null, events);
  if (call === null) return null;
  const occurrence = (known?.occurrence ?? 0) + 1;
  return { ...source, callId: newId(), occurrence, before: null, call, events: news };
}

/** Tells everybody who listens, when the transaction that saved the calls commits; this node's listeners get them as they are now. */
export function tellCalls(
  { notifier }: CallDeps,
  trx: Database,
  calls: readonly StoredCall[],
): Promise<void> {
  const messages = calls.map((call) => ({
    payload: { organizationId: call.organizationId, callId: call.id },
    known: call,
  }));
  return afterCommit(trx, (sure) => notifier.tell(callsChannel, messages, sure));
}

export async function tellWatchers(
  { watchers = [] }: CallDeps,
  trx: Database,
  call: BookedCall,
  before: Call | null,
): Promise<void> {
  if (call.testId !== null) return;
  for (const watcher of watchers) await watcher.changed?.(trx, call, before);
}

/** As its row is after the write. */
export function storedCall({ before, call, ...write }: CallWrite): StoredCall {
  const { organizationId, phoneSystemId, callId: id } = write;
  const revision = (before?.revision ?? 0) + 1;
  return { ...call, organizationId, phoneSystemId, id, mergedInto: null, revision };
}

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
