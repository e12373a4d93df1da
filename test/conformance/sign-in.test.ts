import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { apiKey, oauthClient } from '../../sandbox/http/tokens.ts';
import { startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { CrmError } from '../../src/crm/crm-error.ts';
import type { CrmConnection, Settings } from '../../src/crm/port.ts';
import { collect, connectTo } from './connection.ts';

let sandbox: Sandbox;
const open: CrmConnection[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    contacts: 300,
    seed: 9,
    users: ['second', 'third', 'fourth'].map((userName) => ({ userName, password: 'another' })),
  });
});
afterAll(async () => {
  await Promise.all(open.map((crm) => crm.close()));
  await sandbox.close();
});
beforeEach(() => {
  sandbox.expireTokens();
  sandbox.faults.set([]);
  sandbox.requests.clear();
});

function connect(settings: Settings, secrets: Settings): CrmConnection {
  const crm = connectTo(sandbox, settings, secrets);
  open.push(crm);
  return crm;
}

const client = { authentication: 'oauth-client', username: '', clientId: oauthClient.id };
const clientSecret = { clientSecret: oauthClient.secret };
const asked = (path: string) =>
  sandbox.requests.list().filter((request) => request.path.startsWith(path)).length;

async function codes(crm: CrmConnection): Promise<string[]> {
  const found: string[] = [];
  for await (const progress of crm.check())
    if (progress.type === 'finished' && progress.step.status === 'fail')
      found.push(`${progress.step.id} ${progress.step.code}`);
  return found;
}

async function failureOf(task: Promise<unknown>): Promise<CrmError> {
  const error = await task.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CrmError)) throw new Error(`no CrmError but ${String(error)}`);
  return error;
}

describe('OAuth', () => {
  test('client credentials: one token for many requests, also of several connections', async () => {
    expect(await codes(connect(client, clientSecret))).toEqual([]);
    await Promise.all([1, 2, 3].map(() => collect(connect(client, clientSecret).pull('contacts'))));
    expect(asked('/oauth_token.do')).toBe(1);
  });

  test('a token that ended early is replaced once, by one request, and nothing is lost', async () => {
    const crm = connect(client, clientSecret);
    await collect(crm.pull('users'));
    sandbox.expireTokens();
    sandbox.requests.clear();
    await Promise.all((['users', 'contacts', 'cases'] as const).map((k) => collect(crm.pull(k))));
    expect(asked('/oauth_token.do')).toBe(1);
    expect(crm.stopped()).toBe(false);
  });

  test('a token is renewed before it runs out', async () => {
    sandbox.faults.set(['oauth-lifetime:2']);
    const crm = connect(client, clientSecret);
    const end = Date.now() + 4500;
    while (Date.now() < end) {
      await crm.choices('state');
      await new Promise((done) => setTimeout(done, 200));
    }
    expect(asked('/oauth_token.do')).toBeGreaterThan(1);
  });

  test('a refused client is explained, asked twice at most, and shows no secret', async () => {
    const crm = connect(client, { clientSecret: 'wr0ng-secret' });
    const first = await failureOf(crm.choices('state'));
    expect(first).toMatchObject({ code: 'unauthorized', stopped: false });
    expect(first.message).toMatch(/OAuth/);
    expect(first.fix).toMatch(/Application Registry/);
    expect(JSON.stringify([first.message, first.fix])).not.toMatch(/wr0ng/);
    expect(await failureOf(crm.choices('state'))).toMatchObject({ stopped: true });
    await failureOf(crm.choices('state'));
    expect(asked('/oauth_token.do')).toBe(2);
  });

  test('the password grant, and why a web-service-only user cannot use it', async () => {
    const settings = { ...client, authentication: 'oauth-password', username: 'alice.agent' };
    const secrets = { ...clientSecret, password: 'ringside-sandbox' };
    expect((await connect(settings, secrets).choices('state')).length).toBeGreaterThan(2);
    const machine = connect({ ...settings, username: 'ringside.integration' }, secrets);
    expect((await failureOf(machine.choices('state'))).code).toBe('unauthorized');
  });
});

test('an API key', async () => {
  const settings = { authentication: 'api-key', username: '' };
  expect(await codes(connect(settings, { apiKey }))).toEqual([]);
  const wrong = await failureOf(connect(settings, { apiKey: 'nope' }).choices('state'));
  expect(wrong).toMatchObject({ code: 'unauthorized' });
  expect(wrong.fix).toMatch(/REST API Key/);
});

describe('after two refused sign-ins', () => {
  test('nothing more is sent, by no connection with this password, until somebody looks', async () => {
    const settings = { username: 'second' };
    const crm = connect(settings, { password: 'wrong' });
    expect(await failureOf(crm.read('user', ['1']))).toMatchObject({ stopped: false });
    expect(await failureOf(crm.read('user', ['1']))).toMatchObject({ stopped: true });
    expect(crm.stopped()).toBe(true);
    const other = connect(settings, { password: 'wrong' });
    expect(other.stopped()).toBe(true);
    expect(await failureOf(other.read('user', ['1']))).toMatchObject({
      code: 'unauthorized',
      stopped: true,
    });
    expect(asked('/api/now/table/sys_user')).toBe(2);
    // Another password is another matter, and so is a look at it.
    expect(connect(settings, { password: 'another' }).stopped()).toBe(false);
    other.resume();
    expect(crm.stopped()).toBe(false);
    sandbox.requests.clear();
    expect(await codes(crm)).toContain('signed-in unauthorized');
    expect(
      sandbox.requests.list().filter(({ status }) => status === 401).length,
    ).toBeLessThanOrEqual(3);
  });

  test('an account that is locked after three wrong passwords is not locked', async () => {
    sandbox.faults.set(['lockout:3']);
    const crm = connect({ username: 'third' }, { password: 'worse' });
    for (let tries = 0; tries < 5; tries += 1) await failureOf(crm.read('user', ['1']));
    const good = connect({ username: 'third' }, { password: 'another' });
    expect(await good.read('user', ['f'.repeat(32)])).toEqual([]);
  });
});

test('usage tells requests, limits and failures', async () => {
  sandbox.faults.set(['rate-limit:50/3600']);
  const crm = connect({ username: 'fourth' }, { password: 'another' });
  const before = crm.usage().requestsLastHour;
  await crm.read('user', ['f'.repeat(32)]);
  sandbox.faults.set(['no-access:sys_user']);
  await failureOf(crm.read('user', ['f'.repeat(32)]));
  const { requestsLastHour, rateLimit, errors } = crm.usage();
  expect(requestsLastHour).toBe(before + 2);
  expect(rateLimit).toMatchObject({ limit: 50 });
  expect(rateLimit?.resetsAt).toBeInstanceOf(Date);
  expect(errors[0]).toMatchObject({ code: 'no-access' });
});
