import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { limitOutbound } from '../platform/outbound.ts';
import { testProvider } from './openid-provider.testing.ts';
import type { TestProvider } from './openid-provider.testing.ts';
import { testHub, testPassword } from './testing.ts';
import type { TestClient, TestHub } from './testing.ts';

/** Against a real provider (npm `oidc-provider`), with a browser's walk through its pages. */

const callbackUrl = 'http://localhost/api/auth/single-sign-on/callback';
let hub: TestHub;
let provider: TestProvider;
let admin: Awaited<ReturnType<TestHub['organization']>>;
let settings: Record<string, unknown>;

beforeAll(async () => {
  [hub, provider] = await Promise.all([
    testHub({ publicUrl: 'http://localhost' }),
    testProvider(callbackUrl),
  ]);
  admin = await hub.organization('Acme', 'boss@acme.example');
  settings = {
    ...{ issuer: provider.issuer, ...provider.clients.ringside },
    ...{ domains: ['Acme.example', '@mail.acme.example'], required: false },
  };
  await seats(admin, { Enterprise: 9, View: 9 });
});
afterAll(async () => {
  await hub.close();
  await provider.close();
});
beforeEach(() => {
  provider.tamper = null;
  provider.down = false;
});

async function seats(client: TestClient, totals: Record<string, number>): Promise<void> {
  const { version, name, country, timeZone } = (await client.get('/api/v1/organization')).json();
  const body = { version, name, country, timeZone, seats: totals };
  expect((await client.put('/api/v1/organization', body)).statusCode).toBe(200);
}

async function invite(client: TestClient, email: string, role = 'agent'): Promise<string> {
  const answer = await client.post('/api/v1/people', { name: email, email, role, plan: null });
  expect(answer.statusCode, answer.body).toBe(201);
  return new URL(answer.json().invitationUrl).pathname;
}

/** Begins in a browser of its own; the cookie it was given, and where it is sent. */
async function begin(email: string, back = '/calls') {
  const browser = hub.visitor();
  const answer = await browser.post('/api/auth/single-sign-on/start', { email, return: back });
  expect(answer.statusCode, answer.body).toBe(200);
  const [cookie] = answer.cookies;
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', maxAge: 600 });
  return { browser, cookie: `${cookie!.name}=${cookie!.value}`, url: answer.json().url as string };
}

/** Comes back; answers where the hub sent the browser. */
async function comeBack(browser: TestClient, cookie: string, url: string): Promise<string> {
  const { pathname, search } = new URL(url);
  browser.cookie = cookie;
  const answer = await browser.get(pathname + search);
  expect(answer.statusCode, answer.body).toBe(303);
  return String(answer.headers.location);
}

async function signIn(email: string, login = email) {
  const { browser, cookie, url } = await begin(email);
  const location = await comeBack(browser, cookie, await provider.signIn(url, login));
  return { browser, location };
}

const know = (email: string, claims: Record<string, unknown> = { email_verified: true }) =>
  provider.people.set(email, { email, ...claims });

