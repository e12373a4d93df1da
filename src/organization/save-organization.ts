import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { FieldError } from '../platform/errors.ts';
import { removeSessionsOf } from './account-store.ts';
import { recordChange } from './audit-store.ts';
import { callHandlingErrors } from './call-handling-change.ts';
import { callHandlingOf, saveCallHandling } from './call-handling-store.ts';
import type { CallHandling } from './call-handling.ts';
import { connectionsOf, setPrimaryConnection } from './connection-store.ts';
import type { OrganizationView } from './contract.ts';
import { mappingsOf, updateMappings } from './mapping-store.ts';
import { mappingChanges, planChange } from './organization-change.ts';
import type { PlannedChange, SaveInput } from './organization-change.ts';
import {
  lockOrganization,
  seatTotals,
  setAgentsMayNot,
  setNumbersMaskedFor,
  setSeatTotals,
  updateOrganization,
} from './organization-store.ts';
import type { SeatTotals } from './organization-store.ts';
import { seatsByOperator } from './operator-store.ts';
import { organizationPlan } from './organization-features.ts';
import { permissions } from './permission.ts';
import { peopleOf, updatePeople } from './person-store.ts';
import type { StoredPerson } from './person-store.ts';
import { plans } from './plan.ts';
import type { Plan } from './plan.ts';
import { presentConnection } from './present.ts';
import { setSecondFactorFor } from './second-factor-store.ts';
import { removeBarredSessions } from './single-sign-on-store.ts';
import { teamErrors } from './team.ts';
import type { Team } from './team.ts';
import { saveTeams, teamsOf } from './team-store.ts';
import { requireRole } from './viewer.ts';
import type { Viewer } from './viewer.ts';
import { viewOrganization } from './view-organization.ts';
import type { OrganizationDeps } from './view-organization.ts';

/**
 * The one Save of Manage Organization: all or nothing. Throws `conflict` when somebody saved since `input.version` was read,
 * `invalid-input` naming every clash with its field.
 */
export async function saveOrganization(
  deps: OrganizationDeps & { clock: Clock },
  viewer: Viewer,
  input: SaveInput,
): Promise<OrganizationView> {
  requireRole(viewer, 'administrator');
  const id = viewer.organizationId;
  const crmUserName = await namesOfCrmUsers(deps, id, input);
  await deps.db.transaction().execute(async (trx) => {
    const version = await lockOrganization(trx, id);
    if (version !== input.version) throw savedInTheMeantime();
    const people = await peopleOf(trx, id);
    const connections = (await connectionsOf(trx, id)).map((one) =>
      presentConnection(one, deps.platforms),
    );
    const mappings = await mappingsOf(trx, id);
    const seats = await seatTotals(trx, id);
    if (viewer.operator !== true) await refuseGivenSeats(trx, id, seats, input);
    const change = planChange({ people, mappings, seats, connections }, input, crmUserName);
    const handling = await planCallHandling(trx, id, input, organizationPlan(change.seats));
    const byId = new Map(change.people.map((person) => [person.id, person]));
    const after = people.map((person) => byId.get(person.id) ?? person);
    const faults =
      input.teams === undefined
        ? []
        : teamErrors(await teamsOf(trx, id), input.teams, after, organizationPlan(change.seats));
    const errors = [...change.errors, ...handling.errors, ...faults];
    if (errors.length > 0) {
      throw new RingsideError('invalid-input', 'Nothing was saved: some entries clash.', {
        fix: 'Mend the marked fields and save again.',
        fields: errors,
      });
    }
    await updateOrganization(trx, id, { ...input, version: version + 1 });
    await setSeatTotals(trx, id, change.seats);
    await updatePeople(trx, id, change.people);
    await updateMappings(trx, id, change.mappings);
    if (input.teams !== undefined) await saveTeams(trx, id, input.teams);
    if (handling.after !== null) await saveCallHandling(trx, id, handling.after);
    if (input.secondFactorFor !== undefined)
      await setSecondFactorFor(trx, id, input.secondFactorFor);
    if (input.agentsMayNot !== undefined) await setAgentsMayNot(trx, id, input.agentsMayNot);
    if (input.numbersMaskedFor !== undefined)
      await setNumbersMaskedFor(trx, id, input.numbersMaskedFor);
    // Null says that the page knew no connection; it takes the primary one from nobody.
    if (input.primaryConnectionId) await setPrimaryConnection(trx, id, input.primaryConnectionId);
    await deps.peopleChanged?.(trx, id);
    await removeSessionsOf(
      trx,
      change.deactivated.flatMap(({ userId }) => userId ?? []),
    );
    await removeBarredSessions(trx, id);
    await recordChange(trx, id, {
      at: deps.clock.now(),
      by: viewer,
      action: 'save organization',
      subject: input.name,
      detail: describe(change, people, input),
    });
  });
  return viewOrganization(deps, viewer);
}

