import type { Clock } from '../platform/clock.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { RingsideError } from '../platform/errors.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { readCurrent } from './apply-current.ts';
import type { ApplyCurrent } from './apply-current.ts';
import type { ApplyFile } from './apply-file.ts';
import type { ApplyPlan } from './apply-plan.ts';
import { changeConnection, createConnection } from './change-connection.ts';
import { addPhoneSystem, changePhoneSystem } from './change-phone-system.ts';
import { invitePerson } from './invite-person.ts';
import type { SaveInput } from './organization-change.ts';
import { allOrganizations, organizationVersion } from './organization-store.ts';
import { peopleOf } from './person-store.ts';
import { planApply } from './plan-apply.ts';
import { saveOrganization } from './save-organization.ts';
import { createOrganization } from './set-up.ts';
import type { OrganizationDeps } from './view-organization.ts';
import type { Viewer } from './viewer.ts';

export interface ApplyDeps extends OrganizationDeps {
  clock: Clock;
  secretBox: SecretBox;
}

export interface ApplyOptions {
  /** Name of the organization that the file is about, where that is not the name in it: then it is renamed. */
  organization?: string | undefined;
  /** Only works out the difference. */
  dryRun: boolean;
}

export interface Applied {
  difference: string[];
  notes: string[];
  /** Shown once and not kept: paths of invitations and of the addresses that phone systems post to. */
  links: { what: string; path: string }[];
}

/**
 * Makes an organization what a file says, by the use cases of the Admin Portal; a second time it changes nothing. What the file does not
 * name stays. Throws `invalid-input` with every problem before anything was changed; what fails later has done what comes before
 * it, and the same file goes on there.
 */
export async function applyOrganization(
  deps: ApplyDeps,
  file: ApplyFile,
  { organization: wanted, dryRun }: ApplyOptions,
): Promise<Applied> {
  const organizationId = await findOrganization(deps, wanted, file.organization.name);
  const current =
    organizationId === null
      ? null
      : await inOrganization(organizationId, () => readCurrent(deps, organizationId));
  const crmUser = await crmUsers(deps, current, file);
  const plan = planApply({ platforms: deps.platforms, crmUser }, current, file);
  if (plan.problems.length > 0) throw wrongFile(plan.problems);
  const { difference, notes } = plan;
  const links = dryRun ? [] : await carryOut(deps, organizationId, file, plan);
  return { difference, notes, links };
}

export function wrongFile(fields: ApplyPlan['problems']): RingsideError {
  const count = fields.length === 1 ? 'One entry is' : `${fields.length} entries are`;
  return new RingsideError('invalid-input', `Nothing was changed: ${count} wrong.`, { fields });
}

async function findOrganization(
  { db }: ApplyDeps,
  wanted: string | undefined,
  name: string,
): Promise<string | null> {
  const all = await allOrganizations(db);
  const found = all.filter((one) => one.name === (wanted ?? name) || one.id === wanted);
  if (found.length > 1) {
    throw new RingsideError('conflict', `Several organizations are called ‘${wanted ?? name}’.`, {
      fix: `Say which by its id: --organization ${found[0]!.id}`,
    });
  }
  if (found[0] === undefined && wanted !== undefined) {
    throw new RingsideError('not-found', `There is no organization ‘${wanted}’.`, {
      fix: `There is ${all.map((one) => `‘${one.name}’`).join(', ') || 'none yet'}.`,
    });
  }
  return found[0]?.id ?? null;
}

async function crmUsers(deps: ApplyDeps, current: ApplyCurrent | null, file: ApplyFile) {
  const wanted = file.people.flatMap(({ crmUser }) => crmUser ?? []);
  const primary = current?.connections.find((one) => one.primary);
  if (!current || !primary || wanted.length === 0) return () => null;
  const { id: organizationId } = current.organization;
  const emails = wanted.map((one) => one.toLowerCase());
  const users = await inOrganization(organizationId, () =>
    deps.findCrmUsers(organizationId, primary.id, { ids: wanted, emails }),
  );
  return (one: string) =>
    users.find(({ id }) => id === one) ??
    users.find(({ email }) => email.toLowerCase() === one.toLowerCase()) ??
    null;
}

/** The hub itself, with an administrator's rights, by the name that the audit log shows. */
function viewerOf(organizationId: string): Viewer {
  return {
    ...{ organizationId, personId: '00000000-0000-0000-0000-000000000000', userId: '' },
    ...{ name: 'ringside apply', email: '', role: 'administrator', plan: null, extension: null },
    // Whoever runs this command runs the hub: they give the seats.
    operator: true,
    mayNot: [],
    numbersMasked: false,
  };
}

