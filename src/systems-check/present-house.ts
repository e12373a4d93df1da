import type { HouseRun } from './house-contract.ts';
import type { StoredHouseRun } from './house-store.ts';

/** A stored run of the check of the house as the API shows it. */
export function presentHouseRun(run: StoredHouseRun): HouseRun {
  const { id, status, startedBy, steps } = run;
  return {
    id,
    status,
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    startedBy,
    steps,
  };
}
