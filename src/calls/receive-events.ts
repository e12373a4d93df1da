import { inOrganization } from '../platform/database/scope.ts';
import type { CallEvent, PhoneEvent, Snapshot } from '../telephony/port.ts';
import { bookEvents } from './book-events.ts';
import type { CallDeps } from './book-events.ts';
import { joinCalls } from './join-calls.ts';
import { openSourceIds } from './booking-store.ts';
import type { EventSource } from './store.ts';

/**
 * Books what a phone system tells: one transaction per call, with a notice on `calls` inside it. Events may come twice, late,
 * out of order and on several nodes at once: the row's lock puts them one after the other, and an event that says nothing
 * new leaves no trace.
 */
export async function receiveEvents(
  deps: CallDeps,
  source: EventSource,
  events: readonly PhoneEvent[],
): Promise<void> {
  await inOrganization(source.organizationId, () => receiveAll(deps, source, events));
}

async function receiveAll(
  deps: CallDeps,
  source: EventSource,
  events: readonly PhoneEvent[],
): Promise<void> {
  for (let at = 0; at < events.length;) {
    const first = events[at]!;
    if (first.type === 'snapshot') await closeMissing(deps, source, first);
    else if (first.type === 'call-merged') await joinCalls(deps, source, first);
    else {
      const run = ofSingleCalls(events, at);
      await bookCalls(deps, source, run);
      at += run.length;
      continue;
    }
    at += 1;
  }
}

/** The events from there on that concern one call each. */
function ofSingleCalls(events: readonly PhoneEvent[], from: number): CallEvent[] {
  const run: CallEvent[] = [];
  for (let at = from; at < events.length; at += 1) {
    const event = events[at]!;
    if (event.type === 'snapshot' || event.type === 'call-merged') break;
    run.push(event);
  }
  return run;
}

const atOnce = 8;

/** Calls do not wait for each other. */
async function bookCalls(deps: CallDeps, source: EventSource, events: readonly CallEvent[]) {
  const calls = [...Map.groupBy(events, ({ call }) => call)];
  for (let at = 0; at < calls.length; at += atOnce) {
    const booked = await Promise.allSettled(
      calls.slice(at, at + atOnce).map(([call, ofCall]) => bookEvents(deps, source, call, ofCall)),
    );
    const failed = booked.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

/** What is open here and not in the snapshot ended unseen. */
async function closeMissing(deps: CallDeps, source: EventSource, snapshot: Snapshot) {
  const up = new Set(snapshot.calls);
  for (const call of await openSourceIds(deps.db, source)) {
    if (up.has(call)) continue;
    const ended = { type: 'call-ended', call, at: snapshot.at, cause: 'unknown' } as const;
    await bookEvents(deps, source, call, [ended]);
  }
}
