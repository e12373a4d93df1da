import { recordChange } from '../organization/audit-store.ts';
import { callHandlingOf } from '../organization/call-handling-store.ts';
import { allOrganizations } from '../organization/organization-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import type { Log } from '../platform/log.ts';
import { deleteCalls, deleteJournals, deleteNotes, deleteOrders } from './retention-store.ts';
import type { Aged } from './retention-store.ts';

export const forgetCallsTask = 'forget-calls';

/** A call takes some ten rows along: booking waits no longer for a batch than for one of its own. */
const batch = 200;
/** Of one organization and one kind a night; what is left is for the next. */
const mostBatches = 2_000;

type Deps = { db: Database; clock: Clock; log: Log };

/**
 * Deletes calls, notes and what phone systems told that organizations keep no longer (call handling, `retention`), each batch in a
 * transaction of its own. A call that something is open of stays, and so do its notes: a write that waits for the CRM, a wrap-up,
 * somebody to call back. What the signal breaks off the next night goes on with. What went stands in the organization's audit log, in numbers.
 */
export async function forgetCalls(
  deps: Deps,
  signal?: AbortSignal,
  limits = { batch, mostBatches },
): Promise<void> {
  for (const { id } of await allOrganizations(deps.db)) {
    signal?.throwIfAborted();
    await inOrganization(id, () => forgetCallsOf(deps, id, signal, limits));
  }
}

async function forgetCallsOf(
  { db, clock, log }: Deps,
  organizationId: string,
  signal: AbortSignal | undefined,
  limits: { batch: number; mostBatches: number },
): Promise<void> {
  const { retention } = (await callHandlingOf(db, organizationId)).settings;
  const repeat = async (
    days: number | null,
    step: (trx: Database, which: Aged, limit: number) => Promise<number>,
  ): Promise<number> => {
    if (days === null) return 0;
    const which = { organizationId, before: daysBefore(clock.now(), days) };
    let total = 0;
    for (let batches = 0; batches < limits.mostBatches && !signal?.aborted; batches += 1) {
      const gone = await db.transaction().execute((trx) => step(trx, which, limits.batch));
      total += gone;
      if (gone < limits.batch) break;
    }
    return total;
  };
  const calls = await repeat(retention.calls, deleteCalls);
  await repeat(retention.calls, deleteOrders);
  const notes = await repeat(retention.notes, deleteNotes);
  const journals = await repeat(retention.events, deleteJournals);
  if (calls + notes + journals > 0) {
    log.info({ organizationId, calls, notes, journals }, 'what was kept long enough is deleted');
    await recordChange(db, organizationId, {
      at: clock.now(),
      by: null,
      action: 'delete old calls',
      subject: `${calls} calls, notes of ${notes}, events of ${journals}`,
      detail: { calls, notes, journals, retention },
    });
  }
  signal?.throwIfAborted();
}

/** Days of 24 hours. */
export function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000);
}
