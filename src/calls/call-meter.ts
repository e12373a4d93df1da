import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import { afterCommit } from '../platform/database/after-commit.ts';
import type { CallWatcher } from './book-events.ts';

/** Counts calls as they are booked on this node, for /metrics. A call that was merged into another counts as begun. */
export function measureCalls(registry: Registry): CallWatcher {
  const begun = new Counter({
    name: 'ringside_calls_begun_total',
    help: 'Calls that this node booked the first event of, by direction.',
    labelNames: ['direction'],
    registers: [registry],
  });
  const ended = new Counter({
    name: 'ringside_calls_ended_total',
    help: 'Calls that this node booked the end of, by direction and result.',
    labelNames: ['direction', 'result'],
    registers: [registry],
  });
  return {
    async changed(trx, { direction, result }, before) {
      const isOver = result !== null && before?.result === null;
      if (before !== null && !isOver) return;
      await afterCommit(trx, () => {
        if (before === null) begun.inc({ direction });
        if (result !== null) ended.inc({ direction, result });
      });
    },
  };
}
