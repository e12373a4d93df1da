import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeskState } from '../../src/desk/contract.ts';
import type { OrganizationView } from '../../src/organization/contract.ts';
import { startTestHub, type TestHub } from '../../test/support/hub.ts';
import { startPhoneSimulator } from '../phone/phone-simulator.ts';
import { startSandbox, type Sandbox } from '../server.ts';
import { hubApi } from './hub-api.ts';
import { demoAdministrator, demoAgents, setUpDemo } from './set-up-demo.ts';

const password = 'pump-valve-river-1234';
const { signal: stop } = new AbortController();
let sandbox: Sandbox;
let hub: TestHub;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, contacts: 200, seed: 1 });
  hub = await startTestHub();
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});

async function signedIn(email: string) {
  const api = hubApi(hub.url, stop);
  await api.post('/api/auth/sign-in/email', { email, password });
  return api;
}

test('sets Ringside up as an administrator does; a second time changes nothing; then a call pops', async () => {
  const told: string[] = [];
  const its = {
    hubUrl: hub.url,
    sandboxUrl: sandbox.url,
    password,
    stop,
    say: (text: string) => told.push(text),
  };
  const first = await setUpDemo(its);
  expect(told.at(-1)).toMatch(/^Pulled 208 contacts/);
  const again = await setUpDemo(its);
  expect(again.extensions).toEqual(['101', '102']);
  expect(again.hookUrl).not.toBe(first.hookUrl);

  const administrator = await signedIn(demoAdministrator.email);
  const view = await administrator.get<OrganizationView>('/api/v1/organization');
  expect(view.connections).toHaveLength(1);
  expect(view.phoneSystems).toHaveLength(1);
  const [connection] = view.connections;
  for (const { email, extension } of demoAgents) {
    const person = view.people.find((each) => each.email === email)!;
    expect(person).toMatchObject({ extension, plan: 'Enterprise', invited: false });
    expect(person.crmUsers[connection!.id]).toMatchObject({ email });
  }

  const known = sandbox.lookups.uniqueContact(({ openCases }) => openCases > 0);
  const [alice] = demoAgents;
  const desk = await signedIn(alice.email);
  const simulator = startPhoneSimulator({
    hookUrl: again.hookUrl,
    lookups: sandbox.lookups,
    extension: alice.extension,
    colleague: '',
    seed: 1,
    firstAfter: 100_000,
  });
  const ringing = simulator.call({
    who: known.name,
    from: known.number,
    outcome: 'answered',
    ringSeconds: 60,
    talkSeconds: 1,
    queue: null,
  });
  let state: DeskState;
  do {
    await sleep(50);
    state = await desk.get<DeskState>('/api/v1/desk/pops');
  } while (state.pops.length === 0);
  await simulator.stop();
  await ringing;
  const [pop] = state.pops;
  expect(pop!.match).toMatchObject({
    status: 'one',
    candidates: [
      { name: known.name, customer: { name: known.customer }, openCaseCount: known.openCases },
    ],
  });
  expect(pop!.match.candidates[0]!.reason.raw).toBe(known.raw);
});

test('another password than that of the data folder is told', async () => {
  const its = {
    hubUrl: hub.url,
    sandboxUrl: sandbox.url,
    password: 'another-password-1234',
    stop,
    say: () => {},
  };
  await expect(setUpDemo(its)).rejects.toThrow(/cannot sign in to its data folder/);
});
