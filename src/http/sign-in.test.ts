import { afterAll, beforeAll, expect, test } from 'vitest';
import { testHub, testPassword } from './testing.ts';
import type { TestHub } from './testing.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await testHub();
});
afterAll(() => hub.close());

test('the first visit makes organization and administrator, signs in, and can be done once', async () => {
  const fresh = await testHub();
  try {
    const browser = fresh.visitor();
    expect((await browser.get('/api/v1/setup')).json()).toMatchObject({ needed: true });
    const input = {
      organizationName: 'Acme',
      country: 'de',
      timeZone: 'Europe/Berlin',
      name: 'Ada Berg',
      email: 'Ada@Example.com',
      password: testPassword,
    };
    const bad = await browser.post('/api/v1/setup', {
      ...input,
      timeZone: 'Mars/Olympus',
      country: 'ZZ',
    });
    expect(bad.statusCode).toBe(400);
    expect(bad.json().errors.map((one: { field: string }) => one.field)).toEqual([
      'country',
      'timeZone',
    ]);
    const short = await browser.post('/api/v1/setup', { ...input, password: 'short' });
    expect(short.json()).toMatchObject({
      status: 400,
      code: 'invalid-input',
      errors: [{ field: 'password' }],
    });

    const others = [fresh.visitor(), fresh.visitor(), fresh.visitor()];
    const answers = await Promise.all(
      others.map((one, index) =>
        one.post('/api/v1/setup', { ...input, email: `ada${index}@example.com` }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([
      204, 409, 409,
    ]);
    const winner = others[answers.findIndex(({ statusCode }) => statusCode === 204)]!;
    const me = (await winner.get('/api/v1/me')).json();
    expect(me.person).toMatchObject({
      name: 'Ada Berg',
      role: 'administrator',
      plan: 'Enterprise',
      extension: null,
    });
    expect(me.organization).toMatchObject({
      name: 'Acme',
      country: 'DE',
      timeZone: 'Europe/Berlin',
    });
    expect(me.administrators).toHaveLength(1);
    expect((await browser.get('/api/v1/setup')).json()).toMatchObject({ needed: false });
  } finally {
    await fresh.close();
  }
});

test('signs in and out; the cookie is closed to scripts and other sites', async () => {
  await hub.organization('One', 'one@example.com');
  const browser = hub.visitor();
  expect((await browser.get('/api/v1/me')).statusCode).toBe(401);
  const answer = await browser.signIn(' ONE@example.com ');
  expect(answer.statusCode).toBe(204);
  expect(answer.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  expect(answer.cookies[0]?.secure).toBeUndefined();
  expect((await browser.get('/api/v1/me')).json().person.email).toBe('one@example.com');
  const { cookie } = browser;
  expect((await browser.post('/api/auth/sign-out')).statusCode).toBe(204);
  browser.cookie = cookie;
  expect((await browser.get('/api/v1/me')).statusCode).toBe(401);
});

test('says the same for a wrong password and an unknown e-mail', async () => {
  await hub.organization('Same', 'same@example.com');
  const wrong = await hub.visitor().signIn('same@example.com', 'not this one at all');
  const unknown = await hub.visitor().signIn('nobody@example.com', 'not this one at all');
  expect(wrong.statusCode).toBe(401);
  expect(wrong.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const { requestId: _, ...answer } = wrong.json();
  expect(unknown.json()).toMatchObject(answer);
});

test('a cookie that was made up or changed is nobody', async () => {
  const admin = await hub.organization('Cookie', 'cookie@example.com');
  const browser = hub.visitor();
  const changed = admin.cookie.replace(/.(?=\.)/, (letter) => (letter === 'a' ? 'b' : 'a'));
  for (const cookie of [
    'ringside.session_token=x',
    'ringside.session_token=%E0%A4%A',
    changed,
    admin.cookie.slice(0, -6),
  ]) {
    browser.cookie = cookie;
    expect((await browser.get('/api/v1/me')).statusCode, cookie).toBe(401);
  }
});

test('sessions can be seen and ended, also from another browser', async () => {
  const laptop = await hub.organization('Sessions', 'sessions@example.com');
  const phone = hub.visitor();
  await phone.signIn('sessions@example.com');
  const list = (await phone.get('/api/v1/sessions')).json();
  expect(list).toHaveLength(2);
  expect(list.filter((one: { current: boolean }) => one.current)).toHaveLength(1);
  expect(phone.cookie).not.toContain(list[0].id);
  const other = list.find((one: { current: boolean }) => !one.current);
  expect((await phone.delete(`/api/v1/sessions/${other.id}`)).statusCode).toBe(204);
  expect((await laptop.get('/api/v1/me')).statusCode).toBe(401);
  expect((await phone.get('/api/v1/me')).statusCode).toBe(200);
  expect((await phone.delete(`/api/v1/sessions/${other.id}`)).statusCode).toBe(404);
  expect((await phone.delete('/api/v1/sessions/nonsense')).statusCode).toBe(400);
});

test('a session that another node ended has ended here within a second', async () => {
  const here = await hub.organization('Nodes', 'nodes@example.com');
  expect((await here.get('/api/v1/me')).statusCode).toBe(200);
  await hub.database.pool.query(
    `update person set active = false where email = 'nodes@example.com'`,
  );
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect((await here.get('/api/v1/me')).statusCode).toBe(401);
});

test("nobody can end another account's session", async () => {
  const mine = await hub.organization('Mine', 'mine@example.com');
  const theirs = await hub.organization('Theirs', 'theirs@example.com');
  const [session] = (await theirs.get('/api/v1/sessions')).json();
  expect((await mine.delete(`/api/v1/sessions/${session.id}`)).statusCode).toBe(404);
  expect((await theirs.get('/api/v1/me')).statusCode).toBe(200);
});

test('a new password ends the other sessions', async () => {
  const one = await hub.organization('Password', 'password@example.com');
  const two = hub.visitor();
  await two.signIn('password@example.com');
  const wrong = await one.post('/api/auth/change-password', {
    currentPassword: 'wrong wrong wrong',
    newPassword: 'another good password',
  });
  expect(wrong.json()).toMatchObject({ status: 400, errors: [{ field: 'currentPassword' }] });
  const changed = await one.post('/api/auth/change-password', {
    currentPassword: testPassword,
    newPassword: 'another good password',
  });
  expect(changed.statusCode).toBe(204);
  expect((await one.get('/api/v1/me')).statusCode).toBe(200);
  expect((await two.get('/api/v1/me')).statusCode).toBe(401);
  expect((await two.signIn('password@example.com')).statusCode).toBe(401);
  expect((await two.signIn('password@example.com', 'another good password')).statusCode).toBe(204);
});

test('too many attempts are refused, the right password too, until the window has passed', async () => {
  await hub.organization('Limit', 'limit@example.com');
  const attempts = await Promise.all(
    Array.from({ length: 25 }, () =>
      hub.visitor().signIn('limit@example.com', 'guess guess guess'),
    ),
  );
  const refused = attempts.filter(({ statusCode }) => statusCode === 429);
  expect(refused).toHaveLength(5);
  expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
  expect((await hub.visitor().signIn('limit@example.com')).statusCode).toBe(429);
  expect((await hub.visitor().signIn('one@example.com')).statusCode).toBe(204);
  // Who guesses shuts the account for their own address, not for its owner elsewhere.
  const elsewhere = await hub.app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    remoteAddress: '198.51.100.4',
    payload: { email: 'limit@example.com', password: testPassword },
  });
  expect(elsewhere.statusCode).toBe(204);
  expect((await hub.visitor().signIn('limit@example.com')).statusCode).toBe(429);
  hub.clock.forward(16 * 60);
  expect((await hub.visitor().signIn('limit@example.com')).statusCode).toBe(204);
});

test('a session that is used goes on', async () => {
  const used = await hub.organization('Used', 'used@example.com');
  const fresh = await used.get('/api/v1/me');
  expect(fresh.headers['set-cookie']).toBeUndefined();
  const age = `update account_session set expires_at = expires_at - interval '3 days'
    where user_id in (select id from account_user where email = 'used@example.com')`;
  await hub.database.pool.query(age);
  hub.clock.forward(0);
  const prolonged = await used.get('/api/v1/me');
  expect(prolonged.cookies[0]).toMatchObject({ httpOnly: true, maxAge: 7 * 86_400 });
  const { rows } = await hub.database.pool.query(
    `select expires_at - now() > interval '6 days' as prolonged from account_session
     where user_id in (select id from account_user where email = 'used@example.com')`,
  );
  expect(rows).toEqual([{ prolonged: true }]);
  expect((await used.get('/api/v1/me')).statusCode).toBe(200);
});

test('a session that is not to be remembered ends with the browser and is not prolonged', async () => {
  await hub.organization('Forget', 'forget@example.com');
  const { cookies } = await hub.visitor().post('/api/auth/sign-in/email', {
    email: 'forget@example.com',
    password: testPassword,
    remember: false,
  });
  expect(cookies.map(({ maxAge }) => maxAge)).toEqual(cookies.map(() => undefined));
  const browser = hub.visitor();
  browser.cookie = cookies
    .map(({ name, value }) => `${name}=${encodeURIComponent(value)}`)
    .join('; ');
  const me = await browser.get('/api/v1/me');
  expect([me.statusCode, me.headers['set-cookie']]).toEqual([200, undefined]);
});

test('a session that is not used ends after seven days', async () => {
  const later = await testHub();
  try {
    const idle = await later.organization('Idle', 'idle@example.com');
    later.clock.forward(6.9 * 86_400);
    expect((await idle.get('/api/v1/sessions')).statusCode).toBe(200);
    later.clock.forward(0.2 * 86_400);
    expect((await idle.get('/api/v1/me')).statusCode).toBe(401);
  } finally {
    await later.close();
  }
});

test('nothing else of the sign-in library can be reached', async () => {
  const admin = await hub.organization('Closed', 'closed@example.com');
  for (const path of [
    'sign-up/email',
    'update-user',
    'delete-user',
    'revoke-sessions',
    'request-password-reset',
  ]) {
    expect(
      (
        await admin.post(`/api/auth/${path}`, {
          email: 'x@example.com',
          password: testPassword,
          name: 'X',
        })
      ).statusCode,
    ).toBe(404);
  }
  for (const path of ['list-sessions', 'get-session', 'ok']) {
    expect((await admin.get(`/api/auth/${path}`)).statusCode).toBe(404);
  }
});
