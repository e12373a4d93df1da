import { choiceListsFor } from '../directory/choice-lists.ts';
import type { ChoiceListsDeps } from '../directory/choice-lists.ts';
import { findCrmUsers, searchCrmUsers } from '../directory/crm-user-store.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Database } from '../platform/database/database.ts';
import { unlocks } from '../organization/features.ts';
import { mappingOf } from '../organization/mapping-store.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { Party } from './call-view.ts';
import { fillTemplate, templateDate } from './fill-template.ts';
import type { TemplateFacts } from './fill-template.ts';
import type { OwnCall } from './own-call.ts';
import { workOfCall } from './work-store.ts';
import type { CaseForm } from './work-contract.ts';
import { workCall } from './work-call.ts';

/**
 * What a form for a new case, or for a change of the tagged one, begins with: templates filled in for this call, the choice lists of the
 * instance, who the viewer is there. Throws `plan-required`, `not-found`, `conflict` without a connection.
 */
export async function caseForm(
  deps: ChoiceListsDeps,
  viewer: Viewer,
  callId: string,
): Promise<CaseForm> {
  const { db, clock } = deps;
  const { organizationId } = viewer;
  const own = await workCall(db, viewer, callId, 'cases');
  const party = await own.view.partyOf(own.extension);
  const connectionId = await connectionFor(db, organizationId, own, party);
  const [{ lists, problem }, me, facts] = await Promise.all([
    choiceListsFor(deps, { organizationId, connectionId }),
    mappedUser(db, viewer, connectionId),
    templateFacts(db, viewer, own, party, clock.now()),
  ]);
  const { caseTemplates } = party.facts.handling;
  const templates = unlocks(viewer.plan, 'case-templates') ? caseTemplates : [];
  return {
    templates: templates
      .toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault))
      .map((template) => ({
        ...template,
        shortDescription: fillTemplate(template.shortDescription, facts).slice(0, 160),
        description: fillTemplate(template.description, facts).slice(0, 4000),
      })),
    choices: {
      state: lists.state,
      priority: lists.priority,
      category: lists.category,
      resolutionCode: lists.resolutionCode,
      assignmentGroup: lists.assignmentGroup,
    },
    problem,
    me,
    caller: party.chosen?.name ?? null,
  };
}

/** Where the call's case is or will be: with the tagged case, else with the caller, else the primary connection. */
async function connectionFor(
  db: Database,
  organizationId: string,
  own: OwnCall,
  party: Party,
): Promise<string> {
  const { tag } = await workOfCall(db, organizationId, own.view.call.id);
  return tag?.connectionId ?? newCaseConnection(party);
}

/** Throws `conflict` without any. */
export function newCaseConnection({ chosen, facts }: Party): string {
  const connectionId = chosen?.connectionId ?? facts.primary;
  if (connectionId !== null) return connectionId;
  throw new RingsideError('conflict', 'No ServiceNow instance is connected.', {
    fix: 'An administrator connects one under Manage Organization.',
  });
}

/** The CRM user that the viewer is mapped to; null where they are not. */
export async function mappedUser(
  db: Database,
  { organizationId, personId }: Viewer,
  connectionId: string,
): Promise<{ id: string; name: string } | null> {
  const id = await mappingOf(db, organizationId, personId, connectionId);
  if (id === null) return null;
  const [user] = await findCrmUsers(db, organizationId, connectionId, { ids: [id] });
  return { id, name: user?.name ?? '' };
}

async function templateFacts(
  db: Database,
  viewer: Viewer,
  { view }: OwnCall,
  { caller, chosen }: Party,
  now: Date,
): Promise<TemplateFacts> {
  const organization = await organizationById(db, viewer.organizationId);
  return {
    caller: chosen?.name ?? (caller.anonymous ? 'Anonymous caller' : caller.display),
    company: (chosen?.kind === 'customer' ? chosen.name : chosen?.customer?.name) ?? '',
    number: caller.anonymous ? '' : caller.display,
    queue: view.call.queue ?? '',
    agent: viewer.name,
    date: templateDate(now, organization?.timeZone ?? 'UTC'),
  };
}

const assigneesShown = 20;

/** CRM users whom the call's case can be assigned to, by name. Throws like caseForm. */
export async function findAssignees(
  db: Database,
  viewer: Viewer,
  callId: string,
  search: string,
): Promise<{ id: string; name: string; detail: string }[]> {
  const { organizationId } = viewer;
  const own = await workCall(db, viewer, callId, 'cases');
  const party = await own.view.partyOf(own.extension);
  const connectionId = await connectionFor(db, organizationId, own, party);
  const users = await searchCrmUsers(db, organizationId, connectionId, search, assigneesShown);
  return users
    .filter(({ active }) => active)
    .map(({ id, name, email, userName }) => ({
      id,
      name: name || userName,
      detail: email || userName,
    }));
}