/** Call handling as it will be; null when the Save does not touch it. */
async function planCallHandling(
  db: Database,
  organizationId: string,
  { callHandling: wanted }: SaveInput,
  plan: Plan | null,
): Promise<{ after: CallHandling | null; errors: FieldError[] }> {
  if (wanted === undefined) return { after: null, errors: [] };
  const { settings: before } = await callHandlingOf(db, organizationId);
  const after = { ...before, ...wanted };
  return { after, errors: callHandlingErrors(before, after, plan) };
}

async function namesOfCrmUsers(deps: OrganizationDeps, organizationId: string, input: SaveInput) {
  const wanted = new Map<string, Set<string>>();
  for (const { connectionId, crmUserId } of mappingChanges(
    input,
    await mappingsOf(deps.db, organizationId),
  )) {
    if (crmUserId === null) continue;
    wanted.set(connectionId, (wanted.get(connectionId) ?? new Set()).add(crmUserId));
  }
  const names = new Map<string, string>();
  for (const { id } of await connectionsOf(deps.db, organizationId)) {
    const ids = wanted.get(id);
    if (ids === undefined) continue;
    for (const user of await deps.findCrmUsers(organizationId, id, { ids: [...ids] })) {
      names.set(`${id} ${user.id}`, user.name);
    }
  }
  return (connectionId: string, crmUserId: string): string | null =>
    names.get(`${connectionId} ${crmUserId}`) ?? null;
}

function describe(
  change: PlannedChange,
  before: StoredPerson[],
  input: SaveInput,
): Record<string, unknown> {
  const was = new Map(before.map((person) => [person.id, person]));
  return {
    country: input.country,
    timeZone: input.timeZone,
    ...(input.seats === undefined ? {} : { seats: input.seats }),
    ...(input.primaryConnectionId === undefined
      ? {}
      : { primaryConnectionId: input.primaryConnectionId }),
    ...(input.callHandling === undefined ? {} : { callHandling: input.callHandling }),
    ...(input.secondFactorFor === undefined ? {} : { secondFactorFor: input.secondFactorFor }),
    ...(input.agentsMayNot === undefined
      ? {}
      : { agentsMayNot: input.agentsMayNot.map((one) => permissions[one].title) }),
    ...(input.teams === undefined
      ? {}
      : { teams: input.teams.map((team) => teamWords(team, was)) }),
    ...(input.numbersMaskedFor === undefined ? {} : { numbersMaskedFor: input.numbersMaskedFor }),
    people: change.people.map((person) => ({
      name: person.name,
      changes: Object.fromEntries(
        (['role', 'plan', 'extension', 'active'] as const).flatMap((key) => {
          const old = was.get(person.id)?.[key];
          return old === person[key] ? [] : [[key, [old, person[key]]]];
        }),
      ),
    })),
    mappings: change.mappings.map(({ personId, connectionId, crmUserId }) => ({
      name: was.get(personId)?.name,
      connectionId,
      crmUserId,
    })),
  };
}

/** A team as the audit log tells of it: by names. */
function teamWords({ name, memberIds, supervisorIds }: Team, people: Map<string, StoredPerson>) {
  const names = (ids: string[]) => ids.flatMap((id) => people.get(id)?.name ?? []);
  return { name, members: names(memberIds), supervisors: names(supervisorIds) };
}

/** Seats that an operator gives are not the organization's to change. */
async function refuseGivenSeats(
  trx: Database,
  id: string,
  before: SeatTotals,
  { seats = {} }: SaveInput,
): Promise<void> {
  const changed = plans.filter((plan) => (seats[plan] ?? before[plan]) !== before[plan]);
  if (changed.length === 0 || !(await seatsByOperator(trx, id))) return;
  throw new RingsideError(
    'invalid-input',
    'Nothing was saved: your seats come from your provider.',
    {
      fix: 'Ask whoever runs this Ringside for you for more.',
      fields: changed.map((plan) => ({
        field: `seats.${plan}`,
        message: `Your provider gives you ${before[plan]}.`,
      })),
    },
  );
}

function savedInTheMeantime(): RingsideError {
  return new RingsideError('conflict', 'Somebody else saved in the meantime.', {
    fix: 'Reload the page to see their changes, then make yours again.',
  });
}
