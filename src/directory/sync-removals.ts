import { CrmError } from '../crm/crm-error.ts';
import type { CrmConnection, Removal } from '../crm/port.ts';
import type { RecordType } from '../crm/record.ts';
import { whileInCharge } from './lease.ts';
import type { Lease } from './lease.ts';
import { deleteRecords } from './record-store.ts';
import { firstSince } from './sync-changes.ts';
import { saveSync } from './sync-store.ts';
import type { SyncState } from './sync-store.ts';

/**
 * Deletes what was deleted in the CRM since the last time. False where the CRM does not let us read
 * its deletions: then only a comparison of keys finds them.
 */
export async function syncRemovals(
  lease: Lease,
  crm: Pick<CrmConnection, 'removals'>,
  state: Pick<SyncState, 'removals_cursor'>,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    const since = state.removals_cursor ?? (await firstSince(lease, 'contacts'));
    for await (const page of crm.removals({ since, signal })) {
      await whileInCharge(lease, async (trx) => {
        for (const [type, gone] of byType(page.removals))
          await deleteRecords(trx, lease.place, type, gone);
        await saveSync(trx, lease.place, {
          removals_cursor: page.cursor,
          removals_readable: true,
        });
      });
    }
    return true;
  } catch (error) {
    if (!(error instanceof CrmError) || error.code !== 'no-access') throw error;
    await saveSync(lease.db, lease.place, { removals_readable: false });
    return false;
  }
}

function byType(removals: Removal[]): Map<RecordType, { id: string; before: Date | null }[]> {
  const types = new Map<RecordType, { id: string; before: Date | null }[]>();
  for (const { type, id, at } of removals) {
    // Within the second of its deletion a record may have been written.
    const before = at === null ? null : new Date(at.getTime() + 999);
    types.set(type, [...(types.get(type) ?? []), { id, before }]);
  }
  return types;
}
