import type { WriteValues } from '../crm/write.ts';
import { choiceListsOf } from '../directory/choice-store.ts';
import { findCrmUsers } from '../directory/crm-user-store.ts';
import { requirePermission } from '../organization/permission.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { FieldError } from '../platform/errors.ts';
import { addWanted } from './case-tag-store.ts';
import { changeWork } from './change-work.ts';
import type { DeskActionDeps } from './choose-match.ts';
import type { Pop } from './contract.ts';
import { pickChoices, refuseFaults } from './pick-choices.ts';
import type { CaseChange } from './work-contract.ts';
import {
  caseName,
  caseRef,
  lockTaggedCase,
  needTag,
  orderForCase,
  wantedValue,
} from './tagged-case.ts';
import { workOfCall } from './work-store.ts';
import type { Wanted } from './work-tables.ts';
import { workCall } from './work-call.ts';

/**
 * Orders a change of the tagged case. What the CRM wants to have with a state is asked for here, before anything is sent. Throws
 * `plan-required`, `not-found`, `conflict` without a tagged case, `invalid-input`.
 */
export async function changeCase(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  input: CaseChange,
): Promise<Pop> {
  const { db } = deps;
  const { organizationId, personId } = viewer;
  requirePermission(viewer, 'change-cases');
  const own = await workCall(db, viewer, callId, 'cases');
  const id = own.view.call.id;
  const { connectionId } = needTag((await workOfCall(db, organizationId, id)).tag);
  const { picked, faults } = pickChoices(
    await choiceListsOf(db, { organizationId, connectionId }),
    {
      state: input.state,
      priority: input.priority,
      assignmentGroup: input.assignmentGroupId,
      resolutionCode: input.resolutionCode,
    },
  );
  const { state, priority, assignmentGroup: group, resolutionCode } = picked;
  const assignee = await userOf(deps, organizationId, connectionId, input.assignedToId);
  if (assignee === null)
    faults.push({ field: 'assignedToId', message: 'This is no active user of ServiceNow.' });
  refuseFaults([...faults, ...unanswered(input, state?.asks ?? [])]);
  const values: WriteValues<'case'> = {
    ...(state && { state: state.value }),
    ...(priority && { priority: priority.value }),
    ...(group && { assignmentGroupId: group.value }),
    ...(assignee && { assignedToId: assignee.value }),
    ...(resolutionCode && { resolutionCode: resolutionCode.value }),
    ...(input.resolutionNotes?.trim() && { resolutionNotes: input.resolutionNotes.trim() }),
  };
  return changeWork(deps, viewer, own, { id: input.request, content: input }, async (trx) => {
    const tag = needTag(await lockTaggedCase(trx, organizationId, id));
    const write = await orderForCase(trx, organizationId, tag, {
      personId,
      subject: `Change of ${caseName(tag)}`,
      action: { kind: 'update-case', case: caseRef(tag), values },
    });
    const wanted: Wanted = {
      ...(state && { state: wantedValue(state, write) }),
      ...(priority && { priority: wantedValue(priority, write) }),
      ...(group && { assignmentGroup: wantedValue(group, write) }),
      ...(assignee && { assignedTo: wantedValue(assignee, write) }),
    };
    await addWanted(trx, organizationId, id, wanted);
  });
}

/** Undefined when nobody was asked for, null for nobody that there is. */
async function userOf(
  { db }: DeskActionDeps,
  organizationId: string,
  connectionId: string,
  id: string | undefined,
): Promise<{ value: string; label: string } | null | undefined> {
  if (id === undefined || id === '') return undefined;
  const [user] = await findCrmUsers(db, organizationId, connectionId, { ids: [id] });
  return user?.active === true ? { value: user.id, label: user.name || user.userName } : null;
}

function unanswered(
  input: CaseChange,
  asks: readonly ('resolutionCode' | 'resolutionNotes')[],
): FieldError[] {
  const words = {
    resolutionCode: 'ServiceNow wants a resolution code with this state.',
    resolutionNotes: 'ServiceNow wants resolution notes with this state.',
  };
  return asks
    .filter((field) => (input[field] ?? '').trim() === '')
    .map((field) => ({ field, message: words[field] }));
}
