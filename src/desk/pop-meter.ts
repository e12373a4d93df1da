import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { CallWatcher } from '../calls/book-events.ts';
import type { OnPop } from './desk-hub.ts';

/** Rings whose pop is awaited; one that nobody has a Desk open for is forgotten when so many came after it. */
const awaited = 10_000;

/**
 * Counts pops and takes their time, for /metrics: from the moment this node books that a phone joins a call to the moment the pop is
 * written to the agent's stream. A pop of a call that another node booked is counted, and its time is not taken.
 */
export function measurePops(registry: Registry): CallWatcher & {
  /** Answers the seconds that it took; null where they are not known. */
  sent(pop: Parameters<OnPop>[0]): number | null;
} {
  const pops = new Counter({
    name: 'ringside_pops_total',
    help: 'Pops that went to an agent’s screens: live, or with the state that a stream begins with.',
    labelNames: ['how'],
    registers: [registry],
  });
  const latency = new Histogram({
    name: 'ringside_pop_seconds',
    help: 'From booking a ring to sending its pop, of live pops whose ring this node booked.',
    buckets: [0.002, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  const rangAt = new Map<string, number>();
  return {
    async changed(_trx, { id, legs }, before) {
      const known = new Set(before?.legs.map(({ extension }) => extension));
      for (const { extension } of legs) {
        if (extension === null || known.has(extension)) continue;
        rangAt.set(`${id} ${extension}`, performance.now());
      }
      for (const key of rangAt.keys()) {
        if (rangAt.size <= awaited) break;
        rangAt.delete(key);
      }
    },
    sent({ callId, extension, live }) {
      pops.inc({ how: live ? 'live' : 'state' });
      const key = `${callId} ${extension}`;
      const since = rangAt.get(key);
      rangAt.delete(key);
      if (!live || since === undefined) return null;
      const seconds = (performance.now() - since) / 1000;
      latency.observe(seconds);
      return seconds;
    },
  };
}
