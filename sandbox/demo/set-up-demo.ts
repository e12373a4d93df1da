import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CrmUserOption,
  OrganizationView,
  PersonRow,
} from '../../src/organization/contract.ts';
import { RingsideError } from '../../src/platform/errors.ts';
import type { CheckRun } from '../../src/systems-check/contract.ts';
import { companyDomain } from '../company/users.ts';
import { defaultPassword, integrationUser } from '../server.ts';
import { HubApiError, hubApi, type HubApi } from './hub-api.ts';

/** People of the demo who use Ringside. Their e-mail addresses are those of ServiceNow users, so that the mapping is suggested. */
export const demoAgents = [
  { name: 'Alice Agent', email: `alice.agent@${companyDomain}`, extension: '101' },
  { name: 'Bob Agent', email: `bob.agent@${companyDomain}`, extension: '102' },
] as const;

export const demoAdministrator = {
  name: 'Carol Supervisor',
  email: `carol.supervisor@${companyDomain}`,
};

export interface DemoSetUp {
  hubUrl: string;
  sandboxUrl: string;
  password: string;
  stop: AbortSignal;
  /** The settings of a real Asterisk that calls come from; without them they come by webhook. */
  asterisk?: Record<string, string> | null;
  /** Tells people how far it is. */
  say(text: string): void;
}

/** What the phone simulator has to know. */
export interface DemoPhones {
  /** Where phone events go; '' when an Asterisk tells them. */
  hookUrl: string;
  /** Of the agents, in their order; as they are set in Ringside. */
  extensions: string[];
}

/**
 * Sets Ringside up over its own API, as an administrator does it in the browser: organization, ServiceNow connection, Systems Check, people with their
 * CRM users, phone system. Everything that is there already stays. Throws with the hub's own words.
 */
export async function setUpDemo(its: DemoSetUp): Promise<DemoPhones> {
  const { hubUrl, sandboxUrl, password, stop, say } = its;
  const api = hubApi(hubUrl, stop);
  await enter(api, password);
  const connectionId = await connect(api, sandboxUrl);
  say('Systems Check and first pull…');
  await checkConnection(api, connectionId, its);
  for (const agent of demoAgents) await invite(api, agent, its);
  const extensions = await mapPeople(api, connectionId);
  await linkAsterisk(api, its.asterisk ?? null);
  return { hookUrl: its.asterisk ? '' : await addPhoneSystem(api), extensions };
}

async function enter(api: HubApi, password: string): Promise<void> {
  const { needed } = await api.get<{ needed: boolean }>('/api/v1/setup');
  if (needed) {
    const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    await api.post('/api/v1/setup', {
      organizationName: 'Brightwater',
      country: 'DE',
      timeZone,
      ...demoAdministrator,
      password,
    });
    return;
  }
  try {
    await api.post('/api/auth/sign-in/email', { email: demoAdministrator.email, password });
  } catch (error) {
    if (!(error instanceof HubApiError) || error.status >= 500) throw error;
    throw new RingsideError(
      'unavailable',
      `The demo cannot sign in to its data folder. ${error.message}`,
      {
        fix: 'Delete the folder, or name another one with --data.',
        cause: error,
      },
    );
  }
}

async function connect(api: HubApi, sandboxUrl: string): Promise<string> {
  const { connections } = await api.get<OrganizationView>('/api/v1/organization');
  const url = `${sandboxUrl}/`;
  const settings = {
    username: integrationUser,
    password: defaultPassword,
    endpoint: url,
    detailsLink: url,
  };
  const known = connections.find(({ platform }) => platform === 'servicenow');
  const { id } =
    known ?? (await api.post<{ id: string }>('/api/v1/connections', { platform: 'servicenow' }));
  const same = known?.settings['endpoint'] === url && known.storedSecrets.includes('password');
  if (!same) await api.put(`/api/v1/connections/${id}`, { settings });
  return id;
}

