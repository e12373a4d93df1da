import type { Clock } from '../platform/clock.ts';
import { RingsideError } from '../platform/errors.ts';

const windowMs = 60_000;
const allowed = 30;
const addressesAtMost = 10_000;

/**
 * Counts requests with an unknown token, per address and minute: after 30 the answer is 429 instead of 404. Right tokens are
 * never counted, so a phone system that shares an address with somebody who guesses goes on undisturbed.
 */
export function createMissLimit(clock: Clock) {
  let windowStart = 0;
  const misses = new Map<string, number>();
  return {
    /** The error to throw for a token nobody knows. */
    refuse(address: string): RingsideError {
      const now = clock.now().getTime();
      if (now - windowStart >= windowMs || misses.size >= addressesAtMost) {
        misses.clear();
        windowStart = now;
      }
      const count = (misses.get(address) ?? 0) + 1;
      misses.set(address, count);
      if (count <= allowed) {
        return new RingsideError('not-found', 'No phone system has this address.', {
          fix: 'Copy the webhook address from Manage Organization again.',
        });
      }
      return new RingsideError('too-many-requests', 'Too many requests with an unknown token.', {
        retryAfter: Math.ceil((windowStart + windowMs - now) / 1000),
      });
    },
  };
}
