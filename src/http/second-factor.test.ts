import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf } from '../organization/authenticator.testing.ts';
import { testHub, testPassword } from './testing.ts';
import type { TestClient, TestHub } from './testing.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await testHub();
});
afterAll(() => hub.close());

const ofPassword = { password: testPassword };
const post = (client: TestClient, path: string, body: object) =>
  client.post(`/api/auth/${path}`, body);

/** Sets a second factor up; answers the app's address and the recovery codes. */
async function setUp(client: TestClient) {
  const started = (await post(client, 'second-factor/start', ofPassword)).json<{
    uri: string;
    recoveryCodes: string[];
  }>();
  const confirmed = await post(client, 'second-factor/confirm', { code: codeOf(started.uri) });
  expect(confirmed.statusCode).toBe(204);
  return started;
}

/** A browser that has typed e-mail and password and now holds every cookie that it was given. */
async function atSecondStep(email: string) {
  const client = hub.visitor();
  const answer = await client.signIn(email);
  expect([answer.statusCode, answer.json()]).toEqual([200, { needs: 'code' }]);
  client.cookie = answer.cookies
    .filter(({ value }) => value !== '')
    .map(({ name, value }) => `${name}=${encodeURIComponent(value)}`)
    .join('; ');
  return client;
}

test('is set up by password and a first code, and asked for from then on', async () => {
  const ada = await hub.organization('Ada', 'ada@example.com');
  expect((await ada.get('/api/v1/me')).json().secondFactor).toEqual({
    active: false,
    required: false,
  });
  const wrong = await post(ada, 'second-factor/start', { password: 'not the password' });
  expect(wrong.json()).toMatchObject({ status: 400, errors: [{ field: 'password' }] });
  const { uri, recoveryCodes } = (await post(ada, 'second-factor/start', ofPassword)).json();
  expect(uri).toMatch(/^otpauth:\/\/totp\/Ringside:ada(@|%40)example\.com\?secret=[A-Z2-7]{32,}/);
  expect(new Set(recoveryCodes).size).toBe(10);
  // Nothing counts before the app has shown that it has the secret.
  expect((await hub.visitor().signIn('ada@example.com')).statusCode).toBe(204);
  const mistyped = await post(ada, 'second-factor/confirm', { code: '12345' });
  expect(mistyped.json()).toMatchObject({ status: 400, errors: [{ field: 'code' }] });
  expect((await post(ada, 'second-factor/confirm', { code: codeOf(uri) })).statusCode).toBe(204);
  expect((await ada.get('/api/v1/me')).json().secondFactor.active).toBe(true);
  expect((await post(ada, 'second-factor/start', ofPassword)).statusCode).toBe(409);

  const browser = await atSecondStep('ada@example.com');
  expect((await browser.get('/api/v1/me')).statusCode).toBe(401);
  const guess = await post(browser, 'sign-in/code', { code: '000 000' });
  expect(guess.json()).toMatchObject({ status: 401, errors: [{ field: 'code' }] });
  const code = codeOf(uri);
  const spaced = code.replace(/^.../, '$& ');
  expect((await post(browser, 'sign-in/code', { code: spaced })).statusCode).toBe(204);
  expect((await browser.get('/api/v1/me')).json().person.email).toBe('ada@example.com');
  const onlooker = await atSecondStep('ada@example.com');
  expect((await post(onlooker, 'sign-in/code', { code })).statusCode).toBe(401);
  expect((await onlooker.get('/api/v1/me')).statusCode).toBe(401);
  // Neither secret nor codes stand in the database as they are.
  const { rows } = await hub.database.pool.query(
    'select secret, backup_codes from account_two_factor',
  );
  const stored = JSON.stringify(rows);
  for (const text of [new URL(uri).searchParams.get('secret')!, ...recoveryCodes])
    expect(stored).not.toContain(text);
});

test('a recovery code works once; new ones put an end to the old', async () => {
  const bo = await hub.organization('Bo', 'bo@example.com');
  const { recoveryCodes } = await setUp(bo);
  const enter = async (code: string) =>
    (await post(await atSecondStep('bo@example.com'), 'sign-in/code', { code })).statusCode;
  expect(await enter(recoveryCodes[0]!)).toBe(204);
  expect(await enter(recoveryCodes[0]!)).toBe(401);
  const renewed = (await post(bo, 'second-factor/recovery-codes', ofPassword)).json();
  expect(await enter(recoveryCodes[1]!)).toBe(401);
  expect(await enter(renewed.recoveryCodes[1])).toBe(204);
});

test('ten wrong codes in a row shut the second step, the right one too', async () => {
  const cy = await hub.organization('Cy', 'cy@example.com');
  const { uri } = await setUp(cy);
  const statuses = new Set<number>();
  for (let round = 0; round < 3; round += 1) {
    const browser = await atSecondStep('cy@example.com');
    for (let tries = 0; tries < 5; tries += 1)
      statuses.add((await post(browser, 'sign-in/code', { code: '000000' })).statusCode);
  }
  expect([...statuses]).toEqual([401, 429]);
  const late = await post(await atSecondStep('cy@example.com'), 'sign-in/code', {
    code: codeOf(uri),
  });
  expect([late.statusCode, late.headers['retry-after']]).toEqual([429, '900']);
});

