import { runningCalls } from '../calls/store.ts';
import type { Database } from '../platform/database/database.ts';
import type { Notifier } from '../platform/notifier.ts';
import { callsChannel } from './channel.ts';

/**
 * After records in an organization's mirror changed: has whoever shows a call that is up look at its caller again, on every node. At most
 * 200 calls, the newest; a Desk on which nothing differs hears nothing.
 */
export async function tellOpenCalls(
  { db, notifier }: { db: Database; notifier: Pick<Notifier, 'publishAll'> },
  organizationId: string,
): Promise<void> {
  const calls = await runningCalls(db, organizationId);
  if (calls.length === 0) return;
  await db.transaction().execute((trx) =>
    notifier.publishAll(
      trx,
      callsChannel,
      calls.map(({ id }) => ({ payload: { organizationId, callId: id } })),
    ),
  );
}
