import { recordKinds } from '../crm/port.ts';
import type { CrmConnection, RecordKind } from '../crm/port.ts';
import { connectionById } from '../organization/connection-store.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { pagesAhead } from './pages-ahead.ts';
import { takeLease, whileInCharge } from './lease.ts';
import type { Lease } from './lease.ts';
import * as pulls from './pull-store.ts';
import type { StoredProgress } from './pull-store.ts';
import type { Place } from './record-store.ts';
import { removeUnseen } from './remove-unseen.ts';
import { interruptedAt, progressSince } from './resume.ts';
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
  /**
   * An interrupted pull that began at this moment or later goes on where it stood; six hours ago when not given.
   */
  resumeSince?: Date;
  /** Awaited after each page: what must not wait for the whole pull. */
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

export type PullResult = Partial<Record<RecordKind, KindResult>>;

/**
 * Brings the mirror of a connection to what the CRM holds now: all records of each kind, page by
 * page, each page committed while the next one is on its way; look-ups see it at once. What the CRM
 * no longer gives is deleted after the last page of its kind, never after a pull that failed.
 * Memory holds two pages. A pull that failed or whose process died goes on where it stood.
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
  const { db } = deps;
  const place = { organizationId, connectionId };
  options.signal?.throwIfAborted();
  const kinds = options.kinds ?? recordKinds;
  const source = await sourceOf(db, place);
  const since = options.resumeSince ?? new Date(Date.now() - 6 * 3_600_000);
  const known = await pulls.progressOf(db, place);
  const startedAt = interruptedAt(known, { kinds, source, since });
  const lease = await takeLease(db, place, 'pull', startedAt);
  if (lease === null) {
    throw new RingsideError('conflict', 'The data of this connection is being pulled already.', {
      fix: 'Wait until that is done.',
    });
  }
  const homes = new Set<string>();
  try {
    const result: PullResult = {};
    const done = new Map(
      kinds.map((kind) => [
        kind,
        startedAt === null ? null : progressSince(known, kind, startedAt, source),
      ]),
    );
    await announce(
      { ...lease, source },
      kinds.filter((kind) => done.get(kind) === null),
    );
    for (const kind of kinds) {
      const before = done.get(kind) ?? null;
      result[kind] = await pullKind({ ...deps, ...options, ...lease, source, homes, kind, before });
    }
    await followCountry(db, organizationId, homes);
    await lease.end('done');
    return result;
  } catch (error) {
    // The first error is the one to tell; a pull that cannot even be ended loses its lease by
    // itself.
    await lease.end(options.signal?.aborted === true ? 'cancelled' : 'failed').catch(() => {});
    throw error;
  }
}

interface KindPull extends PullDeps, PullOptions, Lease {
  source: string;
  /** What an interrupted pull has done of this kind; null: nothing. */
  before: StoredProgress | null;
  /**
   * The organization's countries with which numbers were read; more than one when it changed
   * meanwhile.
   */
  homes: Set<string>;
  kind: RecordKind;
}

/** Which instance a connection leads to; every platform calls that setting `endpoint`. */
export async function sourceOf(db: Database, place: Place): Promise<string> {
  const connection = await connectionById(db, place.organizationId, place.connectionId);
  return connection?.settings['endpoint'] ?? '';
}

/** Whoever goes on with this pull must know of the kinds that it never came to. */
async function announce(lease: Lease & { source: string }, kinds: RecordKind[]): Promise<void> {
  const nothing = { status: 'running', done: 0, total: null, cursor: null } as const;
  await whileInCharge(lease, async (trx) => {
    for (const kind of kinds) await pulls.saveProgress(trx, lease.place, lease, kind, nothing);
  });
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
  const { db, place, kind, before, onProgress } = pull;
  if (before?.status === 'done') {
    const { done, total } = before;
    onProgress?.({ kind, status: 'done', done, total });
    return { count: done, total, written: 0, removed: 0, kept: 0 };
  }
  const resumed = before !== null && before.cursor !== null;
  const progress = {
    done: resumed ? before.done : 0,
    total: resumed ? before.total : null,
    written: 0,
    page: resumed ? await pulls.nextPage(db, place, kind) : 0,
    cursor: resumed ? before.cursor : null,
  };
  await whileInCharge(pull, async (trx) => {
    if (!resumed) await pulls.forgetSeen(trx, place, kind);
    await pulls.saveProgress(trx, place, pull, kind, { ...progress, status: 'running' });
  });
  const tell = (status: 'running' | 'done') =>
    onProgress?.({ kind, status, done: progress.done, total: progress.total });
  tell('running');
  const { cursor } = progress;
  const open = (signal: AbortSignal) => pull.crm.pull(kind, { cursor, signal });
  for await (const page of pagesAhead(open, pull.signal, preparePage)) {
    progress.done += page.count;
    progress.total = page.total ?? progress.total;
    progress.cursor = page.cursor;
    progress.written += await whileInCharge(pull, async (trx) => {
      await pulls.commitWithoutWaiting(trx);
      // Read with each page: the organization may have moved to another country meanwhile.
      const home = (await organizationById(trx, place.organizationId))?.country ?? '';
      pull.homes.add(home);
      await pulls.saveProgress(trx, place, pull, kind, { ...progress, status: 'running' });
      return writePage(trx, place, { kind, page: progress.page, types: page.types, home });
    });
    progress.page += 1;
    if (worthStatistics.has(progress.page)) await pulls.refreshStatistics(db, kind);
    tell('running');
    await pull.afterPage?.(pull, kind);
  }
  const result = await finishKind(pull, progress);
  if (result.written > result.count / 10) await pulls.refreshStatistics(db, kind);
  tell('done');
  return result;
}

/** After these many pages the tables are another order of magnitude. */
const worthStatistics = new Set([1, 10, 100]);

/** After the last page: deletes what was not seen, unless that looks like a mistake. */
async function finishKind(
  pull: KindPull,
  progress: { total: number | null; written: number; cursor: string | null },
): Promise<KindResult> {
  const { place, kind } = pull;
  const { total, written, cursor } = progress;
  return whileInCharge(pull, async (trx) => {
    const { seen, ...gone } = await removeUnseen(trx, place, kind, {
      total,
      confirmed: pull.confirmRemoval === true,
    });
    await pulls.saveProgress(trx, place, pull, kind, {
      status: 'done',
      done: seen,
      total,
      cursor,
    });
    return { count: seen, total, written, ...gone };
  });
}