async function checkConnection(
  api: HubApi,
  connectionId: string,
  { stop, say }: DemoSetUp,
): Promise<void> {
  const path = `/api/v1/connections/${connectionId}/systems-check`;
  let { run } = await api.post<{ run: CheckRun }>(path);
  while (run.status === 'running') {
    await sleep(250, undefined, { signal: stop });
    ({ run } = await api.get<{ run: CheckRun }>(path));
  }
  const failed = run.steps.find(({ status }) => status === 'fail');
  if (failed)
    throw new RingsideError(
      'unavailable',
      `The Systems Check failed: ${failed.title}. ${failed.detail}`,
    );
  const broken = run.pulls.find(({ status }) => status === 'failed');
  if (broken)
    throw new RingsideError(
      'unavailable',
      `Pulling ${broken.kind} failed. ${broken.message ?? ''}`,
    );
  if (run.counts) {
    const { users, customers, contacts, cases } = run.counts;
    say(`Pulled ${contacts} contacts, ${customers} customers, ${cases} cases, ${users} users.`);
  }
}

async function invite(
  api: HubApi,
  agent: { name: string; email: string },
  { hubUrl, password, stop }: DemoSetUp,
): Promise<void> {
  const { people } = await api.get<OrganizationView>('/api/v1/organization');
  const known = people.find(({ email }) => email === agent.email);
  if (known && !known.invited) return;
  const { invitationUrl } = known
    ? await api.post<{ invitationUrl: string }>(`/api/v1/people/${known.id}/invitation`)
    : await api.post<{ invitationUrl: string }>('/api/v1/people', {
        name: agent.name,
        email: agent.email,
        role: 'agent',
        plan: 'Enterprise',
      });
  const token = invitationUrl.slice(invitationUrl.lastIndexOf('/') + 1);
  await hubApi(hubUrl, stop).post(`/api/v1/invitations/${token}`, { password });
}

/** Gives the agents their phones and ServiceNow users where they have none; answers their extensions. */
async function mapPeople(api: HubApi, connectionId: string): Promise<string[]> {
  const { version, name, country, timeZone, people } =
    await api.get<OrganizationView>('/api/v1/organization');
  const changes = [];
  const extensions: string[] = [];
  for (const agent of demoAgents) {
    const person = people.find(({ email }) => email === agent.email);
    const extension = person?.extension ?? agent.extension;
    extensions.push(extension);
    if (!person || (person.crmUsers[connectionId] && person.extension !== null)) continue;
    const crmUser =
      person.crmUsers[connectionId]?.id ??
      person.suggestions[connectionId]?.id ??
      (await findCrmUser(api, connectionId, person));
    const plan = person.plan ?? 'Enterprise';
    changes.push({ id: person.id, extension, plan, crmUsers: { [connectionId]: crmUser } });
  }
  if (changes.length > 0)
    await api.put('/api/v1/organization', { version, name, country, timeZone, people: changes });
  return extensions;
}

async function findCrmUser(
  api: HubApi,
  connectionId: string,
  { email }: PersonRow,
): Promise<string> {
  const users = await api.get<CrmUserOption[]>(
    `/api/v1/connections/${connectionId}/users?search=${encodeURIComponent(email)}`,
  );
  const user = users.find((each) => each.email === email);
  if (!user)
    throw new RingsideError(
      'unavailable',
      `ServiceNow's users were pulled, but ${email} is not among them.`,
    );
  return user.id;
}

/** Tells Ringside of the Asterisk of this start, which has other addresses every time; without one nothing is to be linked. */
async function linkAsterisk(api: HubApi, settings: Record<string, string> | null): Promise<void> {
  const name = 'Demo Asterisk';
  const { phoneSystems } = await api.get<OrganizationView>('/api/v1/organization');
  const known = phoneSystems.find((each) => each.name === name);
  if (settings && known) await api.put(`/api/v1/phone-systems/${known.id}`, { name, settings });
  else if (settings) await api.post('/api/v1/phone-systems', { name, kind: 'asterisk', settings });
  else if (known) await api.delete(`/api/v1/phone-systems/${known.id}`);
}

/** A phone system's URL is shown once, so every start of the demo asks for a new one. */
async function addPhoneSystem(api: HubApi): Promise<string> {
  const name = 'Phone simulator';
  const { phoneSystems } = await api.get<OrganizationView>('/api/v1/organization');
  const known = phoneSystems.find((each) => each.name === name);
  const { hookUrl } = known
    ? await api.post<{ hookUrl: string }>(`/api/v1/phone-systems/${known.id}/token`)
    : await api.post<{ hookUrl: string }>('/api/v1/phone-systems', { name, kind: 'webhook' });
  return hookUrl;
}
