import type { Viewer } from '../organization/viewer.ts';
import { RingsideError } from '../platform/errors.ts';
import { forgetCaller, recallCaller } from '../directory/caller-memory-store.ts';
import { matchKey } from '../directory/renumbering.ts';
import { viewCall } from './call-view.ts';
import { deskChannel } from './channel.ts';
import type { DeskChanged } from './channel.ts';
import type { DeskActionDeps } from './choose-match.ts';
import type { Pop } from './contract.ts';
import { ownCall } from './own-call.ts';

/**
 * Forgets whom the number of a call was said to be on earlier calls, or undoes that. What was chosen for this very call stays.
 * Answers the pop as the viewer sees it now. Throws `not-found`, `conflict` when the call has no number to remember anybody by.
 */
export async function setCallerForgotten(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  forgotten: boolean,
): Promise<Pop> {
  const { db, notifier, clock } = deps;
  const { organizationId } = viewer;
  const { view, extension, part } = await ownCall(db, viewer, callId);
  const { caller } = await view.popFor(extension, part);
  if (caller.e164 === null)
    throw new RingsideError('conflict', 'Nobody is remembered for this call: it has no number.');
  const number = matchKey(caller.e164);
  await db.transaction().execute(async (trx) => {
    if (forgotten) await forgetCaller(trx, organizationId, number, clock.now());
    else await recallCaller(trx, organizationId, number);
    const changed: DeskChanged = { organizationId, callId, dismissedBy: null };
    await notifier.publish(trx, deskChannel, changed);
  });
  return viewCall(db, view.call).popFor(extension, part);
}
