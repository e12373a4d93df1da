import { CrmError } from '../crm/crm-error.ts';
import type { CrmConnection } from '../crm/port.ts';
import type { RecordKind } from '../crm/record.ts';
import type { CheckedConnection } from '../organization/connection-store.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { compareKeys } from './compare-keys.ts';
import { takeLease, whileInCharge } from './lease.ts';
import type { Lease } from './lease.ts';
import { pullDirectory, sourceOf } from './pull-directory.ts';
import { progressOf } from './pull-store.ts';
import type { Place } from './record-store.ts';
import { everySeconds, planRound } from './sync-plan.ts';
import type { SyncPlan } from './sync-plan.ts';
import { syncChanges } from './sync-changes.ts';
import { syncRemovals } from './sync-removals.ts';
import {
  deleteOldCases,
  endEverything,
  saveHeldDays,
  saveSync,
  scheduleNext,
  syncState,
} from './sync-store.ts';
import type { SyncState } from './sync-store.ts';

export interface SyncDeps {
  db: Database;
  clock: Clock;
  crm: Pick<CrmConnection, 'pull' | 'changes' | 'removals' | 'keys' | 'read' | 'usage'>;
  signal?: AbortSignal;
  /** Awaited when changes were written, once for all kinds of a round. */
  onChanges?(): Promise<void>;
}

/** A connection whose last check failed is tried this seldom. */
const failedSeconds = 600;

/**
 * One round of keeping the mirror of a connection fresh: whatever of pull, changes, deletions and comparison of keys is
 * due. Every page is committed with its cursor, so that a killed round is gone on with by the next one, on whatever
 * node. False when another holder has the lease.
 *
 * Throws CrmError when the CRM fails, `conflict` when a pull took over, the signal's reason when it is aborted.
 */
export async function syncDirectory(
  deps: SyncDeps,
  connection: CheckedConnection,
): Promise<boolean> {
  const { db, clock, crm } = deps;
  const place = { organizationId: connection.organizationId, connectionId: connection.id };
  const state = await syncState(db, place);
  const plan = planRound({
    state,
    progress: await progressOf(db, place),
    source: await sourceOf(db, place),
    now: clock.now(),
    hourOfDay: await hourOfDay(db, place, clock.now()),
  });
  if (plan.work === 'pull') await pullAgain(deps, place, state, plan);
  else if (plan.work === 'changes') {
    const lease = await takeLease(db, place, 'sync');
    if (lease === null) return false;
    try {
      await readChanges(deps, lease, state, plan);
      await lease.end('done');
    } catch (error) {
      await lease.end('failed').catch(() => {});
      throw error;
    }
    if (plan.cases === 'widen') await pullCases(deps, place, state);
  }
  const { requestsLastHour, rateLimit } = crm.usage();
  const usage = {
    requestsLastHour,
    rateLimit:
      rateLimit === null
        ? null
        : { limit: rateLimit.limit, resetsAt: rateLimit.resetsAt?.toISOString() ?? null },
  };
  await saveSync(db, place, { usage, failures: 0, error_code: null, stopped_for: null });
  await scheduleNext(db, place, state, connection.state === 'failed' ? failedSeconds : null);
  return true;
}

async function pullAgain(
  { db, crm, clock, signal }: SyncDeps,
  place: Place,
  state: SyncState,
  { kinds, resumeSince }: SyncPlan & { work: 'pull' },
): Promise<void> {
  const between = changesBetween({ crm, clock, signal }, everySeconds(state));
  await pullDirectory({ db, crm }, place.organizationId, place.connectionId, {
    kinds,
    // Going on with what was interrupted, but not with what is older than the wish for everything.
    ...(resumeSince === null ? {} : { resumeSince }),
    ...(signal === undefined ? {} : { signal }),
    afterPage: between,
  });
  await saveSync(db, place, { reconciled_at: clock.now() });
  await endEverything(db, place, state);
}

/** All cases, since closed ones of more days are wanted now than are here. */
async function pullCases(
  { db, crm, clock, signal }: SyncDeps,
  place: Place,
  state: SyncState,
): Promise<void> {
  await pullDirectory({ db, crm }, place.organizationId, place.connectionId, {
    kinds: ['cases'],
    ...(signal === undefined ? {} : { signal }),
    afterPage: changesBetween({ crm, clock, signal }, everySeconds(state)),
  });
}

