import type { WriteValues } from '../crm/write.ts';
import { choiceListsOf } from '../directory/choice-store.ts';
import { maskText } from '../directory/mask-numbers.ts';
import { requireFeature } from '../organization/features.ts';
import { requirePermission } from '../organization/permission.ts';
import type { Viewer } from '../organization/viewer.ts';
import { mappedUser, newCaseConnection } from './case-form.ts';
import { saveTag } from './case-tag-store.ts';
import { changeWork } from './change-work.ts';
import type { DeskActionDeps } from './choose-match.ts';
import type { Pop } from './contract.ts';
import { caseOwner } from './case-owner.ts';
import { orderWrite } from './outbox-store.ts';
import { pickChoices, refuseFaults } from './pick-choices.ts';
import { wantedValue } from './tagged-case.ts';
import type { NewCase } from './work-contract.ts';
import type { Wanted } from './work-tables.ts';
import { workCall } from './work-call.ts';

/**
 * Orders a case for the caller and tags it: it is the call's case at once, and in the CRM as soon as that takes it. Throws `plan-required`, `permission-required`,
 * `not-found`, `invalid-input` for values that the CRM's lists do not have, `conflict` without a connection.
 */
export async function createCase(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  input: NewCase,
): Promise<Pop> {
  const { db, clock } = deps;
  const { organizationId, personId } = viewer;
  if (input.templateId !== null) requireFeature(viewer, 'case-templates');
  requirePermission(viewer, 'create-cases');
  const own = await workCall(db, viewer, callId, 'cases');
  const party = await own.view.partyOf(own.extension);
  const connectionId = newCaseConnection(party);
  const { picked, faults } = pickChoices(
    await choiceListsOf(db, { organizationId, connectionId }),
    {
      priority: input.priority,
      category: input.category,
      assignmentGroup: input.assignmentGroupId,
    },
  );
  refuseFaults(faults);
  const { priority, category, assignmentGroup: group } = picked;
  const owner = await caseOwner(db, organizationId, party.chosen);
  const lane = owner.lane ?? own.view.call.id;
  const me = input.assignToMe ? await mappedUser(db, viewer, connectionId) : null;
  // A template's {number} came masked to whoever may not see it; the case gets the number.
  const { caller } = party;
  const whole = (text: string): string =>
    viewer.numbersMasked && caller.e164 !== null
      ? text.replaceAll(maskText(caller.display), caller.display)
      : text;
  const shortDescription = whole(input.shortDescription);
  const description = whole(input.description);
  const values: WriteValues<'case'> = {
    shortDescription,
    ...(description.trim() === '' ? {} : { description }),
    channel: 'phone',
    ...owner.values,
    ...(priority && { priority: priority.value }),
    ...(category && { category: category.value }),
    ...(group && { assignmentGroupId: group.value }),
    ...(me && { assignedToId: me.id }),
  };
  return changeWork(deps, viewer, own, { id: input.request, content: input }, async (trx) => {
    const write = await orderWrite(trx, {
      organizationId,
      connectionId,
      lane,
      callId: own.view.call.id,
      personId,
      subject: `New case: ${shortDescription}`,
      action: { kind: 'create-case', values, ...owner.refs },
    });
    const wanted: Wanted = {
      ...(priority && { priority: wantedValue(priority, write) }),
      ...(group && { assignmentGroup: wantedValue(group, write) }),
      ...(me && { assignedTo: { value: me.id, label: me.name, write } }),
    };
    await saveTag(trx, organizationId, {
      callId: own.view.call.id,
      connectionId,
      caseId: null,
      writeId: write,
      lane,
      number: '',
      shortDescription,
      wanted,
      personId,
      at: clock.now(),
    });
  });
}
