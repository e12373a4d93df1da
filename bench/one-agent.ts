import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HubApi } from '../sandbox/demo/hub-api.ts';
import type { DeskState, Pop } from '../src/desk/contract.ts';
import type { CrmUserOption, OrganizationView } from '../src/organization/contract.ts';
import type { CheckRun } from '../src/systems-check/contract.ts';
import { administrator } from './processes.ts';
import { signIn } from './sign-in.ts';

/** The administrator of a benchmark's hub as an agent whose phone rings by webhook, with a browser in front of them. */
export interface OneAgent {
  /** For requests of their own, beside the stream. */
  cookie: string;
  /** Tells the hub of an event as a phone system does. Throws when it is refused. */
  phone(event: Record<string, string>): Promise<void>;
  /** The pop of a call as it was shown last. */
  popOf(number: string): Pop | undefined;
  close(): void;
}

export const benchExtension = '101';

export interface PulledHub {
  api: HubApi;
  url: string;
  connectionId: string;
}

/** Has the Systems Check pull everything; throws when a kind was not. */
export async function pullEverything({ api, connectionId }: PulledHub): Promise<void> {
  const path = `/api/v1/connections/${connectionId}/systems-check`;
  let { run } = await api.post<{ run: CheckRun }>(path);
  while (run.status === 'running') {
    await sleep(200);
    ({ run } = await api.get<{ run: CheckRun }>(path));
  }
  const broken = run.pulls.find(({ status }) => status !== 'done');
  if (broken) throw new Error(`${broken.kind} were not pulled: ${broken.message}`);
}

/**
 * Gives the only person of the hub a phone, a CRM user and a phone system, signs them in and reads their live stream. The CRM must have been
 * pulled.
 */
export async function startAgent({ api, url, connectionId }: PulledHub): Promise<OneAgent> {
  const { email, password } = administrator;
  const { version, name, country, timeZone, people } =
    await api.get<OrganizationView>('/api/v1/organization');
  const self = people.find((person) => person.email === email);
  const [crmUser] = await api.get<CrmUserOption[]>(
    `/api/v1/connections/${connectionId}/users?search=alice.agent`,
  );
  const crmUsers = { [connectionId]: crmUser!.id };
  const changes = [{ id: self!.id, extension: benchExtension, crmUsers }];
  await api.put('/api/v1/organization', { version, name, country, timeZone, people: changes });
  const { hookUrl } = await api.post<{ hookUrl: string }>('/api/v1/phone-systems', {
    ...{ name: 'Bench', kind: 'webhook' },
  });
  const hook = new URL(new URL(hookUrl).pathname, url);
  const cookie = await signIn(url, email, password);
  const pops = new Map<string, Pop>();
  const stream = await readStream(url, cookie, (pop) => {
    if (pop.caller.e164 !== null) pops.set(pop.caller.e164, pop);
  });
  return {
    cookie,
    async phone(event) {
      const answer = await fetch(hook, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ direction: 'in', to: '+12025550101', ...event }),
      });
      if (!answer.ok)
        throw new Error(`A phone event was answered ${answer.status}: ${await answer.text()}`);
    },
    popOf: (number) => pops.get(number),
    close: () => stream.destroy(),
  };
}

async function readStream(
  url: string,
  cookie: string,
  shown: (pop: Pop) => void,
): Promise<http.ClientRequest> {
  const request = http.get(new URL('/api/v1/desk/stream', url), { headers: { cookie } });
  request.on('error', () => undefined);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`The live stream said ${response.statusCode}.`);
  let event = '';
  const lines = createInterface({ input: response }).on('error', () => undefined);
  lines.on('line', (line) => {
    if (line.startsWith('event: ')) event = line.slice(7);
    else if (line.startsWith('data: ') && event === 'pop') shown(JSON.parse(line.slice(6)) as Pop);
    else if (line.startsWith('data: ') && event === 'state')
      for (const pop of (JSON.parse(line.slice(6)) as DeskState).pops) shown(pop);
  });
  return request;
}
