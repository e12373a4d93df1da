import { inOrganization } from '../platform/database/scope.ts';
import { bookEvents } from './book-events.ts';
import type { Booking, CallDeps } from './book-events.ts';
import { forgottenCalls } from './booking-store.ts';

/** Milliseconds without any event after which a call counts as over though nobody saw the end. */
const patience = { ringing: 30 * 60_000, talking: 4 * 60 * 60_000 };

/**
 * Closes calls whose end never arrived, with the result `unknown`. For a schedule: every few minutes, on any node.
 * Answers how many it closed.
 */
export async function closeForgottenCalls(deps: CallDeps): Promise<number> {
  const now = deps.clock.now();
  const before = (ms: number) => new Date(now.getTime() - ms);
  const calls = await forgottenCalls(deps.db, before(patience.ringing), before(patience.talking));
  const bookings = calls.map(({ sourceId, ...source }): Booking => {
    const ended = { type: 'call-ended', call: sourceId, at: now, cause: 'unknown' } as const;
    return { source, sourceId, events: [ended] };
  });
  const byOrganization = Map.groupBy(bookings, ({ source }) => source.organizationId);
  for (const [organizationId, ofOne] of byOrganization)
    await inOrganization(organizationId, () => bookEvents(deps, ofOne));
  if (calls.length > 0) deps.log.warn({ calls: calls.length }, 'calls closed whose end never came');
  return calls.length;
}
