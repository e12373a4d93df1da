import type { CallWatcher } from '../calls/book-events.ts';
import { noteDueCalls } from './missed-due-store.ts';
import { dueFor } from './missed-call.ts';

/** What is told of a call after its end mostly comes within this. */
const settleSeconds = 2;

/**
 * Notes, in the transaction that books a call, that it says something about missed calls: nothing is forgotten though the hub is
 * killed, and no booking waits for more than one row. `bookMissedCalls` does the rest.
 */
export function noteMissedCalls(settle = settleSeconds): CallWatcher {
  return {
    async changed(trx, call, before) {
      const due = dueFor(call, before);
      if (due === null) return;
      await noteDueCalls(trx, call.organizationId, [call.id], due === 'at-once' ? 0 : settle);
    },
    merged: (trx, organizationId, from, into) =>
      noteDueCalls(trx, organizationId, [from, into], settle),
  };
}
