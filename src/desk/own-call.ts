import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { callById } from '../calls/store.ts';
import { personById } from '../organization/person-store.ts';
import { requireFeature } from '../organization/features.ts';
import type { Viewer } from '../organization/viewer.ts';
import { viewCall } from './call-view.ts';
import type { CallView } from './call-view.ts';
import { partOf } from './part.ts';
import type { Part } from './part.ts';
import { blockOf } from './pop.ts';

export interface OwnCall {
  view: CallView;
  extension: string;
  part: Part & { kind: 'shown' };
}

/**
 * A call as the viewer may act on it: one that rang at their own extension and was not answered by somebody else.
 * Throws `plan-required`, or `not-found` for every other call, so that nobody learns which calls exist.
 */
export async function ownCall(db: Database, viewer: Viewer, callId: string): Promise<OwnCall> {
  requireFeature(viewer, 'screen-pops');
  const { organizationId } = viewer;
  const [person, call] = await Promise.all([
    personById(db, organizationId, viewer.personId),
    callById(db, organizationId, callId),
  ]);
  const extension = person === null || blockOf(person) !== null ? null : person.extension;
  const part =
    call === null || extension === null || call.mergedInto !== null
      ? null
      : partOf(call, extension);
  if (call === null || extension === null || part?.kind !== 'shown') {
    throw new RingsideError('not-found', 'This call is not on your Desk.', {
      fix: 'Somebody else may have answered it.',
    });
  }
  return { view: viewCall(db, call), extension, part };
}
