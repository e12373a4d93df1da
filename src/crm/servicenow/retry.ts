import { CrmError } from '../crm-error.ts';
import type { CallOptions } from '../port.ts';

/** How long and how often one call may be tried. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  attempts: number;
  /** Milliseconds for all tries and the waits between them. */
  budgetMs: number;
  /** Longest single wait in milliseconds; a longer Retry-After is reported instead of waited out. */
  longestWaitMs: number;
  /** Milliseconds for one try. */
  timeoutMs: number;
  /** Bytes of one answer. */
  maxBytes: number;
}

/** For pulling data: patient, a page of a large table may take as long as the instance's own limit of 60 s. */
export const patient: RetryPolicy = {
  attempts: 6,
  budgetMs: 240_000,
  longestWaitMs: 120_000,
  timeoutMs: 90_000,
  maxBytes: 67_108_864,
};

/** While somebody waits for the outcome: a call, an agent. */
export const prompt: RetryPolicy = {
  attempts: 3,
  budgetMs: 20_000,
  longestWaitMs: 5000,
  timeoutMs: 15_000,
  maxBytes: 8_388_608,
};

/** Prompt, or as long as the caller says. */
export function live({ signal, budgetMs = prompt.budgetMs }: CallOptions) {
  const timeoutMs = Math.min(prompt.timeoutMs, budgetMs);
  return { policy: { ...prompt, budgetMs, timeoutMs }, signal };
}

const baseMs = 500;
const capMs = 30_000;

/**
 * Milliseconds to wait before the next try, or null when there is to be none. Retry-After is obeyed to the second, and
 * waited out only when it fits into `leftMs`; otherwise full jitter over an exponential back-off, so that many clients
 * do not come back together. `attempt` counts from 1; `random` is in [0, 1).
 */
export function retryDelay(
  error: unknown,
  attempt: number,
  leftMs: number,
  policy: RetryPolicy,
  random: number,
): number | null {
  if (!(error instanceof CrmError) || !error.retryable || attempt >= policy.attempts) return null;
  // Asking the same again would take as long again; whoever asked may ask for less.
  if (error.code === 'transaction-cancelled') return null;
  const wait =
    error.retryAfter === null
      ? random * Math.min(capMs, baseMs * 2 ** (attempt - 1))
      : error.retryAfter * 1000;
  return wait < leftMs && wait <= policy.longestWaitMs ? wait : null;
}
