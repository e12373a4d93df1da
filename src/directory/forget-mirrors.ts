import { setImmediate } from 'node:timers/promises';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations, inOrganization } from '../platform/database/scope.ts';
import { deleteMirrorRows, endRemoval, removedMirrors } from './removal-store.ts';

export const forgetMirrorsTask = 'forget-mirrors';

/** Some 50 ms of the database: whoever waits for it waits no longer than for a page of a pull. */
const rowsAtOnce = 5_000;

/**
 * Deletes what removed connections left in the mirror, in steps of their own, so that nothing waits for all of it. What
 * the signal breaks off the next one goes on with. Answers how many rows that were.
 */
export async function forgetMirrors(db: Database, signal?: AbortSignal): Promise<number> {
  let deleted = 0;
  for (const place of await acrossOrganizations(() => removedMirrors(db))) {
    await inOrganization(place.organizationId, async () => {
      for (;;) {
        signal?.throwIfAborted();
        const rows = await deleteMirrorRows(db, place, rowsAtOnce);
        deleted += rows;
        if (rows === 0) return endRemoval(db, place);
        await setImmediate();
      }
    });
  }
  return deleted;
}
