import { requireFeature } from '../organization/features.ts';
import type { Viewer } from '../organization/viewer.ts';
import { viewCall } from './call-view.ts';
import { callerTarget } from './caller-target.ts';
import { deskChannel } from './channel.ts';
import type { DeskChanged } from './channel.ts';
import type { DeskActionDeps } from './choose-match.ts';
import type { Pop } from './contract.ts';
import { leftUnknown } from './match.ts';
import { ownCall } from './own-call.ts';
import { sayCaller } from './say-caller.ts';
import { deleteChoice } from './store.ts';

/**
 * Says that a record is the caller, in this call alone: the number may be somebody else's phone. Answers the pop. Throws
 * `plan-required`, `not-found` (call or record), `conflict` for a CRM user.
 */
export async function nameCaller(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  key: string,
): Promise<Pop> {
  requireFeature(viewer, 'contacts');
  const { view, extension, part } = await ownCall(deps.db, viewer, callId);
  const target = await callerTarget(deps.db, viewer.organizationId, key);
  await deps.db.transaction().execute((trx) => sayCaller(trx, deps, viewer, view.call, target.key));
  return viewCall(deps.db, view.call).popFor(extension, part);
}

/** Leaves the caller unknown, so that the pop stops asking, or has it ask again. Answers the pop. Throws `plan-required`, `not-found`. */
export async function leaveUnknown(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  left: boolean,
): Promise<Pop> {
  requireFeature(viewer, 'contacts');
  const { db, notifier } = deps;
  const { organizationId } = viewer;
  const { view, extension, part } = await ownCall(db, viewer, callId);
  await db.transaction().execute(async (trx) => {
    if (left) return sayCaller(trx, deps, viewer, view.call, leftUnknown);
    await deleteChoice(trx, organizationId, { callId, candidateKey: leftUnknown });
    const changed: DeskChanged = { organizationId, callId, dismissedBy: null };
    return notifier.publish(trx, deskChannel, changed);
  });
  return viewCall(db, view.call).popFor(extension, part);
}
