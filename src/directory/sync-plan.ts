import { recordKinds } from '../crm/record.ts';
import type { RecordKind } from '../crm/record.ts';
import type { StoredProgress } from './pull-store.ts';
import { defaultEverySeconds } from './sync-store.ts';
import type { SyncState } from './sync-store.ts';

/** What one round of a connection does. */
export type SyncPlan =
  | { work: 'pull'; kinds: RecordKind[]; resumeSince: Date | null }
  | {
      work: 'changes';
      kinds: RecordKind[];
      removals: boolean;
      compare: boolean;
      /** Closed cases are to be kept for fewer days than they are here, or for more. */
      cases: 'trim' | 'widen' | null;
    }
  | { work: 'nothing' };

const fastKinds: readonly RecordKind[] = ['contacts', 'cases'];
const slowSeconds = 60;
const hour = 3_600_000;

/**
 * Contacts and cases every round, users, customers and deletions every minute, the keys once a night. A pull that
 * somebody asked for or that was interrupted goes first. `hourOfDay` is the organization's.
 */
export function planRound(facts: {
  state: SyncState;
  progress: readonly StoredProgress[];
  source: string;
  now: Date;
  hourOfDay: number;
}): SyncPlan {
  const { state, now } = facts;
  const known = facts.progress.filter(({ source }) => source === facts.source);
  if (state.everything_at !== null) {
    const kinds = recordKinds.filter((kind) => known.some((one) => one.kind === kind));
    return {
      work: 'pull',
      kinds: kinds.length === 0 ? [...recordKinds] : kinds,
      resumeSince: state.everything_at,
    };
  }
  // The first pull broke off: without it there is nothing to keep fresh.
  const begun = known.filter(
    ({ status, complete_as_of: complete }) =>
      complete === null && (status === 'running' || status === 'failed'),
  );
  if (begun.length > 0) return { work: 'pull', kinds: begunKinds(known), resumeSince: null };
  const complete = known.filter(({ complete_as_of: asOf }) => asOf !== null);
  if (complete.length === 0) return { work: 'nothing' };
  const slow = isOver(state.slow_at, Math.max(slowSeconds, everySeconds(state)), now);
  const kinds = recordKinds.filter(
    (kind) => (slow || fastKinds.includes(kind)) && complete.some((one) => one.kind === kind),
  );
  const compare = isNight(facts, complete);
  return { work: 'changes', kinds, removals: slow, compare, cases: caseWork(state, complete) };
}

export function everySeconds(state: Pick<SyncState, 'every_seconds'>): number {
  return state.every_seconds ?? defaultEverySeconds;
}

function caseWork(
  { case_days: wanted }: SyncState,
  complete: readonly StoredProgress[],
): 'trim' | 'widen' | null {
  const held = complete.find(({ kind }) => kind === 'cases')?.held_case_days ?? wanted;
  if (held === wanted) return null;
  return held > wanted ? 'trim' : 'widen';
}

/** Kinds of the first pull from the one that broke off; those that it had not come to were not begun. */
function begunKinds(known: readonly StoredProgress[]): RecordKind[] {
  return recordKinds.filter((kind) => known.some((one) => one.kind === kind));
}

function isOver(since: Date | null, seconds: number, now: Date): boolean {
  return since === null || now.getTime() - since.getTime() >= (seconds - 1) * 1000;
}

/** Between one and five at night, or whenever the last comparison is more than two days old. */
function isNight(
  facts: { state: SyncState; now: Date; hourOfDay: number },
  complete: readonly StoredProgress[],
): boolean {
  const times = complete.map(({ complete_as_of: asOf }) => Number(asOf));
  const last = Math.max(Number(facts.state.reconciled_at ?? 0), Math.min(...times));
  const age = facts.now.getTime() - last;
  return age > 48 * hour || (age > 12 * hour && facts.hourOfDay >= 1 && facts.hourOfDay < 5);
}
