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
  for (let rest = events; rest.length > 0;) {
    const [first] = rest;
    if (first === undefined) return;
    if (first.type === 'snapshot') await closeMissing(deps, source, first);
    else if (first.type === 'call-merged') await joinCalls(deps, source, first);
    else {
      const run = sameCall(rest, first.call);
      await bookEvents(deps, source, first.call, run);
      rest = rest.slice(run.length);
      continue;
    }
    rest = rest.slice(1);
  }
}

/** The events at the beginning that belong to one call. */
function sameCall(events: readonly PhoneEvent[], call: string): CallEvent[] {
  const run: CallEvent[] = [];
  for (const event of events) {
    if (event.type === 'snapshot' || event.type === 'call-merged' || event.call !== call) break;
    run.push(event);
  }
  return run;
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