test('a code without the first step opens nothing', async () => {
  const answer = await post(hub.visitor(), 'sign-in/code', { code: '123456' });
  expect(answer.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
});

test('a browser that was let off is not asked, until the password changes', async () => {
  const di = await hub.organization('Di', 'di@example.com');
  const { uri } = await setUp(di);
  const browser = await atSecondStep('di@example.com');
  const answer = await post(browser, 'sign-in/code', { code: codeOf(uri), trustBrowser: true });
  const trust = answer.cookies.find(({ name }) => name.endsWith('trust_device'))!;
  expect(trust).toMatchObject({ httpOnly: true, sameSite: 'Lax', maxAge: 30 * 86_400 });
  const again = hub.visitor();
  again.cookie = `${trust.name}=${encodeURIComponent(trust.value)}`;
  const second = await again.signIn('di@example.com');
  expect(second.statusCode).toBe(204);
  const renewed = second.cookies.find(({ name }) => name.endsWith('trust_device'))!;
  const change = { currentPassword: testPassword, newPassword: 'another good password' };
  expect((await post(di, 'change-password', change)).statusCode).toBe(204);
  const late = hub.visitor();
  late.cookie = `${renewed.name}=${encodeURIComponent(renewed.value)}`;
  expect((await late.signIn('di@example.com', 'another good password')).statusCode).toBe(200);
});

test('an organization that asks for it lets nobody do anything else first', async () => {
  const admin = await hub.organization('Strict', 'strict@example.com');
  const save = async (secondFactorFor: string) => {
    const { version, name, country, timeZone } = (await admin.get('/api/v1/organization')).json();
    return admin.put('/api/v1/organization', { version, name, country, timeZone, secondFactorFor });
  };
  expect((await save('administrators')).json().secondFactorFor).toBe('administrators');
  const refused = await admin.get('/api/v1/organization');
  expect(refused.json()).toMatchObject({ status: 403, code: 'second-factor-required' });
  expect((await admin.post('/api/v1/people', {})).json().code).toBe('second-factor-required');
  expect((await admin.get('/api/v1/me')).json().secondFactor).toEqual({
    active: false,
    required: true,
  });
  await setUp(admin);
  expect((await admin.get('/api/v1/organization')).statusCode).toBe(200);
  const kept = await post(admin, 'second-factor/remove', ofPassword);
  expect(kept.json()).toMatchObject({ status: 409, code: 'conflict' });
  await save('nobody');
  expect((await post(admin, 'second-factor/remove', { password: 'wrong' })).statusCode).toBe(400);
  expect((await post(admin, 'second-factor/remove', ofPassword)).statusCode).toBe(204);
  expect((await hub.visitor().signIn('strict@example.com')).statusCode).toBe(204);
});

test('an administrator resets somebody else’s, which ends their sessions and is written down', async () => {
  const admin = await hub.organization('Reset', 'reset@example.com');
  const person = { name: 'Eve', email: 'eve@example.com', role: 'agent', plan: null };
  const invited = (await admin.post('/api/v1/people', person)).json();
  const token = new URL(invited.invitationUrl).pathname.split('/').at(-1);
  const eve = hub.visitor();
  await eve.post(`/api/v1/invitations/${token}`, ofPassword);
  const { id } = invited.person;
  const reset = (client: TestClient, personId: string) =>
    client.delete(`/api/v1/people/${personId}/second-factor`);
  expect((await reset(admin, id)).statusCode).toBe(409);
  await setUp(eve);
  const shown = (await admin.get('/api/v1/organization')).json().people;
  expect(shown.find((one: { id: string }) => one.id === id).secondFactor).toBe(true);
  expect((await reset(eve, id)).statusCode).toBe(403);
  expect((await reset(admin, admin.personId)).statusCode).toBe(409);
  expect((await reset(await hub.organization('Far', 'far@example.com'), id)).statusCode).toBe(404);
  expect((await reset(admin, id)).statusCode).toBe(204);
  expect((await eve.get('/api/v1/me')).statusCode).toBe(401);
  expect((await hub.visitor().signIn('eve@example.com')).statusCode).toBe(204);
  const { entries } = (await admin.get('/api/v1/audit')).json();
  expect(entries.map((one: { action: string }) => one.action)).toEqual(
    expect.arrayContaining(['add second factor', 'reset second factor']),
  );
});

test('a password link does not go round the second factor', async () => {
  const admin = await hub.organization('Link', 'link@example.com');
  await setUp(admin);
  const { invitationUrl } = (
    await admin.post(`/api/v1/people/${admin.personId}/invitation`)
  ).json();
  const token = new URL(invitationUrl).pathname.split('/').at(-1);
  const browser = hub.visitor();
  const answer = await browser.post(`/api/v1/invitations/${token}`, {
    password: 'a brand new password',
  });
  expect([answer.statusCode, answer.json()]).toEqual([200, { needs: 'code' }]);
  expect((await browser.get('/api/v1/me')).statusCode).toBe(401);
});

test('guesses of one account are answered slower and slower', async () => {
  await hub.organization('Slow', 'slow@example.com');
  hub.pauses.length = 0;
  for (let tries = 0; tries < 7; tries += 1)
    await hub.visitor().signIn('slow@example.com', 'guess guess guess');
  expect(hub.pauses).toEqual([0, 0, 0, 0, 250, 500, 1000]);
});