async function carryOut(
  deps: ApplyDeps,
  known: string | null,
  file: ApplyFile,
  plan: ApplyPlan,
): Promise<Applied['links']> {
  const organizationId = known ?? (await create(deps, file));
  const viewer = viewerOf(organizationId);
  return inOrganization(organizationId, async () => {
    const links: Applied['links'] = [];
    const { seats, numbersMaskedFor } = file.organization;
    const { callPriorities: priorities } = file;
    const agentsMayNot = plan.agentsMayNot ?? undefined;
    const fresh =
      known === null && (seats ?? priorities ?? agentsMayNot ?? numbersMaskedFor) !== undefined;
    const callHandling = priorities === undefined ? undefined : { priorities };
    if (plan.organization === 'save' || plan.people.length > 0 || fresh)
      await save(deps, viewer, file, {
        ...{ people: plan.people, seats, callHandling, agentsMayNot, numbersMaskedFor },
      });
    for (const at of plan.invited) {
      const { name, email, role = 'agent', plan: seat = null, extension = null } = file.people[at]!;
      const person = { name, email, role, plan: seat, extension };
      const { token } = await invitePerson(deps, viewer, person);
      links.push({ what: `Invitation of ${email}`, path: `/invite/${token}` });
    }
    const connectionIds = new Map<number, string>();
    for (const { at, id: there } of plan.connections) {
      const { platform, settings } = file.connections[at]!;
      const id = there ?? (await createConnection(deps, viewer, { platform })).id;
      await changeConnection(deps, viewer, id, { settings });
      connectionIds.set(at, id);
    }
    for (const { at, id } of plan.phoneSystems)
      links.push(...(await putPhoneSystem(deps, viewer, file.phoneSystems[at]!, id)));
    await saveMappingsAndTeams(deps, viewer, file, plan, connectionIds);
    return links;
  });
}

async function create(deps: ApplyDeps, file: ApplyFile): Promise<string> {
  const { name: organizationName, country, timeZone, administrator } = file.organization;
  if (administrator === null || 'problem' in administrator.password)
    throw new Error('a plan without problems has an administrator');
  const { name, email, password } = administrator;
  const input = { organizationName, country, timeZone, name, email, password: password.value };
  return (await createOrganization(deps, input)).organizationId;
}

async function save(
  deps: ApplyDeps,
  viewer: Viewer,
  { organization: { name, country, timeZone } }: ApplyFile,
  change: Pick<
    SaveInput,
    | 'people'
    | 'seats'
    | 'primaryConnectionId'
    | 'callHandling'
    | 'agentsMayNot'
    | 'numbersMaskedFor'
    | 'teams'
  >,
): Promise<void> {
  const version = await organizationVersion(deps.db, viewer.organizationId);
  await saveOrganization(deps, viewer, { version, name, country, timeZone, ...change });
}

async function putPhoneSystem(
  deps: ApplyDeps,
  viewer: Viewer,
  { name, kind, settings, hmacSecret }: ApplyFile['phoneSystems'][number],
  there: string | null,
): Promise<Applied['links']> {
  if (there !== null) {
    await changePhoneSystem(deps, viewer, there, { name, hmacSecret, settings });
    return [];
  }
  const { phoneSystem, token } = await addPhoneSystem(deps, viewer, { name, kind, settings });
  if (hmacSecret !== undefined)
    await changePhoneSystem(deps, viewer, phoneSystem.id, { name, hmacSecret });
  return token === null
    ? []
    : [{ what: `Address that ${name} posts its calls to`, path: `/hooks/phone/${token}` }];
}

/** What needs the people and the connections to be there. */
async function saveMappingsAndTeams(
  deps: ApplyDeps,
  viewer: Viewer,
  file: ApplyFile,
  plan: ApplyPlan,
  connectionIds: ReadonlyMap<number, string>,
): Promise<void> {
  if (plan.mappings.length === 0 && plan.primary === null && plan.teams === null) return;
  const everybody = await peopleOf(deps.db, viewer.organizationId);
  const ids = new Map(everybody.map(({ email, id }) => [email, id]));
  const people = plan.mappings.flatMap(({ at, connectionId, crmUserId }) => {
    const id = ids.get(file.people[at]!.email);
    return id === undefined ? [] : [{ id, crmUsers: { [connectionId]: crmUserId } }];
  });
  const { primary } = plan;
  const primaryConnectionId = primary === null ? undefined : connectionIds.get(primary);
  const idsOf = (emails: string[]) => emails.flatMap((email) => ids.get(email) ?? []);
  const teams = plan.teams?.map(({ memberIds, supervisorIds, ...team }) => ({
    ...team,
    ...{ memberIds: idsOf(memberIds), supervisorIds: idsOf(supervisorIds) },
  }));
  await save(deps, viewer, file, { people, primaryConnectionId, teams });
}
