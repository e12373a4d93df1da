import { namedSysId } from '../company/sys-id.ts';
import { emptyReply, errorReply, type Reply } from '../http/reply.ts';
import type { Instance } from '../instance.ts';

/** Rate rules and semaphores (§1.7). */
export interface Limits {
  /** Counts a request; answers the 429, or the headers that go on the answer. */
  count(userName: string, path: string): { denied: Reply } | { headers: Reply['headers'] };
}

interface Window {
  end: number;
  count: number;
}

export function createLimits(instance: Instance): Limits {
  const windows = new Map<string, Window>();

  return {
    count(userName, path) {
      const argument = instance.faults.happens('rate-limit', path);
      if (argument === null) {
        windows.clear();
        return { headers: {} };
      }
      const [limit = 0, seconds = 3600] = argument.split('/').map(Number);
      const now = instance.now().getTime() / 1000;
      let window = windows.get(userName);
      if (!window || window.end <= now) {
        window = { end: Math.ceil(now) + seconds, count: 0 };
        windows.set(userName, window);
      }
      window.count++;
      const headers = {
        'X-RateLimit-Limit': String(limit),
        'X-RateLimit-Reset': String(window.end),
        'X-RateLimit-Rule': namedSysId('rate limit rule'),
      };
      if (window.count <= limit) return { headers };
      const per = seconds === 3600 ? 'hour' : `${seconds} seconds`;
      const denied = errorReply(
        429,
        'Rate limit exceeded',
        `Rate limit of ${limit} requests per ${per} for Table API exceeded`,
        {
          ...headers,
          'Retry-After': String(Math.max(1, Math.ceil(window.end - now))),
        },
      );
      return { denied };
    },
  };
}

/** The full queue of a semaphore: a 429 without any hint. */
export function semaphoreFull(instance: Instance, path: string, underWay: number): Reply | null {
  const slots = instance.faults.happens('semaphore', path);
  const full = slots !== null && underWay > Number(slots);
  return full || instance.faults.happens('busy', path) !== null ? emptyReply(429) : null;
}
