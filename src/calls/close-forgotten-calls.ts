import { inOrganization } from '../platform/database/scope.ts';
import { bookEvents } from './book-events.ts';
import type { CallDeps } from './book-events.ts';
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
  for (const { sourceId, ...source } of calls) {
    const ended = { type: 'call-ended', call: sourceId, at: now, cause: 'unknown' } as const;
    await inOrganization(source.organizationId, () => bookEvents(deps, source, sourceId, [ended]));
  }
  if (calls.length > 0) deps.log.warn({ calls: calls.length }, 'calls closed whose end never came');
  return calls.length;
}
