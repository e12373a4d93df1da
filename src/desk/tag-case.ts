import { caseById } from '../directory/case-store.ts';
import { parseCaseKey } from '../directory/match.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Viewer } from '../organization/viewer.ts';
import { removeTag, saveTag } from './case-tag-store.ts';
import { changeWork } from './change-work.ts';
import type { DeskActionDeps } from './choose-match.ts';
import type { Pop } from './contract.ts';
import { workCall } from './work-call.ts';

/** Says which case a call is about. Throws `plan-required`, `not-found`, `invalid-input` for a case that the mirror does not have. */
export async function tagCase(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  key: string,
): Promise<Pop> {
  const own = await workCall(deps.db, viewer, callId, 'cases');
  const named = parseCaseKey(key);
  const found =
    named === null
      ? null
      : await caseById(deps.db, viewer.organizationId, named.connectionId, named.id);
  if (found === null) {
    throw new RingsideError('invalid-input', 'There is no such case.', {
      fix: 'Find it by its number again; it may have been deleted.',
      fields: [{ field: 'key', message: 'is no case that Ringside knows' }],
    });
  }
  return changeWork(deps, viewer, own, null, (trx) =>
    saveTag(trx, viewer.organizationId, {
      callId: own.view.call.id,
      lane: own.view.call.id,
      connectionId: found.connectionId,
      caseId: found.id,
      writeId: null,
      number: found.number,
      shortDescription: found.shortDescription,
      personId: viewer.personId,
      at: deps.clock.now(),
    }),
  );
}

/** The call is about no case after all. What was sent to the case stays there. */
export async function untagCase(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
): Promise<Pop> {
  const own = await workCall(deps.db, viewer, callId, 'cases');
  return changeWork(deps, viewer, own, null, (trx) =>
    removeTag(trx, viewer.organizationId, own.view.call.id),
  );
}