describe('the settings', () => {
  test('are refused with a reason at the field, and the secret is never told', async () => {
    expect((await admin.get('/api/v1/single-sign-on')).json()).toEqual({
      callbackUrl,
      settings: null,
    });
    expect((await admin.post('/api/v1/single-sign-on/test')).statusCode).toBe(404);
    const wrong: [object, string][] = [
      [{ issuer: 'http://login.example.com' }, 'issuer'],
      [{ clientSecret: '' }, 'clientSecret'],
      [{ domains: ['acme'] }, 'domains.0'],
      [{ domains: [] }, 'domains'],
      [{ required: true }, 'required'],
    ];
    for (const [change, field] of wrong) {
      const answer = await admin.put('/api/v1/single-sign-on', { ...settings, ...change });
      expect([answer.statusCode, answer.json().errors[0].field]).toEqual([400, field]);
    }
    const saved = await admin.put('/api/v1/single-sign-on', settings);
    expect(saved.statusCode, saved.body).toBe(200);
    expect(saved.json().settings).toMatchObject({
      domains: ['acme.example', 'mail.acme.example'],
      workedAt: null,
    });
    const { rows } = await hub.database.pool.query('select client_secret from single_sign_on');
    expect(rows[0].client_secret).toMatch(/^v1:/);
    const audit = await admin.get('/api/v1/audit');
    for (const { body } of [saved, await admin.get('/api/v1/single-sign-on'), audit])
      expect(body).not.toContain('a secret of the provider');
    expect(audit.body).toContain('set up single sign-on');
    // The stored secret is not sent to another host; with the same one it is kept.
    const moved = { ...settings, issuer: 'https://login.example', clientSecret: '' };
    expect((await admin.put('/api/v1/single-sign-on', moved)).json().errors[0].field).toBe(
      'clientSecret',
    );
    const kept = { ...settings, clientSecret: '' };
    expect((await admin.put('/api/v1/single-sign-on', kept)).statusCode).toBe(200);
  });

  test('belong to administrators, to the plan, and a domain to one organization', async () => {
    const other = await hub.organization('Other', 'boss@other.example');
    const theirs = { ...settings, domains: ['other.example', 'acme.example'] };
    const refused = await other.put('/api/v1/single-sign-on', theirs);
    expect(refused.json().errors[0].message).toContain('acme.example is used by another');
    expect((await other.get('/api/v1/single-sign-on')).json().settings).toBeNull();
    const path = await invite(admin, 'agent@acme.example');
    const agent = hub.visitor();
    await agent.post(path.replace('/invite', '/api/v1/invitations'), { password: testPassword });
    expect((await agent.get('/api/v1/single-sign-on')).statusCode).toBe(403);
    expect((await agent.put('/api/v1/single-sign-on', settings)).statusCode).toBe(403);
  });

  test('can be tested: what is wrong is said', async () => {
    const steps = async () => (await admin.post('/api/v1/single-sign-on/test')).json().steps;
    const states = (told: { status: string }[]) => told.map(({ status }) => status).join(' ');
    expect(states(await steps())).toBe('pass pass pass pass');
    await admin.put('/api/v1/single-sign-on', { ...settings, clientSecret: 'mistyped' });
    const mistyped = await steps();
    expect(states(mistyped)).toBe('pass pass pass fail');
    expect(mistyped[3].detail).toContain('client ID with this secret');
    await admin.put('/api/v1/single-sign-on', { ...settings, issuer: `${provider.issuer}/realm` });
    const astray = await steps();
    expect(states(astray)).toBe('fail skip skip skip');
    expect(astray[0].detail).toContain('answered 404');
    await admin.put('/api/v1/single-sign-on', { ...settings, issuer: 'http://127.0.0.1:1' });
    expect((await steps())[0].detail).toContain('did not accept a connection');
    await admin.put('/api/v1/single-sign-on', settings);
  });
});

