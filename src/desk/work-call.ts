import type { StoredCall } from '../calls/store.ts';
import { callById } from '../calls/store.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { includesRole } from '../organization/plan.ts';
import { requireFeature } from '../organization/features.ts';
import type { Feature } from '../organization/features.ts';
import type { Viewer } from '../organization/viewer.ts';
import { ownCall } from './own-call.ts';
import type { OwnCall } from './own-call.ts';

/**
 * A call as the viewer may work on it: one that they had. A call that turned out to be part of another leads to that one, so that a window
 * which has not heard of it loses nothing. Throws `plan-required`, or `not-found` for every other call.
 */
export async function workCall(
  db: Database,
  viewer: Viewer,
  callId: string,
  feature: Feature,
): Promise<OwnCall> {
  requireFeature(viewer, feature);
  const whole = await wholeCall(db, viewer.organizationId, callId);
  return ownCall(db, viewer, whole?.id ?? callId);
}

/** The id of a call whose notes the viewer may read: one that they had, or any for supervisors and administrators. Throws like workCall. */
export async function readableCall(db: Database, viewer: Viewer, callId: string): Promise<string> {
  if (!includesRole(viewer.role, 'supervisor'))
    return (await workCall(db, viewer, callId, 'notes')).view.call.id;
  const call = await wholeCall(db, viewer.organizationId, callId);
  if (call === null) throw new RingsideError('not-found', 'There is no such call.');
  return call.id;
}

const mergersAtMost = 10;

async function wholeCall(
  db: Database,
  organizationId: string,
  callId: string,
): Promise<StoredCall | null> {
  let call = await callById(db, organizationId, callId);
  for (let step = 0; call !== null && call.mergedInto !== null && step < mergersAtMost; step += 1)
    call = await callById(db, organizationId, call.mergedInto);
  return call;
}
