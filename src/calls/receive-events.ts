import { inOrganization } from '../platform/database/scope.ts';
import type { CallEvent, PhoneEvent, Snapshot } from '../telephony/port.ts';
import { bookEvents } from './book-events.ts';
import type { Booking, CallDeps } from './book-events.ts';
import { openSourceIds } from './booking-store.ts';
import { joinCalls } from './join-calls.ts';
import type { EventSource } from './store.ts';

/** What one phone system tells, in its order. */
export interface Told {
  source: EventSource;
  events: readonly PhoneEvent[];
}

/**
 * Books what a phone system tells, with a notice on `calls` in the same transaction. Events may come twice, late, out of order and
 * on several nodes at once: the row's lock puts them one after the other, and an event that says nothing new leaves no trace.
 */
export function receiveEvents(
  deps: CallDeps,
  source: EventSource,
  events: readonly PhoneEvent[],
): Promise<void> {
  return receiveTogether(deps, source.organizationId, [{ source, events }]);
}

/** The same for several phone systems of an organization: their calls are booked in one transaction. */
export function receiveTogether(
  deps: CallDeps,
  organizationId: string,
  told: readonly Told[],
): Promise<void> {
  return inOrganization(organizationId, async () => {
    for (let left = told; left.length > 0;) left = await receiveSome(deps, left);
  });
}

/** Books what each tells up to its first event about several calls, and that one. Answers what is left. */
async function receiveSome(deps: CallDeps, told: readonly Told[]): Promise<Told[]> {
  const bookings: Booking[] = [];
  const left: Told[] = [];
  const several: { source: EventSource; event: AboutSeveral }[] = [];
  for (const { source, events } of told) {
    const place = events.findIndex(isAboutSeveral);
    const ofOneEach = (place === -1 ? events : events.slice(0, place)) as CallEvent[];
    for (const [sourceId, ofCall] of Map.groupBy(ofOneEach, ({ call }) => call))
      bookings.push({ source, sourceId, events: ofCall });
    if (place === -1) continue;
    several.push({ source, event: events[place] as AboutSeveral });
    left.push({ source, events: events.slice(place + 1) });
  }
  await bookMany(deps, bookings);
  for (const { source, event } of several) {
    if (event.type === 'snapshot') await closeMissing(deps, source, event);
    else await joinCalls(deps, source, event);
  }
  return left;
}

type AboutSeveral = Extract<PhoneEvent, { type: 'snapshot' | 'call-merged' }>;

function isAboutSeveral({ type }: PhoneEvent): boolean {
  return type === 'snapshot' || type === 'call-merged';
}

/** In one transaction; a longer one would keep locks for too long. */
const callsAtOnce = 200;

async function bookMany(deps: CallDeps, bookings: readonly Booking[]): Promise<void> {
  for (let at = 0; at < bookings.length; at += callsAtOnce)
    await bookEvents(deps, bookings.slice(at, at + callsAtOnce));
}

/** What is open here and not in the snapshot ended unseen. */
async function closeMissing(
  deps: CallDeps,
  source: EventSource,
  { calls, at }: Snapshot,
): Promise<void> {
  const up = new Set(calls);
  const gone = (await openSourceIds(deps.db, source)).filter((call) => !up.has(call));
  const ended = (call: string) => ({ type: 'call-ended', call, at, cause: 'unknown' }) as const;
  await bookMany(
    deps,
    gone.map((call) => ({ source, sourceId: call, events: [ended(call)] })),
  );
}
