import { allOrganizations } from '../organization/organization-store.ts';
import { inOrganization } from '../platform/database/scope.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { beginHouseRun } from './check-house.ts';
import type { CheckHouseDeps } from './check-house.ts';
import { tidyTests } from './place-test-call.ts';

/** Who started a run that nobody asked for. */
export const nightly = 'Ringside, by night';

/**
 * Checks the house of every organization, one after the other. Who has a run under way is left alone. Nobody looks on, so what fails
 * is told to the webhooks. What a test call left whose hub was killed goes as well.
 */
export async function checkHousesAtNight(
  deps: CheckHouseDeps & { log: Log; clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const { db, houseRunner, log } = deps;
  for (const { id: organizationId } of await allOrganizations(db)) {
    if (signal.aborted) return;
    try {
      await inOrganization(organizationId, async () => {
        await tidyTests(deps, organizationId);
        const { key, started } = await beginHouseRun(db, organizationId, nightly);
        if (started) await houseRunner.conduct(key, { unattended: true });
      });
    } catch (error) {
      log.error({ err: error, organizationId }, 'the house could not be checked by night');
    }
  }
}
