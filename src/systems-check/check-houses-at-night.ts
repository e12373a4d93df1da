import { allOrganizations } from '../organization/organization-store.ts';
import { inOrganization } from '../platform/database/scope.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { checkConnectionsAtNight } from './check-connections-at-night.ts';
import { beginHouseRun } from './check-house.ts';
import type { CheckHouseDeps } from './check-house.ts';
import type { CheckRunner } from './check-runner.ts';
import { nightly } from './nightly.ts';
import { tidyTests } from './place-test-call.ts';

/**
 * Checks the house of every organization and its connections, one after the other. Who has a run under way is left alone. Nobody looks on, so what fails
 * is told to the webhooks. What a test call left whose hub was killed goes as well.
 */
export async function checkHousesAtNight(
  deps: CheckHouseDeps & { log: Log; clock: Clock; runner: CheckRunner },
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
        await checkConnectionsAtNight(deps, organizationId, signal);
      });
    } catch (error) {
      log.error({ err: error, organizationId }, 'the house could not be checked by night');
    }
  }
}
