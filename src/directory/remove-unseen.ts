import type { RecordKind, RecordType } from '../crm/record.ts';
import type { Database } from '../platform/database/database.ts';
import { forgetSeen, planForWholeTables } from './pull-store.ts';
import { countSeen, deleteUnseen } from './record-store.ts';
import type { Place } from './record-store.ts';
import { mayRemove } from './removal.ts';

const typesOf: Record<RecordKind, RecordType[]> = {
  users: ['user'],
  customers: ['customer'],
  contacts: ['contact', 'consumer'],
  cases: ['case'],
};

/**
 * After everything of a kind was gone through: deletes what was not seen, unless that looks like a
 * mistake, and forgets what was. `total` is how many the CRM says there are.
 */
export async function removeUnseen(
  trx: Database,
  place: Place,
  kind: RecordKind,
  { total, confirmed }: { total: number | null; confirmed: boolean },
): Promise<{ seen: number; removed: number; kept: number }> {
  await planForWholeTables(trx);
  let [stored, seen] = [0, 0];
  for (const type of typesOf[kind]) {
    const counts = await countSeen(trx, place, type);
    stored += counts.stored;
    seen += counts.seen;
  }
  const remove = confirmed || mayRemove({ stored, seen, total });
  const missing = stored - seen;
  if (remove && missing > 0) for (const type of typesOf[kind]) await deleteUnseen(trx, place, type);
  await forgetSeen(trx, place, kind);
  return { seen, removed: remove ? missing : 0, kept: remove ? 0 : missing };
}