async function readChanges(
  deps: SyncDeps,
  lease: Lease,
  state: SyncState,
  { kinds, removals, compare, cases }: SyncPlan & { work: 'changes' },
): Promise<void> {
  const { db, crm, clock, signal } = deps;
  const { place } = lease;
  const now = () => clock.now();
  const progress = await progressOf(db, place);
  const refusals: CrmError[] = [];
  let written = 0;
  const withoutStopping = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      if (!concernsOneTable(error)) throw error;
      refusals.push(error);
    }
  };
  for (const kind of kinds) {
    const row = progress.find((one) => one.kind === kind);
    if (row === undefined) continue;
    await withoutStopping(async () => {
      written += await syncChanges({ lease, crm, now, signal }, kind, row);
    });
  }
  if (written > 0) await deps.onChanges?.();
  if (cases === 'trim' || compare) {
    await whileInCharge(lease, async (trx) => {
      await deleteOldCases(trx, place, state.case_days);
      if (cases === 'trim') await saveHeldDays(trx, place, state.case_days);
    });
  }
  if (removals) {
    if (state.removals_readable !== false || compare) await syncRemovals(lease, crm, state, signal);
    await saveSync(db, place, { slow_at: now() });
  }
  if (compare) {
    const between = changesBetween(deps, everySeconds(state));
    const caseDays = state.case_days;
    for (const { kind, complete_as_of: asOf } of progress) {
      if (asOf === null) continue;
      const afterPage = () => withoutStopping(() => between(lease, kind));
      await withoutStopping(() => compareKeys({ lease, crm, caseDays, signal, afterPage }, kind));
    }
    await saveSync(db, place, { reconciled_at: now() });
  }
  const [first] = refusals;
  if (first !== undefined) throw first;
}

/** What one table refuses says nothing about the others: their changes, and the nightly comparison, go on. */
function concernsOneTable(error: unknown): error is CrmError {
  const codes = [
    'unsafe-query',
    'no-access',
    'rows-hidden',
    'field-hidden',
    'transaction-cancelled',
  ];
  return error instanceof CrmError && codes.includes(error.code);
}

/**
 * Long work must not make the rest wait: between its pages changes of contacts and cases are read as often as ever.
 * What is changed of the kind that is being gone through counts as seen.
 */
function changesBetween(
  { crm, clock, signal }: Pick<SyncDeps, 'crm' | 'clock'> & { signal?: AbortSignal | undefined },
  seconds: number,
): (lease: Lease, kind: RecordKind) => Promise<void> {
  let last = clock.now().getTime();
  let note = 0;
  return async (lease, busyKind) => {
    if (clock.now().getTime() - last < seconds * 1000) return;
    last = clock.now().getTime();
    for (const row of await progressOf(lease.db, lease.place)) {
      if (row.complete_as_of === null || !(row.kind === 'contacts' || row.kind === 'cases'))
        continue;
      const noted = row.kind === busyKind ? () => (note -= 1) : null;
      await syncChanges({ lease, crm, signal, now: () => clock.now() }, row.kind, row, noted);
    }
  };
}

async function hourOfDay(db: Database, place: Place, now: Date): Promise<number> {
  const organization = await organizationById(db, place.organizationId);
  const format = new Intl.DateTimeFormat('en-GB', {
    hour: 'numeric',
    hourCycle: 'h23',
    timeZone: organization?.timeZone ?? 'UTC',
  });
  return Number(format.format(now));
}

/** What a failed round means for the next ones. */
export function afterFailure(
  error: unknown,
  state: SyncState,
  connection: CheckedConnection,
): { waitSeconds: number; stop: boolean } {
  const signIn = error instanceof CrmError && isSignIn(error.code);
  // Two refusals lock no account; a third might. After a check that failed one is enough.
  const stop =
    signIn && (error.stopped || isSignIn(state.error_code) || connection.state === 'failed');
  const asked = error instanceof CrmError ? error.retryAfter : null;
  const most = Math.min(900, everySeconds(state) * 2 ** Math.min(6, state.failures + 1));
  return { waitSeconds: asked ?? most * (0.5 + Math.random() / 2), stop };
}

function isSignIn(code: string | null): boolean {
  return code === 'unauthorized' || code === 'mfa-required';
}