describe('signing in', () => {
  test('an invited person comes in, without a second factor of ours, to the page they wanted', async () => {
    const path = await invite(admin, 'ada@acme.example');
    const { pool } = hub.database;
    await pool.query(`update organization set second_factor_for = 'everyone'`);
    know('ada@acme.example');
    const { browser, location } = await signIn('Ada@Acme.example', 'ada@acme.example');
    expect(location).toBe('/calls');
    const me = (await browser.get('/api/v1/me')).json();
    expect(me).toMatchObject({
      person: { email: 'ada@acme.example', role: 'agent' },
      singleSignOn: true,
      secondFactor: { required: false },
    });
    // Nothing refuses with `second-factor-required`.
    expect((await browser.get('/api/v1/missed-calls')).body).not.toContain('second-factor');
    await pool.query(`update organization set second_factor_for = 'nobody'`);
    expect((await browser.get(path.replace('/invite', '/api/v1/invitations'))).statusCode).toBe(
      404,
    );
    const view = (await admin.get('/api/v1/single-sign-on')).json();
    expect(view.settings).toMatchObject({ workedAt: expect.any(String), lastProblem: null });
    // Comes in a second time, as the same person; but not as an operator of the hub, nor while suspended.
    expect((await signIn('ada@acme.example')).location).toBe('/calls');
    await pool.query(`update account_user set operator = (email = 'ada@acme.example')`);
    expect((await signIn('ada@acme.example')).location).toBe('/sign-in?problem=operator');
    await pool.query(`update account_user set operator = false`);
    const suspended = await begin('ada@acme.example');
    const back = await provider.signIn(suspended.url, 'ada@acme.example');
    await pool.query(`update organization set suspended_at = now()`);
    expect(await comeBack(suspended.browser, suspended.cookie, back)).toBe(
      '/sign-in?problem=not-available',
    );
    await pool.query(`update organization set suspended_at = null`);
    expect((await signIn('ada@acme.example')).location).toBe('/calls');
  });

  test('nobody else does, and nobody is created', async () => {
    const count = async () =>
      (await hub.database.pool.query('select count(*)::int as n from person')).rows[0].n;
    const other = await hub.organization('Elsewhere', 'boss@elsewhere.example');
    await invite(other, 'eve@acme.example');
    await invite(admin, 'vera@acme.example');
    await invite(admin, 'out@partner.example');
    const before = await count();
    know('vera@acme.example', { email_verified: false });
    know('eve@acme.example');
    know('out@partner.example');
    know('stranger@acme.example');
    know('boss@elsewhere.example');
    provider.people.set('nameless', {});
    const outcome = async (login: string) => (await signIn('x@acme.example', login)).location;
    expect(await outcome('vera@acme.example')).toBe('/sign-in?problem=email-unverified');
    expect(await outcome('nameless')).toBe('/sign-in?problem=email-missing');
    expect(await outcome('eve@acme.example')).toBe('/sign-in?problem=unknown-person');
    expect(await outcome('stranger@acme.example')).toBe('/sign-in?problem=unknown-person');
    expect(await outcome('boss@elsewhere.example')).toBe('/sign-in?problem=other-domain');
    expect(await outcome('out@partner.example')).toBe('/sign-in?problem=other-domain');
    expect(await outcome('')).toBe('/sign-in?problem=cancelled');
    expect(await count()).toBe(before);
    expect((await admin.get('/api/v1/single-sign-on')).json().settings.lastProblem).toMatchObject({
      problem: 'cancelled',
    });
    const start = { email: 'boss@elsewhere.example' };
    const none = await hub.visitor().post('/api/auth/single-sign-on/start', start);
    expect([none.statusCode, none.json().code]).toEqual([404, 'not-found']);
    const away = { email: 'ada@acme.example', return: '//evil.example' };
    expect((await hub.visitor().post('/api/auth/single-sign-on/start', away)).statusCode).toBe(400);
  });

  test('an answer counts once, in the browser that asked, within ten minutes', async () => {
    const { browser, cookie, url } = await begin('ada@acme.example');
    const back = await provider.signIn(url, 'ada@acme.example');
    expect(await comeBack(browser, cookie, back)).toBe('/calls');
    expect(await comeBack(hub.visitor(), cookie, back)).toBe('/sign-in?problem=expired');
    const second = await begin('ada@acme.example');
    const secondBack = await provider.signIn(second.url, 'ada@acme.example');
    const thief = hub.visitor();
    expect(await comeBack(thief, cookie, secondBack)).toBe('/sign-in?problem=expired');
    expect((await thief.get('/api/v1/me')).statusCode).toBe(401);
    const late = await begin('ada@acme.example');
    const lateBack = await provider.signIn(late.url, 'ada@acme.example');
    hub.clock.forward(601);
    expect(await comeBack(late.browser, late.cookie, lateBack)).toBe('/sign-in?problem=expired');
    expect(await comeBack(hub.visitor(), '', `${callbackUrl}?state=made-up&code=x`)).toBe(
      '/sign-in?problem=expired',
    );
  });

  test('a wrong nonce, audience, signature, code or verifier lets nobody in', async () => {
    const changed = async (change: (url: URL) => void) => {
      const { browser, cookie, url } = await begin('ada@acme.example');
      const bent = new URL(url);
      change(bent);
      const back = await provider.signIn(bent.href, 'ada@acme.example');
      return {
        location: await comeBack(browser, cookie, back),
        nonce: bent.searchParams.get('nonce'),
      };
    };
    const wrong = '/sign-in?problem=token';
    const nonce = await changed((url) => url.searchParams.set('nonce', 'of-somebody-else'));
    expect(nonce.location).toBe(wrong);
    const challenge = await changed((url) =>
      url.searchParams.set('code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'),
    );
    expect(challenge.location).toBe(wrong);
    // Somebody else's code, got by the provider's other client.
    expect((await changed((url) => url.searchParams.set('client_id', 'other'))).location).toBe(
      wrong,
    );

    // An ID token that the provider signed for its other client, with the right nonce.
    const { browser, cookie, url } = await begin('ada@acme.example');
    const foreign = await tokenOfOtherClient(new URL(url).searchParams.get('nonce')!);
    provider.tamper = (tokens) => ({ ...tokens, id_token: foreign });
    const back = await provider.signIn(url, 'ada@acme.example');
    expect(await comeBack(browser, cookie, back)).toBe(wrong);

    provider.tamper = (tokens) => ({ ...tokens, id_token: spoil(tokens['id_token']!) });
    expect((await signIn('ada@acme.example')).location).toBe(wrong);
    provider.tamper = (tokens) =>
      Object.fromEntries(Object.entries(tokens).filter(([name]) => name !== 'id_token'));
    expect((await signIn('ada@acme.example')).location).toBe(wrong);
    provider.tamper = null;
    expect((await signIn('ada@acme.example')).location).toBe('/calls');
  });

  test('a provider that is down is told of, before and after', async () => {
    const { browser, cookie, url } = await begin('ada@acme.example');
    const back = await provider.signIn(url, 'ada@acme.example');
    provider.down = true;
    expect(await comeBack(browser, cookie, back)).toBe('/sign-in?problem=provider-down');
    const start = { email: 'ada@acme.example' };
    const answer = await hub.visitor().post('/api/auth/single-sign-on/start', start);
    expect([answer.statusCode, answer.json().detail]).toEqual([
      409,
      expect.stringContaining('could not be reached'),
    ]);
  });
});

