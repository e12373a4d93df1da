import type { Database } from '../platform/database/database.ts';
import type { Viewer } from '../organization/viewer.ts';
import { lookAtCallAgain } from './call-log-store.ts';
import { viewCall } from './call-view.ts';
import { isNewRequest } from './case-tag-store.ts';
import { deskChannel } from './channel.ts';
import type { DeskChanged } from './channel.ts';
import type { DeskActionDeps } from './choose-match.ts';
import type { Pop } from './contract.ts';
import type { OwnCall } from './own-call.ts';

/**
 * Changes what was done with a call, in one transaction that also tells everybody who shows it; answers the pop as the viewer sees it now.
 * A `request` that came before changes nothing.
 */
export async function changeWork(
  { db, notifier }: DeskActionDeps,
  viewer: Viewer,
  { view, extension, part }: OwnCall,
  request: string | null,
  change: (trx: Database) => Promise<void>,
): Promise<Pop> {
  const { organizationId } = viewer;
  const callId = view.call.id;
  await db.transaction().execute(async (trx) => {
    if (request !== null && !(await isNewRequest(trx, organizationId, callId, request))) return;
    await change(trx);
    await lookAtCallAgain(trx, organizationId, callId);
    const changed: DeskChanged = { organizationId, callId, dismissedBy: null };
    await notifier.publish(trx, deskChannel, changed);
  });
  return viewCall(db, view.call).popFor(extension, part);
}
