import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CrmUserOption,
  OrganizationView,
  PersonRow,
} from '../../src/organization/contract.ts';
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
  /** Tells people how far it is. */
  say(text: string): void;
}

/**
 * Sets Ringside up over its own API, as an administrator does it in the browser: organization, ServiceNow connection, Systems Check, people with their
 * CRM users, phone system. Everything that is there already stays. Answers the URL for phone events. Throws with the hub's own words.
 */
export async function setUpDemo({ hubUrl, sandboxUrl, password, say }: DemoSetUp): Promise<string> {
  const api = hubApi(hubUrl);
  await enter(api, password);
  const connectionId = await connect(api, sandboxUrl);
  say('Systems Check and first pull…');
  await checkConnection(api, connectionId, say);
  for (const agent of demoAgents) await invite(api, hubUrl, agent, password);
  await mapPeople(api, connectionId);
  return addPhoneSystem(api);
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
    throw new Error(
      `The demo cannot sign in to its data folder: ${error.message} Delete the folder, or name another one with --data.`,
      { cause: error },
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
  say: (text: string) => void,
): Promise<void> {
  const path = `/api/v1/connections/${connectionId}/systems-check`;
  let { run } = await api.post<{ run: CheckRun }>(path);
  while (run.status === 'running') {
    await sleep(250);
    ({ run } = await api.get<{ run: CheckRun }>(path));
  }
  const failed = run.steps.find(({ status }) => status === 'fail');
  if (failed)
    throw new Error(
      `The Systems Check failed: ${failed.title}. ${failed.detail} ${failed.fix ?? ''}`,
    );
  const broken = run.pulls.find(({ status }) => status === 'failed');
  if (broken) throw new Error(`Pulling ${broken.kind} failed. ${broken.message ?? ''}`);
  if (run.counts) {
    const { users, customers, contacts, cases } = run.counts;
    say(`Pulled ${contacts} contacts, ${customers} customers, ${cases} cases, ${users} users.`);
  }
}

async function invite(
  api: HubApi,
  hubUrl: string,
  agent: { name: string; email: string },
  password: string,
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
  await hubApi(hubUrl).post(`/api/v1/invitations/${token}`, { password });
}

/** Gives the agents their phones and ServiceNow users where they have none. */
async function mapPeople(api: HubApi, connectionId: string): Promise<void> {
  const { version, name, country, timeZone, people } =
    await api.get<OrganizationView>('/api/v1/organization');
  const changes = [];
  for (const { email, extension } of demoAgents) {
    const person = people.find((each) => each.email === email);
    if (!person || (person.crmUsers[connectionId] && person.extension !== null)) continue;
    const crmUser =
      person.crmUsers[connectionId]?.id ??
      person.suggestions[connectionId]?.id ??
      (await findCrmUser(api, connectionId, person));
    changes.push({
      id: person.id,
      extension: person.extension ?? extension,
      plan: person.plan ?? 'Enterprise',
      crmUsers: { [connectionId]: crmUser },
    });
  }
  if (changes.length > 0)
    await api.put('/api/v1/organization', { version, name, country, timeZone, people: changes });
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
  if (!user) throw new Error(`ServiceNow's users were pulled, but ${email} is not among them.`);
  return user.id;
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
