import { crmPlatform } from '../crm/registry.ts';
import { connectionsOf } from '../organization/connection-store.ts';
import type { Database } from '../platform/database/database.ts';
import type { FailedConnection } from './house-contract.ts';
import { showLatest } from './show-check.ts';

/** The connections whose latest check, by night or by hand, is a failed one, and at which step. */
export async function failedConnections(
  db: Database,
  organizationId: string,
): Promise<FailedConnection[]> {
  const connections = (await connectionsOf(db, organizationId)).filter(
    ({ state }) => state === 'failed',
  );
  const runs = await Promise.all(connections.map(({ id }) => showLatest(db, organizationId, id)));
  return runs.flatMap((run) => {
    if (run?.status !== 'failed') return [];
    const { connectionId, startedAt, steps } = run;
    const title = crmPlatform(run.platform)?.title ?? run.platform;
    const step = steps.find(({ status }) => status === 'fail')?.title ?? null;
    return [{ connectionId, title, step, startedAt: startedAt.toISOString() }];
  });
}
