import type { CrmConnection } from '../crm/port.ts';
import type { RecordKind } from '../crm/record.ts';
import { organizationById } from '../organization/organization-store.ts';
import { whileInCharge } from './lease.ts';
import type { Lease } from './lease.ts';
import { pagesAhead } from './pages-ahead.ts';
import { commitWithoutWaiting, progressOf } from './pull-store.ts';
import type { StoredProgress } from './pull-store.ts';
import { newestChange, saveChanges } from './sync-store.ts';
import { preparePage, writePage } from './write-page.ts';

export interface ChangesDeps {
  lease: Lease;
  crm: Pick<CrmConnection, 'changes'>;
  now(): Date;
  signal?: AbortSignal | undefined;
}

/**
 * The first changes are read from so long before the pull began, or before the newest record known
 * when the instance's clock is far behind ours. Later on the instance's own times count.
 */
const clockAllowanceMs = 15 * 60_000;

/**
 * Brings the changes of a kind over since the last time, page by page, each committed with its
 * cursor. `notePage` is given while all of the kind is gone through (a pull, a comparison of keys):
 * what changes meanwhile has been seen too. Answers how many records were written.
 */
export async function syncChanges(
  { lease, crm, now, signal }: ChangesDeps,
  kind: RecordKind,
  progress: Pick<StoredProgress, 'changes_cursor'>,
  notePage: (() => number) | null = null,
): Promise<number> {
  const { place } = lease;
  const asOf = now();
  const since = progress.changes_cursor ?? (await firstSince(lease, kind));
  const open = (stopped: AbortSignal) => crm.changes(kind, { since, signal: stopped });
  let written = 0;
  for await (const pages of pagesAhead(open, signal, preparePage)) {
    for (const page of pages) {
      written += await whileInCharge(lease, async (trx) => {
        await commitWithoutWaiting(trx);
        await saveChanges(trx, place, kind, { cursor: page.cursor });
        if (page.count === 0) return 0;
        const home = (await organizationById(trx, place.organizationId))?.country ?? '';
        return writePage(trx, place, { kind, page: notePage?.() ?? null, types: page.types, home });
      });
    }
  }
  await whileInCharge(lease, (trx) => saveChanges(trx, place, kind, { asOf }));
  return written;
}

/** Where changes and deletions are read from the first time after a complete pull. */
export async function firstSince({ db, place }: Lease, kind: RecordKind): Promise<Date> {
  const progress = (await progressOf(db, place)).find((one) => one.kind === kind);
  const began = progress?.complete_as_of?.getTime() ?? 0;
  const newest = (await newestChange(db, place, kind))?.getTime() ?? Number.POSITIVE_INFINITY;
  return new Date(Math.max(0, Math.min(began, newest) - clockAllowanceMs));
}
