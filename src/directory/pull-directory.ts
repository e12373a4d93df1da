import { recordKinds } from '../crm/record.ts';
import type { RecordKind } from '../crm/record.ts';
import { connectionById } from '../organization/connection-store.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { HubStopped } from '../platform/hub-stopped.ts';
import { takeLease, whileInCharge } from './lease.ts';
import type { Lease } from './lease.ts';
import { pullKind } from './pull-kind.ts';
import type { KindResult, PullDeps, PullOptions } from './pull-kind.ts';
import * as pulls from './pull-store.ts';
import type { Place } from './record-store.ts';
import { interruptedAt, progressSince } from './resume.ts';
import { renormaliseNumbers } from './renormalise-numbers.ts';
import { caseDaysOf, deleteOldCases } from './sync-store.ts';

export type PullResult = Partial<Record<RecordKind, KindResult>>;

/**
 * Brings the mirror of a connection to what the CRM holds now: all records of each kind, page by
 * page, each page committed while the next one is on its way; look-ups see it at once. What the CRM
 * no longer gives is deleted after the last page of its kind, never after a pull that failed.
 * Memory holds a few pages. A pull that failed or whose process died goes on where it stood.
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
  const caseDays = await caseDaysOf(db, place);
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
  const statistics = statisticsAside(db);
  try {
    const result: PullResult = {};
    const done = new Map(
      kinds.map((kind) => [
        kind,
        startedAt === null ? null : progressSince(known, kind, startedAt, { source, caseDays }),
      ]),
    );
    await announce(
      { ...lease, source, caseDays },
      kinds.filter((kind) => done.get(kind) === null),
    );
    const scope = { ...lease, ...statistics, source, caseDays, homes };
    for (const kind of kinds) {
      const before = done.get(kind) ?? null;
      // Old ones are not asked for, and not to be taken for lost.
      if (kind === 'cases')
        await whileInCharge(lease, (trx) => deleteOldCases(trx, place, caseDays));
      result[kind] = await pullKind({ ...deps, ...options, ...scope, kind, before });
    }
    await followCountry(db, organizationId, homes);
    await statistics.done();
    await lease.end('done');
    return result;
  } catch (error) {
    await statistics.done().catch(() => {});
    // The first error is the one to tell; a pull that cannot even be ended loses its lease by
    // itself.
    await lease.end(isCancelled(options.signal) ? 'cancelled' : 'failed').catch(() => {});
    throw error;
  }
}

/** Somebody's wish; a hub that stops leaves a pull that is gone on with. */
function isCancelled(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && !(signal.reason instanceof HubStopped);
}

/** One after the other, while the pull goes on: each takes the database some 0.4 s, for which no page need wait. */
function statisticsAside(db: Database) {
  let last: Promise<void> = Promise.resolve();
  return {
    refreshStatistics(kind: RecordKind, rough: boolean): void {
      last = last.then(() => pulls.refreshStatistics(db, kind, { rough }));
      // Told when they are waited for.
      last.catch(() => {});
    },
    done: () => last,
  };
}

/** Which instance a connection leads to; every platform calls that setting `endpoint`. */
export async function sourceOf(db: Database, place: Place): Promise<string> {
  const connection = await connectionById(db, place.organizationId, place.connectionId);
  return connection?.settings['endpoint'] ?? '';
}

/** Whoever goes on with this pull must know of the kinds that it never came to. */
async function announce(lease: Lease & pulls.PullScope, kinds: RecordKind[]): Promise<void> {
  const nothing = {
    status: 'running',
    done: 0,
    total: null,
    cursor: null,
    fromEmpty: false,
  } as const;
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
