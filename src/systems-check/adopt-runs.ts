import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations, inOrganization } from '../platform/database/scope.ts';
import type { Log } from '../platform/log.ts';
import type { CheckRunner } from './check-runner.ts';
import { claimOrphans } from './store.ts';

export interface AdoptDeps {
  db: Database;
  log: Log;
  runner: CheckRunner;
}

const lookMs = 2_000;

/**
 * Goes on with runs of the Systems Check whose hub died or was stopped, this one's own before its start included: their
 * steps are made again, which takes seconds, and their pull goes on after its last page. Answers how many.
 */
export async function adoptRuns({ db, runner }: Omit<AdoptDeps, 'log'>): Promise<number> {
  const orphans = await acrossOrganizations(() => claimOrphans(db));
  for (const run of orphans) inOrganization(run.organizationId, () => runner.conduct(run));
  return orphans.length;
}

/** Looks for such runs every two seconds; answers what ends that and waits for a look under way. */
export function keepAdoptingRuns(deps: AdoptDeps): () => Promise<void> {
  let looking: Promise<void> | null = null;
  const look = () => {
    looking ??= adoptRuns(deps)
      .then(
        () => undefined,
        (error: unknown) =>
          deps.log.warn({ err: error }, 'runs without a hub cannot be looked for'),
      )
      .finally(() => (looking = null));
  };
  const timer = setInterval(look, lookMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
  };
}
