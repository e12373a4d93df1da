import { CrmError } from '../crm-error.ts';
import type { Client } from './client.ts';
import { failure } from './failure.ts';
import type { RetryPolicy } from './retry.ts';

/** For the check: somebody is watching. A call may take this long, tries and waits together. */
export const quick: RetryPolicy = {
  attempts: 3,
  budgetMs: 18_000,
  longestWaitMs: 3000,
  timeoutMs: 18_000,
  maxBytes: 4_194_304,
};

/** Silence that a whole check puts up with, so that an instance that never answers is given up within 30 s. */
const silenceMs = 24_000;
/** Less than this is not worth a request. */
const worthTryingMs = 1500;

export interface Patience {
  /** Nothing is left. */
  spent(): boolean;
  /** A client whose calls wait no longer than is left. */
  limit(client: Client): Client;
}

/** Adds up the time that calls spent without an answer and shortens the later ones to what is left. */
export function createPatience(totalMs = silenceMs): Patience {
  let left = totalMs;

  const limit = (policy: RetryPolicy): RetryPolicy => ({
    ...policy,
    budgetMs: Math.min(policy.budgetMs, left),
    timeoutMs: Math.min(policy.timeoutMs, left),
  });

  async function timed<T>(task: () => Promise<T>): Promise<T> {
    if (left < worthTryingMs) throw failure('timeout', 'The instance has stopped answering.');
    const begin = performance.now();
    try {
      return await task();
    } catch (error) {
      if (error instanceof CrmError && error.code === 'timeout') left -= performance.now() - begin;
      throw error;
    }
  }

  return {
    spent: () => left < worthTryingMs,
    limit: (client: Client): Client => ({
      ...client,
      get: (call) => timed(() => client.get({ ...call, policy: limit(call.policy) })),
      probe: (call) => timed(() => client.probe({ ...call, policy: limit(call.policy) })),
    }),
  };
}
