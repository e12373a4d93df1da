import { CrmError } from '../crm-error.ts';
import type { CrmCode } from '../crm-error.ts';
import type { CrmUsage } from '../port.ts';

/** Counts what an account asks of its instance; for the Admin Portal. */
export interface UsageMeter {
  sent(): void;
  /** Notes X-RateLimit-Limit, -Reset (Unix time) and -Rule; most instances send none. */
  answered(headers: Record<string, string>): void;
  failed(error: unknown): void;
  read(): CrmUsage;
}

const minutes = 60;

export function createUsageMeter(now: () => number = Date.now): UsageMeter {
  // One counter a minute, used in turn.
  const counts = Array.from({ length: minutes }, () => 0);
  const counted = Array.from({ length: minutes }, () => -1);
  const errors = new Map<CrmCode, CrmUsage['errors'][number]>();
  let rateLimit: CrmUsage['rateLimit'] = null;

  return {
    sent() {
      const minute = Math.floor(now() / 60_000);
      const slot = minute % minutes;
      if (counted[slot] !== minute) counts[slot] = 0;
      counted[slot] = minute;
      counts[slot] = (counts[slot] ?? 0) + 1;
    },
    answered(headers) {
      const limit = Number(headers['x-ratelimit-limit'] ?? Number.NaN);
      if (!Number.isFinite(limit)) return;
      const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
      rateLimit = {
        limit,
        resetsAt: Number.isFinite(reset) ? new Date(reset * 1000) : null,
        rule: (headers['x-ratelimit-rule'] ?? '').slice(0, 64),
      };
    },
    failed(error) {
      if (!(error instanceof CrmError)) return;
      const { code, message } = error;
      const count = (errors.get(code)?.count ?? 0) + 1;
      // The newest goes last.
      errors.delete(code);
      errors.set(code, { code, message, count, at: new Date(now()) });
    },
    read() {
      const minute = Math.floor(now() / 60_000);
      const recent = counts.filter((_, slot) => (counted[slot] ?? -1) > minute - minutes);
      return {
        requestsLastHour: recent.reduce((sum, count) => sum + count, 0),
        rateLimit,
        errors: [...errors.values()].toReversed(),
      };
    },
  };
}
