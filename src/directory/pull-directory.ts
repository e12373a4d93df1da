import { recordKinds } from '../crm/port.ts';
import type { CrmConnection, RecordKind, RecordType } from '../crm/port.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import { pagesAhead } from './pages-ahead.ts';
import * as pulls from './pull-store.ts';
import { countSeen, deleteUnseen } from './record-store.ts';
import type { Place } from './record-store.ts';
import { mayRemove } from './removal.ts';
import { renormaliseNumbers } from './renormalise-numbers.ts';
import { preparePage, writePage } from './write-page.ts';

export interface PullDeps {
  db: Database;
  /** The open connection to pull from; whoever opened it closes it. */
  crm: Pick<CrmConnection, 'pull'>;
}

export interface PullProgress {
  kind: RecordKind;
  status: 'running' | 'done';
  /** Records received so far. */
  done: number;
  /** Records in all as the CRM says; null while it does not. */
  total: number | null;
}

export interface PullOptions {
  /** Kinds to pull, all of them when not given; for a CRM user who may not read one of them. */
  kinds?: readonly RecordKind[];
  onProgress?(progress: PullProgress): void;
  signal?: AbortSignal;
  /** Delete what the CRM no longer gives even where that looks like a mistake (removal.ts). */
  confirmRemoval?: boolean;
}

export interface KindResult {
  /** Different records that the CRM gave. */
  count: number;
  total: number | null;
  /** New ones and those that differ from what was known. */
  written: number;
  /** Records that the CRM no longer gave and that were deleted. */
  removed: number;
  /**
   * Records that the CRM no longer gave and that were kept, because so many at once look like a
   * mistake.
   */
  kept: number;
}

export type PullResult = Partial<Record<RecordKind, KindResult>>;

/**
 * Brings the mirror of a connection to what the CRM holds now: all records of each kind, page by
 * page, each page committed while the next one is on its way; look-ups see it at once. What the CRM
 * no longer gives is deleted after the last page of its kind, never after a pull that failed.
 * Memory holds two pages.
 *
 * Throws `conflict` while this connection is being pulled already, CrmError when the CRM fails, the
 * signal's reason when it is aborted.
 */
export async function pullDirectory(
  deps: PullDeps,
  organizationId: string,
  connectionId: string,
  options: PullOptions = {},
): Promise<PullResult> {
  const place = { organizationId, connectionId };
  const pullId = newId();
  options.signal?.throwIfAborted();
  if (!(await pulls.beginPull(deps.db, place, pullId))) {
    throw new RingsideError('conflict', 'The data of this connection is being pulled already.', {
      fix: 'Wait until that is done.',
    });
  }
  const life = setInterval(
    () => void pulls.stayAlive(deps.db, place, pullId).catch(() => {}),
    pulls.signOfLifeMs,
  );
  life.unref();
  const homes = new Set<string>();
  try {
    const result: PullResult = {};
    for (const kind of options.kinds ?? recordKinds) {
      result[kind] = await pullKind({ ...deps, ...options, place, pullId, homes, kind });
    }
    await followCountry(deps.db, organizationId, homes);
    await pulls.endPull(deps.db, place, pullId, 'done');
    return result;
  } catch (error) {
    const status = options.signal?.aborted === true ? 'cancelled' : 'failed';
    // The first error is the one to tell; a pull that cannot even be ended loses its lease by
    // itself.
    await pulls.endPull(deps.db, place, pullId, status).catch(() => {});
    throw error;
  } finally {
    clearInterval(life);
  }
}

interface KindPull extends PullDeps, PullOptions {
  place: Place;
  pullId: string;
  /**
   * The organization's countries with which numbers were read; more than one when it changed
   * meanwhile.
   */
  homes: Set<string>;
  kind: RecordKind;
}

/** Numbers that were read while the organization moved to another country are read again. */
async function followCountry(
  db: Database,
  organizationId: string,
  homes: Set<string>,
): Promise<void> {
  const now = await organizationById(db, organizationId);
  if (now !== null && [...homes].some((home) => home !== now.country))
    await renormaliseNumbers(db, organizationId);
}

async function pullKind(pull: KindPull): Promise<KindResult> {
  const { db, place, kind, pullId } = pull;
  await inTransaction(pull, async (trx) => {
    await pulls.forgetSeen(trx, place, kind);
    await pulls.saveProgress(trx, place, pullId, kind, {
      status: 'running',
      done: 0,
      total: null,
      cursor: null,
    });
  });
  const progress = {
    done: 0,
    total: null as number | null,
    written: 0,
    page: 0,
    cursor: null as string | null,
  };
  const tell = (status: 'running' | 'done') =>
    pull.onProgress?.({ kind, status, done: progress.done, total: progress.total });
  tell('running');
  for await (const page of pagesAhead(pull.crm, kind, pull.signal, preparePage)) {
    progress.done += page.count;
    progress.total = page.total ?? progress.total;
    progress.cursor = page.cursor;
    progress.written += await inTransaction(pull, async (trx) => {
      await pulls.commitWithoutWaiting(trx);
      // Read with each page: the organization may have moved to another country meanwhile.
      const home = (await organizationById(trx, place.organizationId))?.country ?? '';
      pull.homes.add(home);
      await pulls.saveProgress(trx, place, pullId, kind, { ...progress, status: 'running' });
      return writePage(trx, place, { kind, page: progress.page, types: page.types, home });
    });
    progress.page += 1;
    if (worthStatistics.has(progress.page)) await pulls.refreshStatistics(db, kind);
    tell('running');
  }
  const result = await finishKind(pull, progress);
  if (result.written > result.count / 10) await pulls.refreshStatistics(db, kind);
  tell('done');
  return result;
}

/** After these many pages the tables are another order of magnitude. */
const worthStatistics = new Set([1, 10, 100]);

const typesOf: Record<RecordKind, RecordType[]> = {
  users: ['user'],
  customers: ['customer'],
  contacts: ['contact', 'consumer'],
  cases: ['case'],
};

/** After the last page: deletes what was not seen, unless that looks like a mistake. */
async function finishKind(
  pull: KindPull,
  progress: { total: number | null; written: number; cursor: string | null },
): Promise<KindResult> {
  const { place, pullId, kind } = pull;
  const { total, written, cursor } = progress;
  return inTransaction(pull, async (trx) => {
    await pulls.planForWholeTables(trx);
    let [stored, seen] = [0, 0];
    for (const type of typesOf[kind]) {
      const counts = await countSeen(trx, place, type);
      stored += counts.stored;
      seen += counts.seen;
    }
    const remove = pull.confirmRemoval === true || mayRemove({ stored, seen, total });
    const missing = stored - seen;
    if (remove && missing > 0)
      for (const type of typesOf[kind]) await deleteUnseen(trx, place, type);
    await pulls.forgetSeen(trx, place, kind);
    await pulls.saveProgress(trx, place, pullId, kind, {
      status: 'done',
      done: seen,
      total,
      cursor,
    });
    return {
      count: seen,
      total,
      written,
      removed: remove ? missing : 0,
      kept: remove ? 0 : missing,
    };
  });
}

/** A transaction that only the pull in charge may commit. */
function inTransaction<T>(
  { db, place, pullId }: KindPull,
  work: (trx: Database) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (trx) => {
    if (!(await pulls.stayAlive(trx, place, pullId))) {
      throw new RingsideError('conflict', 'Another pull of this connection has taken over.');
    }
    return work(trx);
  });
}
