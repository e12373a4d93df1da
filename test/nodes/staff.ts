import { hubApi } from '../../sandbox/demo/hub-api.ts';
import type { HubApi } from '../../sandbox/demo/hub-api.ts';
import { demoAdministrator, setUpDemo } from '../../sandbox/demo/set-up-demo.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import type { OrganizationView } from '../../src/organization/contract.ts';
import { each } from '../trust/ask.ts';
import { AgentBrowser } from './agent-browser.ts';
import type { Cluster } from './cluster.ts';

const password = 'pump-valve-river-1234';

/** Sets the organization up over its own API, with so many agents beside the demo's, each in front of a browser. */
export async function hireStaff({ nodes }: Cluster, sandbox: Sandbox, agents: number) {
  const stop = new AbortController().signal;
  const hubUrl = nodes[0]!.url;
  const extensions = Array.from({ length: agents }, (_, index) => String(1_000 + index));
  for (const extension of extensions) {
    const name = { first_name: 'Agent', last_name: extension, name: `Agent ${extension}` };
    const email = emailOf(extension);
    sandbox.records.insert('sys_user', { ...name, email, user_name: email, active: 'true' });
  }
  const its = { hubUrl, sandboxUrl: sandbox.url, password, stop, say: () => undefined };
  const { hookUrl } = await setUpDemo(its);
  const api = hubApi(hubUrl, stop);
  await api.post('/api/auth/sign-in/email', { email: demoAdministrator.email, password });
  await changeOrganization(api, () => ({ seats: { Enterprise: agents + 25 } }));
  const cookies = new Map<string, string>();
  await each(extensions, async (extension) => {
    const { invitationUrl } = await api.post<{ invitationUrl: string }>('/api/v1/people', {
      ...{ name: `Agent ${extension}`, email: emailOf(extension), role: 'agent' },
      ...{ plan: 'Enterprise', extension },
    });
    const token = new URL(invitationUrl).pathname.split('/').at(-1);
    cookies.set(extension, await accept(`${hubUrl}/api/v1/invitations/${token}`, extension));
  });
  await mapAll(api);
  return {
    hookPath: new URL(hookUrl).pathname,
    browsers: extensions.map((each) => new AgentBrowser(each, cookies.get(each) ?? '', nodes)),
  };
}

const emailOf = (extension: string) => `agent${extension}@example.com`;

/** Comes from an address of its own, so that no limit on requests gets in the way. */
async function accept(url: string, extension: string): Promise<string> {
  const number = Number(extension);
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': `10.1.${number >> 8}.${number & 255}`,
    },
    body: JSON.stringify({ password }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');
}

/** Everybody gets the CRM user who has their e-mail address. */
async function mapAll(api: HubApi): Promise<void> {
  await changeOrganization(api, ({ people, connections }) => {
    const connectionId = connections[0]!.id;
    return {
      people: people.flatMap(({ id, suggestions, crmUsers }) => {
        const suggested = suggestions[connectionId]?.id;
        if (suggested === undefined || crmUsers[connectionId]) return [];
        return { id, crmUsers: { [connectionId]: suggested } };
      }),
    };
  });
}

async function changeOrganization(
  api: HubApi,
  change: (view: OrganizationView) => object,
): Promise<void> {
  const view = await api.get<OrganizationView>('/api/v1/organization');
  const { version, name, country, timeZone } = view;
  await api.put('/api/v1/organization', { version, name, country, timeZone, ...change(view) });
}
