import { recordKinds } from '../crm/record.ts';
import { recordChange } from '../organization/audit-store.ts';
import { checkedConnections, connectionById } from '../organization/connection-store.ts';
import { requireOrganizationFeature } from '../organization/organization-features.ts';
import { requireRole } from '../organization/viewer.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { SyncSettings, SyncView } from './contract.ts';
import { countRecords } from './mirror-store.ts';
import { progressOf } from './pull-store.ts';
import type { StoredProgress } from './pull-store.ts';
import { everySeconds } from './sync-plan.ts';
import { defaultCaseDays, findSyncState, orderRound, saveSync, syncState } from './sync-store.ts';
import type { SyncState } from './sync-store.ts';

export interface SyncViewDeps {
  db: Database;
  clock: Clock;
}

/** How the mirror of a connection is kept fresh. Throws `not-found`. */
export async function viewSync(
  { db, clock }: SyncViewDeps,
  viewer: Viewer,
  connectionId: string,
): Promise<SyncView> {
  const place = await ownConnection(db, viewer, connectionId);
  const checked = await checkedConnections(db, viewer.organizationId);
  const version = checked.find(({ id }) => id === connectionId)?.version ?? null;
  const state = await findSyncState(db, place);
  // As they are pulled.
  const progress = (await progressOf(db, place)).toSorted(
    (a, b) => recordKinds.indexOf(a.kind) - recordKinds.indexOf(b.kind),
  );
  const complete = progress.flatMap(({ complete_as_of: asOf }) => asOf ?? []);
  const fresh = progress
    .filter(({ kind }) => kind === 'contacts' || kind === 'cases')
    .flatMap(asOf);
  return {
    state: stateOf(state, progress, version),
    everySeconds: everySeconds(state ?? { every_seconds: null }),
    caseDays: state?.case_days ?? defaultCaseDays,
    heldCaseDays: heldDays(progress),
    nextAt: state?.next_at.toISOString() ?? null,
    lastPullAt:
      complete.length === 0 ? null : new Date(Math.min(...complete.map(Number))).toISOString(),
    lagSeconds:
      fresh.length === 0
        ? null
        : Math.max(0, Math.round((clock.now().getTime() - Math.min(...fresh.map(Number))) / 1000)),
    everythingWanted: state?.everything_at != null,
    removalsReadable: state?.removals_readable ?? null,
    rows: await countRecords(db, place),
    kinds: progress.map((row) => ({
      kind: row.kind,
      status: row.status,
      done: row.done,
      total: row.total,
      asOf: asOf(row)[0]?.toISOString() ?? null,
    })),
    usage:
      state?.usage == null
        ? null
        : {
            requestsLastHour: state.usage.requestsLastHour,
            limit: state.usage.rateLimit?.limit ?? null,
            resetsAt: state.usage.rateLimit?.resetsAt ?? null,
          },
    error: errorOf(state),
  };
}

/** 'Pull now': the next round begins at once and reads every kind; with `everything` it pulls all of it anew. */
export async function orderSync(
  { db, clock }: SyncViewDeps,
  viewer: Viewer,
  connectionId: string,
  { everything }: { everything: boolean },
): Promise<void> {
  requireRole(viewer, 'administrator');
  await requireOrganizationFeature(db, viewer.organizationId, 'pull');
  const place = await ownConnection(db, viewer, connectionId);
  const checked = await checkedConnections(db, viewer.organizationId);
  if (!checked.some(({ id }) => id === connectionId)) {
    throw new RingsideError('conflict', 'This connection has not been checked yet.', {
      fix: 'Start the Systems Check: it pulls the data too.',
    });
  }
  await syncState(db, place);
  const now = clock.now();
  await saveSync(db, place, { slow_at: null, ...(everything ? { everything_at: now } : {}) });
  await orderRound(db, place);
}

/**
 * How often a connection is read and how long closed cases are kept; the next round, at once and on whatever node, obeys.
 * Throws `not-found`.
 */
export async function saveSyncSettings(
  { db, clock }: SyncViewDeps,
  viewer: Viewer,
  connectionId: string,
  { everySeconds: seconds, caseDays }: SyncSettings,
): Promise<void> {
  const place = await ownConnection(db, viewer, connectionId);
  await db.transaction().execute(async (trx) => {
    const state = await syncState(trx, place);
    const before = { everySeconds: everySeconds(state), caseDays: state.case_days };
    if (before.everySeconds === seconds && before.caseDays === caseDays) return;
    await saveSync(trx, place, { every_seconds: seconds, case_days: caseDays });
    await orderRound(trx, place);
    const connection = await connectionById(trx, place.organizationId, connectionId);
    await recordChange(trx, place.organizationId, {
      at: clock.now(),
      by: viewer,
      action: 'change synchronization',
      subject: connection?.settings['endpoint'] ?? connection?.platform ?? connectionId,
      detail: { connectionId, before, after: { everySeconds: seconds, caseDays } },
    });
  });
}

async function ownConnection(db: Database, viewer: Viewer, connectionId: string) {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  if ((await connectionById(db, organizationId, connectionId)) === null)
    throw new RingsideError('not-found', 'There is no such connection.');
  return { organizationId, connectionId };
}

function heldDays(progress: readonly StoredProgress[]): number | null {
  const cases = progress.find(({ kind }) => kind === 'cases');
  return cases?.complete_as_of == null ? null : cases.held_case_days;
}

function asOf({ complete_as_of: pulled, changes_as_of: changed }: StoredProgress): Date[] {
  if (pulled === null) return [];
  return [changed !== null && changed > pulled ? changed : pulled];
}

function stateOf(
  state: SyncState | null,
  progress: readonly StoredProgress[],
  version: string | null,
): SyncView['state'] {
  if (version === null) return 'unchecked';
  if (state?.stopped_for === version) return 'stopped';
  if (progress.some(({ status }) => status === 'running')) return 'pulling';
  return state !== null && state.error_code !== null ? 'failing' : 'fresh';
}

function errorOf(state: SyncState | null): SyncView['error'] {
  if (state === null || state.error_code === null) return null;
  return {
    code: state.error_code,
    message: state.error_message ?? '',
    fix: state.error_fix ?? '',
    at: state.error_at?.toISOString() ?? null,
    failures: state.failures,
  };
}
