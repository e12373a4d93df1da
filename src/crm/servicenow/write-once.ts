import { setTimeout as sleep } from 'node:timers/promises';
import { CrmError } from '../crm-error.ts';
import type { CrmCode } from '../crm-error.ts';
import type { WriteOptions } from '../port.ts';
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

export function writing({
  signal,
  budgetMs = steadfast.budgetMs,
  attempts = steadfast.attempts,
}: WriteOptions) {
  return { policy: { ...steadfast, budgetMs, attempts }, signal };
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
  /** As Client.settledAfterMs. */
  settledAfterMs: number;
}

/**
 * Sends a write that must not be done twice. A try whose answer was lost is looked up before the next one, since a
 * transaction that answers 500 may have been committed, and one that nobody waits for any more goes on. Throws CrmError with
 * `doubtSince` while it may have been done; `unsettled` when it may be under way; `uncertain` when that cannot be found out.
 */
export async function writeOnce<T>(
  write: WriteOnce<T>,
  options: WriteOptions,
): Promise<{ result: T; existed: boolean }> {
  const { policy, signal } = writing(options);
  const end = performance.now() + policy.budgetMs;
  const earlier = options.doubtSince ?? null;
  const doubt = {
    looked: !write.tried && earlier === null,
    since: earlier,
    sentAt: earlier ?? new Date(),
  };
  for (let tried = 1; ; tried += 1) {
    try {
      if (!doubt.looked) {
        const askedAt = Date.now();
        const finding = await write.find();
        if (finding === 'unknown') throw uncertain(write.subject);
        if (finding !== 'not-done') return { result: finding.done, existed: true };
        if (doubt.since !== null) throwIfUnderWay(doubt.since, askedAt, write);
        doubt.looked = true;
      }
      doubt.since = null;
      doubt.sentAt = new Date();
      return { result: await write.send(), existed: false };
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      if (error.code === 'uncertain') throw error.inDoubtSince(doubt.sentAt);
      if (doubt.looked && mayBeDone(error)) {
        doubt.looked = false;
        // With an answer the transaction is over, whatever it did: the look-up can be believed at once.
        doubt.since = error.unanswered ? doubt.sentAt : null;
      }
      const again = mayBeDone(error) ? repeatable(error) : error;
      const wait = retryDelay(again, tried, end - performance.now(), policy, Math.random());
      // Whoever tries again later looks up first, so the failure itself says enough.
      if (wait === null) throw doubt.looked ? error : error.inDoubtSince(doubt.since ?? longAgo);
      await sleep(wait, undefined, signal ? { signal } : {});
    }
  }
}

/** Of a try that is over: it may have been done, but is not under way. */
const longAgo = new Date(0);

/**
 * What counts is when the look-up was sent: on a busy machine its answer may be read seconds after it was given, and what the earlier try
 * did meanwhile stands in none.
 */
function throwIfUnderWay(
  since: Date,
  askedAt: number,
  { subject, settledAfterMs }: WriteOnce<unknown>,
): void {
  const left = since.getTime() + settledAfterMs - askedAt;
  if (left <= 0) return;
  throw failure(
    'unsettled',
    `An earlier try to write ${subject} was cut off: ServiceNow may be at work on it still.`,
    { retryAfter: Math.ceil(left / 1000) },
  );
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
