import { connectionsOf } from '../organization/connection-store.ts';
import { allOrganizations } from '../organization/organization-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { deleteDelivered } from './outbox-retention-store.ts';

/** Longer than any pop or wrap-up stands open; what was written is in the CRM, and the note itself stays with the call. */
const keptDays = 30;
/** Small transactions: nobody who delivers meanwhile waits for one. */
const batch = 1_000;
/** Of one run; what is left is for the next. */
const mostBatches = 500;

/** Forgets writes that were delivered long ago, in every organization. For a schedule; answers how many. */
export async function forgetWrites(
  { db, clock }: { db: Database; clock: Clock },
  limits = { batch, mostBatches },
): Promise<number> {
  const before = new Date(clock.now().getTime() - keptDays * 86_400_000);
  let [forgotten, batches] = [0, 0];
  for (const { id: organizationId } of await allOrganizations(db)) {
    await inOrganization(organizationId, async () => {
      for (const { id: connectionId } of await connectionsOf(db, organizationId)) {
        for (let deleted = limits.batch; deleted === limits.batch; batches += 1) {
          if (batches === limits.mostBatches) return;
          const place = { organizationId, connectionId };
          deleted = await deleteDelivered(db, place, before, limits.batch);
          forgotten += deleted;
        }
      }
    });
  }
  return forgotten;
}
