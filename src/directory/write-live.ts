import { randomInt } from 'node:crypto';
import type { CrmRecord, RecordKind, RecordType } from '../crm/record.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Database } from '../platform/database/database.ts';
import { lockMirror } from './live-store.ts';
import { deleteRecords } from './record-store.ts';
import type { Place } from './record-store.ts';
import { holdConnection } from './removal-store.ts';
import { preparePage, writePage } from './write-page.ts';

const kindOf: Record<RecordType, RecordKind> = {
  user: 'users',
  customer: 'customers',
  contact: 'contacts',
  consumer: 'contacts',
  case: 'cases',
};

/**
 * Stores records that were read live, beside whatever pull is going on: it waits for a page that is being written, and
 * what it stores counts as seen.
 */
export async function writeLive(db: Database, place: Place, records: CrmRecord[]): Promise<void> {
  for (const some of Map.groupBy(records, ({ type }) => kindOf[type]).values())
    await db.transaction().execute((trx) => writeLiveWith(trx, place, some));
}

/** The same with the caller's own transaction, for records of one kind; other writers of the mirror wait for its end. */
export async function writeLiveWith(
  trx: Database,
  place: Place,
  records: CrmRecord[],
): Promise<void> {
  const [first] = records;
  if (first === undefined) return;
  const { types } = await preparePage({ records, total: null, cursor: '' });
  if (!(await holdConnection(trx, place))) return;
  const busy = await lockMirror(trx, place);
  const home = (await organizationById(trx, place.organizationId))?.country ?? '';
  const page = busy ? -randomInt(1_000_000, 2_000_000_000) : null;
  await writePage(trx, place, { kind: kindOf[first.type], page, types, home });
}

/** Deletes records that the CRM no longer gives. */
export async function dropLive(
  db: Database,
  place: Place,
  type: RecordType,
  ids: string[],
): Promise<void> {
  if (ids.length === 0) return;
  await db.transaction().execute(async (trx) => {
    await lockMirror(trx, place);
    const gone = ids.map((id) => ({ id, before: null }));
    await deleteRecords(trx, place, type, gone);
  });
}
