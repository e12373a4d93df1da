import type { CallOptions } from '../port.ts';
import type { Client } from './client.ts';
import { live } from './retry.ts';
import { listRows } from './table-api.ts';

/** One row, one try: does the instance work, and does it let us in? See CrmConnection.ping. */
export async function ping(
  client: Client,
  { signal, budgetMs = 5_000 }: CallOptions = {},
): Promise<void> {
  const { policy } = live({ budgetMs });
  await listRows(
    client,
    { table: 'sys_user', where: [], fields: ['sys_id'], limit: 1 },
    { policy: { ...policy, attempts: 1 }, signal },
  );
}
