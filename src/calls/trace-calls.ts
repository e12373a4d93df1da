import { afterCommit } from '../platform/database/after-commit.ts';
import type { Log } from '../platform/log.ts';
import type { CallWatcher } from './book-events.ts';
import type { Call } from './call.ts';

/**
 * Writes the course of each call into the log, so that it can be followed by its id; what becomes of its pops and writes is logged with
 * the same `callId`. Numbers and extensions are personal and stay out.
 */
export function traceCalls(log: Log): CallWatcher {
  return {
    async changed(trx, { organizationId, id: callId, ...call }, before) {
      const steps = stepsOf(call, before);
      if (steps.length === 0) return;
      await afterCommit(trx, () => {
        for (const { message, ...facts } of steps)
          log.info({ organizationId, callId, ...facts }, message);
      });
    },
    async merged(trx, organizationId, callId, into) {
      await afterCommit(trx, () =>
        log.info({ organizationId, callId, into }, 'call merged into another'),
      );
    },
  };
}

type Step = { message: string } & Record<string, unknown>;

function stepsOf(call: Call, before: Call | null): Step[] {
  const steps: Step[] = [];
  const { direction, result } = call;
  if (before === null) steps.push({ message: 'call begun', direction });
  const rung = call.legs.length - (before?.legs.length ?? 0);
  if (rung > 0) steps.push({ message: 'phones joined the call', phones: rung });
  if (call.answeredAt !== null && (before?.answeredAt ?? null) === null)
    steps.push({ message: 'call answered' });
  if (result !== null && before?.result !== result) {
    const seconds = ((call.endedAt ?? call.startedAt).getTime() - call.startedAt.getTime()) / 1000;
    steps.push({ message: 'call ended', direction, result, seconds: Math.round(seconds) });
  }
  return steps;
}
