import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations, inOrganization } from '../platform/database/scope.ts';
import type { Log } from '../platform/log.ts';
import { keepDoing } from '../platform/rounds.ts';
import type { CheckRunner } from './check-runner.ts';
import { claimOrphans } from './store.ts';

export interface AdoptDeps {
  db: Database;
  log: Log;
  runner: CheckRunner;
}

/**
 * Goes on with runs of the Systems Check whose hub died or was stopped, this one's own before its start included: their
 * steps are made again, which takes seconds, and their pull goes on after its last page. Answers how many.
 */
export async function adoptRuns({ db, runner }: Omit<AdoptDeps, 'log'>): Promise<number> {
  const orphans = await acrossOrganizations(() => claimOrphans(db));
  for (const run of orphans) void inOrganization(run.organizationId, () => runner.conduct(run));
  return orphans.length;
}

/** Looks for such runs every two seconds; answers what ends that and waits for a look under way. */
export function keepAdoptingRuns(deps: AdoptDeps): () => Promise<void> {
  const failed = 'runs without a hub cannot be looked for';
  return keepDoing(() => adoptRuns(deps), { every: 2_000, log: deps.log, failed });
}
