import { requirePermission } from '../organization/permission.ts';
import type { Viewer } from '../organization/viewer.ts';
import { changeWork } from './change-work.ts';
import type { DeskActionDeps } from './choose-match.ts';
import type { Pop } from './contract.ts';
import { caseName, caseRef, lockTaggedCase, needTag, orderForCase } from './tagged-case.ts';
import type { CaseComment } from './work-contract.ts';
import { workCall } from './work-call.ts';

/**
 * Orders a work note, which colleagues see, or a comment, which the customer sees. A comment goes out word for word: no agent's
 * name is put under it. Throws `plan-required`, `permission-required`, `not-found`, `conflict` without a tagged case.
 */
export async function commentCase(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  input: CaseComment,
): Promise<Pop> {
  const { organizationId, personId } = viewer;
  const { request, visibility, text } = input;
  if (visibility === 'customer') requirePermission(viewer, 'customer-comments');
  const own = await workCall(deps.db, viewer, callId, 'cases');
  const { id } = own.view.call;
  return changeWork(deps, viewer, own, { id: request, content: input }, async (trx) => {
    const tag = needTag(await lockTaggedCase(trx, organizationId, id));
    await orderForCase(trx, organizationId, tag, {
      personId,
      subject:
        visibility === 'customer'
          ? `Comment to the customer on ${caseName(tag)}`
          : `Work note on ${caseName(tag)}`,
      action: { kind: 'add-note', case: caseRef(tag), visibility, text: text.trim() },
    });
  });
}
