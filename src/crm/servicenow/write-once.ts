import { setTimeout as sleep } from 'node:timers/promises';
import { CrmError } from '../port.ts';
import type { CallOptions, CrmCode } from '../port.ts';
import { failure } from './failure.ts';
import { retryDelay } from './retry.ts';
import type { RetryPolicy } from './retry.ts';

/** For writes, which happen in the background: longer than the instance's own limit of 60 s for one try. */
const steadfast: RetryPolicy = {
  attempts: 5,
  budgetMs: 180_000,
  longestWaitMs: 60_000,
  timeoutMs: 65_000,
  maxBytes: 4_194_304,
};

export function writing({ signal, budgetMs = steadfast.budgetMs }: CallOptions) {
  return { policy: { ...steadfast, budgetMs }, signal };
}

/** Whether the write may have been done although the answer says otherwise, or never came. */
const doubtful = new Set<CrmCode>([
  'timeout',
  'dropped',
  'malformed',
  'transaction-cancelled',
  'maintenance',
]);

export function mayBeDone(error: unknown): boolean {
  return error instanceof CrmError && doubtful.has(error.code);
}

/** What a look-up found out about an earlier try. */
export type Finding<T> = { done: T } | 'not-done' | 'unknown';

export interface WriteOnce<T> {
  /** Sends the write. */
  send(): Promise<T>;
  /** Was it done? */
  find(): Promise<Finding<T>>;
  /** An earlier try, by whomever, may have been done. */
  tried: boolean;
  /** What is written, for the sentence. */
  subject: string;
}

/**
 * Sends a write that must not be done twice. A try whose answer was lost is looked up before the next one, since a
 * transaction that answers 500 may have been committed. Throws CrmError, `uncertain` when that cannot be found out.
 */
export async function writeOnce<T>(
  write: WriteOnce<T>,
  options: CallOptions,
): Promise<{ result: T; existed: boolean }> {
  const { policy, signal } = writing(options);
  const end = performance.now() + policy.budgetMs;
  let doubt = write.tried;
  for (let tried = 1; ; tried += 1) {
    try {
      if (doubt) {
        const finding = await write.find();
        if (finding === 'unknown') throw uncertain(write.subject);
        if (finding !== 'not-done') return { result: finding.done, existed: true };
        doubt = false;
      }
      return { result: await write.send(), existed: false };
    } catch (error) {
      if (!(error instanceof CrmError) || error.code === 'uncertain') throw error;
      doubt ||= mayBeDone(error);
      const again = mayBeDone(error) ? repeatable(error) : error;
      const wait = retryDelay(again, tried, end - performance.now(), policy, Math.random());
      // Whoever tries again later looks up first, so the failure itself says enough.
      if (wait === null) throw error;
      await sleep(wait, undefined, signal ? { signal } : {});
    }
  }
}

/** For the wait before the next try: after a look-up it is safe, and a write that took too long once may be quicker. */
function repeatable({ message, fix, retryAfter }: CrmError): CrmError {
  return failure('timeout', message, { fix, retryAfter, retryable: true });
}

function uncertain(subject: string): CrmError {
  return failure(
    'uncertain',
    `It is not known whether ServiceNow took what was written to ${subject}, and the user may not read what would tell.`,
  );
}
