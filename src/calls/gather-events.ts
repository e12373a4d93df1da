import type { PhoneEvent } from '../telephony/port.ts';

/**
 * Hands events on, one batch after the other. What comes while a batch is being kept waits and goes on as one: a phone system that
 * tells faster than a commit takes costs fewer commits then, and pops do not fall behind (bench/ring.ts). The promise is that of
 * the batch in which the events are.
 */
export function gatherEvents(
  receive: (events: PhoneEvent[]) => Promise<void>,
): (events: readonly PhoneEvent[]) => Promise<void> {
  let waiting: PhoneEvent[] = [];
  let last: Promise<void> = Promise.resolve();
  return (events) => {
    if (events.length === 0) return last;
    const batchWaits = waiting.length > 0;
    waiting.push(...events);
    if (batchWaits) return last;
    last = last
      .catch(() => undefined)
      .then(() => {
        const batch = waiting;
        waiting = [];
        return receive(batch);
      });
    return last;
  };
}
