import type { CrmConnection, RecordKey } from '../crm/port.ts';
import type { RecordKind, RecordType } from '../crm/record.ts';
import { organizationById } from '../organization/organization-store.ts';
import { whileInCharge } from './lease.ts';
import type { Lease } from './lease.ts';
import { pagesAhead } from './pages-ahead.ts';
import { forgetSeen, recordSeen } from './pull-store.ts';
import { outdatedIds } from './record-store.ts';
import { removeUnseen } from './remove-unseen.ts';
import { preparePage, writePage } from './write-page.ts';

export interface CompareDeps {
  lease: Lease;
  crm: Pick<CrmConnection, 'keys' | 'read'>;
  caseDays: number;
  signal?: AbortSignal | undefined;
  /** Awaited after each page: what must not wait for the whole comparison. */
  afterPage?(kind: RecordKind): Promise<void>;
}

/**
 * Compares the keys and revisions of a kind with the mirror: reads what is new or was written
 * without its time being moved, deletes what is gone unless that looks like a mistake.
 */
export async function compareKeys(
  { lease, crm, caseDays, signal, afterPage }: CompareDeps,
  kind: RecordKind,
): Promise<{ read: number; removed: number; kept: number }> {
  const { place } = lease;
  await whileInCharge(lease, (trx) => forgetSeen(trx, place, kind));
  const open = (stopped: AbortSignal) => crm.keys(kind, { caseDays, signal: stopped });
  let total: number | null = null;
  let number = 0;
  let read = 0;
  for await (const pages of pagesAhead(open, signal, async (page) => page)) {
    total = pages.at(-1)?.total ?? total;
    for (const [type, keys] of pages.flatMap((page) => [...byType(page.keys)])) {
      const outdated = await whileInCharge(lease, async (trx) => {
        const ids = keys.map(({ id }) => id);
        await recordSeen(trx, place, { kind, page: number, type, ids });
        return outdatedIds(trx, place, type, keys);
      });
      number += 1;
      read += await readAnew({ lease, crm, signal }, kind, type, outdated);
    }
    await afterPage?.(kind);
  }
  const { removed, kept } = await whileInCharge(lease, (trx) =>
    removeUnseen(trx, place, kind, { total, confirmed: false }),
  );
  return { read, removed, kept };
}

const readAtOnce = 100;

async function readAnew(
  { lease, crm, signal }: Omit<CompareDeps, 'caseDays'>,
  kind: RecordKind,
  type: RecordType,
  ids: string[],
): Promise<number> {
  const { place } = lease;
  for (let start = 0; start < ids.length; start += readAtOnce) {
    const records = await crm.read(type, ids.slice(start, start + readAtOnce), { signal });
    const { types } = await preparePage({ records, total: null, cursor: '' });
    await whileInCharge(lease, async (trx) => {
      const home = (await organizationById(trx, place.organizationId))?.country ?? '';
      await writePage(trx, place, { kind, page: null, types, home });
    });
  }
  return ids.length;
}

function byType(keys: RecordKey[]): Map<RecordType, RecordKey[]> {
  return Map.groupBy(keys, ({ type }) => type);
}
