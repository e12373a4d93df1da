import type { CrmConnection } from '../crm/port.ts';
import type { RecordKind } from '../crm/record.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Database } from '../platform/database/database.ts';
import { restoreNewSpace } from '../platform/new-space.ts';
import { keepPages, preparePull } from './keep-pages.ts';
import type { Course, CourseDeps } from './keep-pages.ts';
import { whileInCharge } from './lease.ts';
import type { Lease } from './lease.ts';
import { countKind } from './mirror-store.ts';
import { pagesAhead } from './pages-ahead.ts';
import * as pulls from './pull-store.ts';
import type { StoredProgress } from './pull-store.ts';
import { removeUnseen } from './remove-unseen.ts';

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
  /**
   * An interrupted pull that began at this moment or later goes on where it stood; six hours ago when not given.
   */
  resumeSince?: Date;
  /** Awaited after every page or few: what must not wait for the whole pull. */
  afterPage?(lease: Lease, kind: RecordKind): Promise<void>;
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

export interface KindPull extends PullDeps, PullOptions, CourseDeps {
  /** Has the planner told how large the kind's tables are, roughly or well, beside the pull. */
  refreshStatistics(kind: RecordKind, rough: boolean): void;
  /** What an interrupted pull has done of this kind; null: nothing. */
  before: StoredProgress | null;
}

/** All records of one kind. Throws like pullDirectory. */
export async function pullKind(pull: KindPull): Promise<KindResult> {
  const { kind, before } = pull;
  const tell = (status: 'running' | 'done', of: { done: number; total: number | null }) =>
    pull.onProgress?.({ kind, status, done: of.done, total: of.total });
  if (before?.status === 'done') {
    tell('done', before);
    return { count: before.done, total: before.total, written: 0, removed: 0, kept: 0 };
  }
  let course = await begin(pull);
  tell('running', course);
  const { cursor, fromEmpty } = course;
  const { caseDays } = pull;
  const open = (signal: AbortSignal) => pull.crm.pull(kind, { cursor, caseDays, signal });
  for await (const pages of pagesAhead(open, pull.signal, preparePull(pull, fromEmpty))) {
    const { page: before } = course;
    restoreNewSpace();
    course = await keepPages(pull, course, pages);
    if (worthStatistics(before, course.page)) pull.refreshStatistics(kind, true);
    tell('running', course);
    await pull.afterPage?.(pull, kind);
    pull.signal?.throwIfAborted();
  }
  const result = await finish(pull, course);
  if (result.written > result.count / 10) pull.refreshStatistics(kind, false);
  tell('done', { done: result.count, total: result.total });
  return result;
}

/** After the first page, the tenth and the hundredth the tables are another order of magnitude. */
function worthStatistics(before: number, now: number): boolean {
  return [1, 10, 100].some((pages) => before < pages && pages <= now);
}

async function begin(pull: KindPull): Promise<Course> {
  const { db, place, kind, before } = pull;
  pull.homes.add((await organizationById(db, place.organizationId))?.country ?? '');
  return whileInCharge(pull, async (trx) => {
    const resumed = before !== null && before.cursor !== null;
    const course = resumed ? await resume(trx, pull, before) : await beginAnew(trx, pull);
    await pulls.saveProgress(trx, place, pull, kind, { ...course, status: 'running' });
    return course;
  });
}

async function resume(
  trx: Database,
  { place, kind }: KindPull,
  { done, total, cursor, from_empty: fromEmpty }: StoredProgress,
): Promise<Course> {
  const page = await pulls.nextPage(trx, place, kind);
  return { done, total, cursor, fromEmpty, page, written: 0 };
}

async function beginAnew(trx: Database, { place, kind }: KindPull): Promise<Course> {
  await pulls.forgetSeen(trx, place, kind);
  const fromEmpty = (await countKind(trx, place, kind)) === 0;
  return { done: 0, total: null, cursor: null, fromEmpty, page: 0, written: 0 };
}

/** After the last page: deletes what was not seen, unless that looks like a mistake. */
async function finish(pull: KindPull, course: Course): Promise<KindResult> {
  const { place, kind } = pull;
  const { total, written, fromEmpty } = course;
  return whileInCharge(pull, async (trx) => {
    const confirmed = pull.confirmRemoval === true;
    const { seen, ...gone } = fromEmpty
      ? { seen: await countKind(trx, place, kind), removed: 0, kept: 0 }
      : await removeUnseen(trx, place, kind, { total, confirmed });
    // Of a pull from nothing too: what was written live meanwhile counts as seen.
    await pulls.forgetSeen(trx, place, kind);
    await pulls.saveProgress(trx, place, pull, kind, { ...course, done: seen, status: 'done' });
    return { count: seen, total, written, ...gone };
  });
}