/** The signature's first letter, so that no spare bits hide the change. */
function spoil(token: string): string {
  const [head, body, signature = ''] = token.split('.');
  return `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
}

async function tokenOfOtherClient(nonce: string): Promise<string> {
  const { clientId, clientSecret } = provider.clients.other;
  const verifier = 'a'.repeat(64);
  const url = new URL(`${provider.issuer}/auth`);
  url.search = new URLSearchParams({
    ...{ client_id: clientId, response_type: 'code', redirect_uri: callbackUrl, nonce },
    ...{ scope: 'openid email', state: 's', code_challenge_method: 'S256' },
    code_challenge: Buffer.from(
      await crypto.subtle.digest('SHA-256', Buffer.from(verifier)),
    ).toString('base64url'),
  }).toString();
  const back = new URL(await provider.signIn(url.href, 'ada@acme.example'));
  const answer = await fetch(`${provider.issuer}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${clientId}:${encodeURIComponent(clientSecret)}`)}`,
    },
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', redirect_uri: callbackUrl, code_verifier: verifier },
      code: back.searchParams.get('code')!,
    }),
  });
  return ((await answer.json()) as { id_token: string }).id_token;
}

describe('single sign-on only', () => {
  test('shuts out passwords, except an administrator’s, as long as the organization holds the plan', async () => {
    const path = await invite(admin, 'late@acme.example');
    const agent = hub.visitor();
    expect((await agent.signIn('agent@acme.example')).statusCode).toBe(204);
    const only = await admin.put('/api/v1/single-sign-on', { ...settings, required: true });
    expect(only.statusCode, only.body).toBe(200);
    expect((await agent.get('/api/v1/me')).statusCode).toBe(401);
    const refused = await agent.signIn('agent@acme.example');
    expect([refused.statusCode, refused.json().detail]).toEqual([
      403,
      expect.stringContaining('single sign-on'),
    ]);
    // Only whoever knows the password is told.
    expect((await agent.signIn('agent@acme.example', 'not the password')).statusCode).toBe(401);
    // Who stops being an administrator came by a password that does not count any more.
    const view = (await admin.get('/api/v1/organization')).json();
    const { version, name, country, timeZone } = view;
    const { id } = view.people.find(
      ({ email }: { email: string }) => email === 'agent@acme.example',
    );
    const save = (v: number, role: string) =>
      admin.put('/api/v1/organization', {
        version: v,
        name,
        country,
        timeZone,
        people: [{ id, role }],
      });
    expect((await save(version, 'administrator')).statusCode).toBe(200);
    expect((await agent.signIn('agent@acme.example')).statusCode).toBe(204);
    expect((await save(version + 1, 'agent')).statusCode).toBe(200);
    expect((await agent.get('/api/v1/me')).statusCode).toBe(401);
    expect((await hub.visitor().signIn('boss@acme.example')).statusCode).toBe(204);
    const invitation = path.replace('/invite', '/api/v1/invitations');
    expect((await agent.get(invitation)).json().singleSignOn).toBe(true);
    expect((await agent.post(invitation, { password: testPassword })).statusCode).toBe(409);
    expect((await signIn('ada@acme.example')).location).toBe('/calls');
    // Without a seat of Enterprise single sign-on is over, and passwords count again.
    const pool = hub.database.pool;
    await pool.query(`update plan_seats set total = 0 where organization_id = $1`, [
      admin.organizationId,
    ]);
    const start = { email: 'ada@acme.example' };
    expect((await hub.visitor().post('/api/auth/single-sign-on/start', start)).statusCode).toBe(
      404,
    );
    expect((await agent.signIn('agent@acme.example')).statusCode).toBe(204);
    await pool.query(`update plan_seats set total = 9 where organization_id = $1`, [
      admin.organizationId,
    ]);
    expect((await admin.delete('/api/v1/single-sign-on')).statusCode).toBe(204);
    expect((await agent.signIn('agent@acme.example')).statusCode).toBe(204);
    expect((await hub.visitor().get('/api/v1/setup')).json().singleSignOn).toBe(false);
  });
});

test('a provider in a private network is not asked unless the operator allows it', async () => {
  // Another address of the loopback: the guard looks at new connections, and the hub's limits never change.
  const issuer = 'http://127.0.0.2:1';
  const saved = await admin.put('/api/v1/single-sign-on', { ...settings, issuer });
  expect(saved.statusCode).toBe(200);
  // As a hub does it.
  limitOutbound({ allowed: [], phoneNetworks: [] });
  onTestFinished(() => limitOutbound({ allowed: ['127.0.0.0/8'], phoneNetworks: [] }));
  const { steps } = (await admin.post('/api/v1/single-sign-on/test')).json();
  expect(steps[0].detail).toContain('private network or on this machine');
  const start = { email: 'ada@acme.example' };
  const answer = await hub.visitor().post('/api/auth/single-sign-on/start', start);
  expect(answer.statusCode).toBe(409);
});
