import { RingsideError } from '../platform/errors.ts';
import type { Viewer } from '../organization/viewer.ts';
import { deskChannel } from './channel.ts';
import type { DeskChanged } from './channel.ts';
import type { DeskActionDeps } from './choose-match.ts';
import { concludeAtDismissal } from './finish-wrap-up.ts';
import { ownCall } from './own-call.ts';
import { saveDismissal } from './store.ts';

/**
 * Takes an ended pop off the viewer's Desk, in all their tabs, and finishes its wrap-up: what was noted goes to the tagged case. Throws
 * `not-found`, `conflict` while the call is up, `invalid-input` while a wrap-up code is missing.
 */
export async function dismissPop(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
): Promise<void> {
  const { db, notifier, clock } = deps;
  const { organizationId, personId } = viewer;
  const own = await ownCall(db, viewer, callId);
  if (own.part.state !== 'ended') {
    throw new RingsideError('conflict', 'This call is still going on.', {
      fix: 'Dismiss it when it has ended.',
    });
  }
  await db.transaction().execute(async (trx) => {
    await concludeAtDismissal(trx, viewer, own, clock.now());
    await saveDismissal(trx, organizationId, { personId, callId, at: clock.now() });
    const changed: DeskChanged = { organizationId, callId, dismissedBy: personId };
    await notifier.publish(trx, deskChannel, changed);
  });
}
