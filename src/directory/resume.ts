import type { RecordKind } from '../crm/record.ts';
import type { StoredProgress } from './pull-store.ts';

/**
 * When the interrupted pull began that a new one may go on with; null when there is none: it must
 * have come from the same instance, and not be so old that going on saves little.
 */
export function interruptedAt(
  known: readonly StoredProgress[],
  wanted: { kinds: readonly RecordKind[]; source: string; since: Date },
): Date | null {
  const interrupted = known.filter(
    ({ kind, status, source, pull_started_at: began }) =>
      wanted.kinds.includes(kind) &&
      (status === 'running' || status === 'failed') &&
      source === wanted.source &&
      began !== null &&
      began >= wanted.since,
  );
  const times = interrupted.map((row) => Number(row.pull_started_at));
  return times.length === 0 ? null : new Date(Math.max(...times));
}

/**
 * What the pull that began then has done of a kind; null when it has not come to it, or asked for closed cases of other
 * days.
 */
export function progressSince(
  known: readonly StoredProgress[],
  kind: RecordKind,
  startedAt: Date,
  { source, caseDays }: { source: string; caseDays: number },
): StoredProgress | null {
  const row = known.find((one) => one.kind === kind);
  return row !== undefined &&
    Number(row.pull_started_at) === Number(startedAt) &&
    row.source === source &&
    (kind !== 'cases' || row.case_days === caseDays)
    ? row
    : null;
}
