import type { CheckRun } from './contract.ts';
import type { StoredRun } from './store.ts';

/** A stored run as the API shows it. */
export function presentRun(run: StoredRun): CheckRun {
  const { id, connectionId, platform, status, startedBy, byNight } = run;
  const { steps, pulls, counts, oddities, caseRight } = run;
  return {
    id,
    connectionId,
    platform,
    status,
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    startedBy,
    ...{ steps, pulls, counts, oddities, caseRight, byNight },
  };
}
