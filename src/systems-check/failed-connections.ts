import { crmPlatforms } from '../crm/registry.ts';
import { connectionsOf } from '../organization/connection-store.ts';
import { presentConnection } from '../organization/present.ts';
import type { Database } from '../platform/database/database.ts';
import type { FailedConnection } from './house-contract.ts';
import { showLatest } from './show-check.ts';

/** The connections whose latest check, by night or by hand, is a failed one, and at which step; not those that were changed since. */
export async function failedConnections(
  db: Database,
  organizationId: string,
): Promise<FailedConnection[]> {
  const all = await connectionsOf(db, organizationId);
  const connections = all.filter(({ state }) => state !== 'new' && state !== 'unchecked');
  const runs = await Promise.all(connections.map(({ id }) => showLatest(db, organizationId, id)));
  return runs.flatMap((run) => {
    if (run?.status !== 'failed') return [];
    const { connectionId, startedAt, steps } = run;
    const several = all.filter(({ platform }) => platform === run.platform).length > 1;
    const connection = all.find(({ id }) => id === connectionId)!;
    const { account, title: platform } = presentConnection(connection, crmPlatforms);
    const title = several && account ? `${platform} (${account.host})` : platform;
    const step = steps.find(({ status }) => status === 'fail')?.title ?? null;
    return [{ connectionId, title, step, startedAt: startedAt.toISOString() }];
  });
}
