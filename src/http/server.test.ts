import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'kysely';
import { z } from 'zod';
import type { OrganizationView } from '../organization/contract.ts';
import { gatheredLog } from '../platform/log.testing.ts';
import { testHub, testPassword } from './testing.ts';
import type { TestClient, TestHub } from './testing.ts';

let hub: TestHub;
let admin: TestClient;
let webFolder: string;
let ready = true;
const logged: string[] = [];

const echo: FastifyPluginAsyncZod = async (app) => {
  const text = z.object({ text: z.string() });
  app.post(
    '/echo',
    { schema: { body: text, response: { 200: text } } },
    async (request) => request.body,
  );
  app.get('/broken', async () => {
    throw new Error('secret inner workings');
  });
  app.get(
    '/numbered/:id',
    {
      schema: {
        params: z.object({ id: z.uuid() }),
        querystring: z.object({ limit: z.coerce.number().int() }),
      },
    },
    async () => ({}),
  );
  app.get(
    '/wrong-answer',
    { schema: { response: { 200: z.object({ count: z.int() }) } } },
    async () => ({ count: 'many' }) as never,
  );
  app.get('/twice', { config: { rateLimit: { max: 2, timeWindow: 60_000 } } }, async () => ({}));
};
const hook: FastifyPluginAsyncZod = async (app) => {
  app.post('/hooks/phone/:token', async (_request, reply) => reply.code(204).send());
};

beforeAll(async () => {
  webFolder = await mkdtemp(join(tmpdir(), 'ringside-web-'));
  await mkdir(join(webFolder, 'assets'));
  await writeFile(join(webFolder, 'index.html'), '<!doctype html><title>Ringside</title>');
  await writeFile(join(webFolder, 'favicon.svg'), '<svg/>');
  await writeFile(join(webFolder, '.sources.json'), '{}');
  await writeFile(join(webFolder, 'assets/app-1a2b.js'), 'let a = 1;');
  await writeFile(join(webFolder, 'assets/app-1a2b.js.gz'), 'zipped');
  hub = await testHub({
    webFolder,
    routes: [echo],
    hooks: [hook],
    checkReady: async () => {
      if (!ready) throw new Error('no database');
    },
    log: gatheredLog('debug', (line) => void logged.push(line)),
  });
  admin = await hub.organization('Acme', 'admin@example.com');
});
afterAll(async () => {
  await hub.close();
  await rm(webFolder, { recursive: true });
});

test('every refusal is problem JSON with a stable code', async () => {
  const { app } = hub;
  const post = (url: string, payload: string, type = 'application/json') =>
    app.inject({
      method: 'POST',
      url,
      payload,
      headers: { 'content-type': type, cookie: admin.cookie },
    });
  const id = '0197a3a8-0000-7000-8000-000000000000';
  const cases = [
    [await admin.get('/api/v1/nothing'), 404, 'not-found'],
    [await admin.delete('/api/v1/me'), 405, 'method-not-allowed'],
    [await admin.put(`/api/v1/people/${id}/invitation`, {}), 405, 'method-not-allowed'],
    [await post('/api/v1/echo', '{"text":'), 400, 'invalid-input'],
    [await post('/api/v1/echo', ''), 400, 'invalid-input'],
    [await post('/api/v1/echo', '{"__proto__":{"admin":true},"text":"x"}'), 400, 'invalid-input'],
    [await post('/api/v1/echo', 'hello', 'text/plain'), 415, 'unsupported-media-type'],
    [
      await post('/api/v1/echo', 'text=hello', 'application/x-www-form-urlencoded'),
      415,
      'unsupported-media-type',
    ],
    [await post('/api/v1/echo', JSON.stringify({ text: 'x'.repeat(65 * 1024) })), 413, 'too-large'],
    [await admin.get('/api/v1/%zz'), 400, 'invalid-input'],
    [await hub.visitor().get('/api/v1/me'), 401, 'unauthenticated'],
    [await hub.visitor().get('/api/v1/broken'), 401, 'unauthenticated'],
  ] as const;
  for (const [response, status, code] of cases) {
    expect([response.statusCode, response.json().code, response.json().status]).toEqual([
      status,
      code,
      status,
    ]);
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(response.json().detail).toMatch(/\.$/);
  }
  expect(cases[1][0].headers['allow']).toBe('GET, HEAD');
});

test('wrong fields are named, in body, query and address', async () => {
  expect((await admin.post('/api/v1/echo', { text: 7 })).json().errors).toMatchObject([
    { field: 'text' },
  ]);
  expect((await admin.post('/api/v1/echo', {})).json().errors).toMatchObject([{ field: 'text' }]);
  expect((await admin.get('/api/v1/numbered/7?limit=1')).json().errors).toMatchObject([
    { field: 'id' },
  ]);
  const query = (
    await admin.get('/api/v1/numbered/0197a3a8-0000-7000-8000-000000000000?limit=many')
  ).json();
  expect(query.errors).toMatchObject([{ field: 'limit' }]);
  expect(query.detail).toContain('the query');
});

test('text that no database can store is refused with its field', async () => {
  for (const text of ['a\0b', '\ud83d', 'a\udc00']) {
    const answer = await hub.app.inject({
      method: 'POST',
      url: '/api/v1/echo',
      headers: { cookie: admin.cookie, 'content-type': 'application/json' },
      payload: JSON.stringify({ text }),
    });
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'text' }] });
  }
  expect((await admin.post('/api/v1/echo', { text: '😀 ok' })).json()).toEqual({ text: '😀 ok' });
});

test('what we did not foresee tells nothing outside and everything to the log', async () => {
  for (const path of ['broken', 'wrong-answer']) {
    const answer = await admin.get(`/api/v1/${path}`);
    expect(answer.statusCode).toBe(500);
    expect(answer.json().code).toBe('internal');
    expect(answer.body).not.toMatch(/secret|inner|many|stack|at /);
    const { requestId } = answer.json();
    expect(logged.some((line) => line.includes(requestId) && line.includes('request failed'))).toBe(
      true,
    );
  }
  expect(logged.join('')).toContain('secret inner workings');
});

test('the log holds no password, no cookie, no token and no query string', async () => {
  await admin.signIn('admin@example.com');
  await hub.visitor().signIn('admin@example.com', 'a wrong passphrase');
  await hub.app.inject({
    method: 'POST',
    url: '/hooks/phone/hook-token-value?from=+4930123',
    payload: {},
  });
  await admin.get('/api/v1/invitations/invitation-token-value');
  const all = logged.join('');
  expect(all).toContain('"route":"/hooks/phone/:token"');
  expect(all).toContain('"route":"/api/v1/invitations/:token"');
  for (const secret of [
    testPassword,
    'a wrong passphrase',
    'token-value',
    '4930123',
    admin.cookie.split('=')[1]!.slice(0, 20),
  ]) {
    expect(all).not.toContain(secret);
  }
});

test('requests that another site makes a browser send are refused', async () => {
  const { app } = hub;
  const send = (headers: Record<string, string>, url = '/api/v1/echo') =>
    app.inject({
      method: 'POST',
      url,
      payload: { text: 'x' },
      headers: { cookie: admin.cookie, host: 'ringside.local', ...headers },
    });
  const refused: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site', origin: 'http://ringside.local' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://ringside.local' },
    { origin: 'http://ringside.local:81' },
  ];
  for (const headers of refused)
    expect((await send(headers)).statusCode, JSON.stringify(headers)).toBe(403);
  const taken: Record<string, string>[] = [
    {},
    { origin: 'http://ringside.local' },
    { 'sec-fetch-site': 'same-origin' },
  ];
  for (const headers of taken) {
    expect((await send(headers)).statusCode, JSON.stringify(headers)).toBe(200);
  }
  const signIn = {
    method: 'POST',
    url: '/api/auth/sign-in/email',
    headers: { origin: 'https://evil.example' },
    payload: {},
  } as const;
  expect((await app.inject(signIn)).statusCode).toBe(403);
  // A phone system has no cookie and may call from anywhere.
  expect((await send({ origin: 'https://pbx.example' }, '/hooks/phone/x')).statusCode).toBe(204);
  expect(
    (
      await app.inject({
        url: '/api/v1/me',
        headers: { cookie: admin.cookie, origin: 'https://evil.example' },
      })
    ).statusCode,
  ).toBe(200);
});

test('behind a proxy the configured address counts, and cookies are Secure', async () => {
  const proxied = await testHub({ publicUrl: 'https://ringside.example.com', routes: [echo] });
  try {
    const client = await proxied.organization('Proxied', 'proxied@example.com');
    const answer = await client.signIn('proxied@example.com');
    expect(answer.cookies[0]).toMatchObject({
      name: '__Secure-ringside.session_token',
      secure: true,
      httpOnly: true,
    });
    expect(answer.headers['strict-transport-security']).toBeDefined();
    const { invitationUrl } = (
      await client.post('/api/v1/people', {
        name: 'Bo',
        email: 'bo@example.com',
        role: 'agent',
        plan: null,
      })
    ).json();
    expect(invitationUrl).toMatch(/^https:\/\/ringside\.example\.com\/invite\/[\w-]{43}$/);
    const from = (origin: string) => client.post('/api/v1/echo', { text: 'x' }, { origin });
    expect((await from('https://ringside.example.com')).statusCode).toBe(200);
    expect((await from('http://ringside.example.com')).statusCode).toBe(403);
  } finally {
    await proxied.close();
  }
});

test('every answer carries the security headers; the API is never cached', async () => {
  for (const path of [
    '/',
    '/assets/app-1a2b.js',
    '/api/v1/me',
    '/api/docs',
    '/nothing.js',
    '/healthz',
  ]) {
    const { headers } = await admin.get(path);
    expect(headers['content-security-policy'], path).toContain("script-src 'self';");
    expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['referrer-policy'], path).toBe('same-origin');
  }
  expect((await admin.get('/api/v1/me')).headers['cache-control']).toBe('no-store');
});

test('a page may be framed by the instances of its organization alone', async () => {
  const framed = await hub.organization('Framed', 'framed@example.com');
  const { organizationId } = framed;
  const policy = async (path: string, client: TestClient = hub.visitor()) => {
    const { headers } = await client.get(path);
    const ancestors = /frame-ancestors ([^;]+)/.exec(String(headers['content-security-policy']));
    return [ancestors?.[1], headers['x-frame-options']];
  };
  const connect = async (endpoint: string) => {
    const made = await framed.post('/api/v1/connections', { platform: 'testcrm' });
    const settings = { username: 'ringside', password: 'secret', endpoint };
    return framed.put(`/api/v1/connections/${made.json().id}`, { settings });
  };
  const nobody = ["'none'", 'DENY'];
  expect(await policy(`/embed/${organizationId}`)).toEqual(nobody);
  await connect('https://acme.service-now.com');
  // Each of these is a host by the rules of URLs.
  await connect('https://evil.example;sandbox');
  await connect('https://evil.example,*');
  const instance = ['https://acme.service-now.com', undefined];
  expect(await policy(`/embed/${organizationId}`)).toEqual(instance);
  expect(await policy(`/embed/${organizationId.toUpperCase()}/`)).toEqual(instance);
  expect(await policy('/desk', framed)).toEqual(instance);
  for (const path of ['/desk', '/', '/embed/0197a3a8-0000-7000-8000-000000000000', '/embed/x'])
    expect(await policy(path), path).toEqual(nobody);
  expect(await policy('/desk', admin)).toEqual(nobody);
  expect(await policy('/assets/app-1a2b.js', framed)).toEqual(nobody);
  expect(await policy('/api/v1/me', framed)).toEqual(nobody);
  // A browser that is answered 'unchanged' would go on with old rules.
  const { headers } = await framed.get('/desk');
  expect([headers['etag'], headers['last-modified']]).toEqual([undefined, undefined]);
});

test('the cookie of a framed page serves below that site alone', async () => {
  const signIn = (host: string, headers = {}) =>
    hub.app.inject({
      method: 'POST',
      url: '/api/auth/sign-in/email',
      payload: { email: 'admin@example.com', password: testPassword },
      headers: { host, ...headers },
    });
  const framed = { 'x-ringside-framed': '1' };
  const safe = await signIn('localhost', framed);
  expect(safe.cookies[0]).toMatchObject({ sameSite: 'None', secure: true, httpOnly: true });
  expect(String(safe.headers['set-cookie'])).toContain('; Partitioned');
  for (const answer of [await signIn('ringside.local', framed), await signIn('localhost')])
    expect(String(answer.headers['set-cookie'])).toMatch(/SameSite=Lax(?!.*Partitioned)/);
});

test('serves the web app: files with a hash for ever, pages anew, and nothing else', async () => {
  const script = await admin.get('/assets/app-1a2b.js');
  expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(script.headers['content-type']).toContain('javascript');
  const zipped = await hub.app.inject({
    url: '/assets/app-1a2b.js',
    headers: { 'accept-encoding': 'gzip' },
  });
  expect([zipped.body, zipped.headers['content-encoding']]).toEqual(['zipped', 'gzip']);
  expect(zipped.headers['content-type']).toContain('javascript');
  expect(zipped.headers['cache-control']).toContain('immutable');
  for (const page of ['/', '/desk', '/admin/organization', '/invite/abc-_9']) {
    const answer = await admin.get(page);
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-cache']);
    expect(answer.body).toContain('<title>Ringside</title>');
  }
  for (const path of [
    '/assets/gone.js',
    '/api/nothing',
    '/api',
    '/hooks/nothing',
    '/../package.json',
    '/%2e%2e/package.json',
    '/.sources.json',
  ]) {
    const answer = await admin.get(path);
    expect(answer.statusCode, path).toBe(404);
    expect(answer.headers['content-type'], path).toContain('application/problem+json');
  }
});

test('probes and figures', async () => {
  const visitor = hub.visitor();
  expect((await visitor.get('/healthz')).json()).toEqual({ status: 'ok' });
  expect((await visitor.get('/readyz')).statusCode).toBe(200);
  ready = false;
  const waiting = await visitor.get('/readyz');
  ready = true;
  expect([waiting.statusCode, waiting.json().code, waiting.headers['retry-after']]).toEqual([
    503,
    'unavailable',
    '1',
  ]);
  const figures = await visitor.get('/metrics');
  expect(figures.body).toContain('process_cpu_seconds_total');
  expect(figures.body).toMatch(
    /ringside_http_request_seconds_count\{method="GET",route="\/readyz",status="503"\} 1/,
  );
});

test('describes itself as OpenAPI 3.1 and as a page', async () => {
  const document = (await hub.visitor().get('/api/openapi.json')).json();
  expect(document.openapi).toBe('3.1.0');
  const save = document.paths['/api/v1/organization'].put;
  expect(save.requestBody.content['application/json'].schema.properties.version).toBeDefined();
  expect(
    save.responses.default.content['application/problem+json'].schema.properties.code.enum,
  ).toContain('conflict');
  expect(document.paths['/api/auth/sign-in/email'].post.security).toEqual([]);
  expect(Object.keys(document.paths).filter((path) => !/^\/(api|hooks)\//.test(path))).toEqual([]);
  const page = await hub.visitor().get('/api/docs');
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.body).toContain('/api/v1/organization');
  expect(page.body).not.toMatch(/<script|https?:\/\/(?!json-schema)/);
});

test('routes may be rate limited; the refusal is problem JSON too', async () => {
  await admin.get('/api/v1/twice');
  await admin.get('/api/v1/twice');
  const third = await admin.get('/api/v1/twice');
  expect([third.statusCode, third.json().code]).toEqual([429, 'too-many-requests']);
  expect(Number(third.headers['retry-after'])).toBeGreaterThan(0);
});

test('bytes that are no HTTP are answered with problem JSON', async () => {
  await hub.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = hub.app.server.address() as AddressInfo;
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('GET / HTTP/1.1\r\nbad header\r\n\r\n'),
    );
    let text = '';
    socket.on('data', (chunk) => (text += chunk)).on('close', () => resolve(text));
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('application/problem+json');
});

async function makeKey(scopes: string[], days: number | null = null) {
  const answer = await admin.post('/api/v1/api-keys', { name: 'Warehouse', scopes, days });
  expect(answer.statusCode).toBe(201);
  return answer.json<{ key: string; row: { id: string } }>();
}

const withKey = (url: string, key: string, headers = {}) =>
  hub.app.inject({ url, headers: { ...headers, authorization: `Bearer ${key}` } });

test('an API key opens the routes of its scopes, is kept as a hash and never logged', async () => {
  const { key, row } = await makeKey(['audit:read'], 30);
  const answer = await withKey('/api/v1/audit', key);
  expect(answer.statusCode).toBe(200);
  expect(answer.json().entries[0]).toMatchObject({
    ...{ action: 'create API key', subject: 'Warehouse' },
    detail: { scopes: ['audit:read'] },
  });
  const { keys } = (await admin.get('/api/v1/api-keys')).json();
  expect(keys.find(({ id }: { id: string }) => id === row.id).lastUsedAt).not.toBeNull();
  // Nowhere: not in the list, not in the audit log, not in a table, not in the log.
  const { rows } = await sql<{ row: string }>`select api_key::text as row from api_key`.execute(
    hub.database.db,
  );
  const told = [JSON.stringify(keys), answer.body, ...rows.map((one) => one.row), ...logged].join();
  expect(told).toContain(key.slice(0, 7));
  expect(told).not.toContain(key.slice(0, 12));
  expect(logged.join('')).toContain(row.id);
});

test('elsewhere an API key is refused, in words, also with a session beside it', async () => {
  const { key, row } = await makeKey(['audit:read'], 1);
  const outcome = async (url: string, text = key, headers = {}) => {
    const answer = await withKey(url, text, headers);
    return [answer.statusCode, answer.json().code];
  };
  expect(await outcome('/api/v1/organization')).toEqual([403, 'scope-required']);
  expect(await outcome('/api/v1/me')).toEqual([403, 'session-required']);
  expect(await outcome('/api/v1/api-keys', key, { cookie: admin.cookie })).toEqual([
    ...[403, 'session-required'],
  ]);
  expect(await outcome('/api/v1/audit', `${key}x`)).toEqual([401, 'unauthenticated']);
  expect((await admin.delete(`/api/v1/api-keys/${row.id}`)).statusCode).toBe(204);
  expect(await outcome('/api/v1/audit')).toEqual([401, 'unauthenticated']);
  const short = await makeKey(['audit:read'], 1);
  hub.clock.forward(86_400);
  expect(await outcome('/api/v1/audit', short.key)).toEqual([401, 'unauthenticated']);
  expect(await outcome('/api/v1/audit', (await makeKey(['audit:read'])).key)).toEqual([
    200,
    undefined,
  ]);
});

test('an API key rests without a seat of its plan, and asks at most so often', async () => {
  const { key } = await makeKey(['audit:read', 'organization:read']);
  const view = (await withKey('/api/v1/organization', key)).json<OrganizationView>();
  const { version, name, country, timeZone, people } = view;
  const seats = async (Enterprise: number, plan: string, since: number) => {
    const body = { ...{ name, country, timeZone }, version: since, seats: { Enterprise } };
    Object.assign(body, { people: [{ id: people[0]!.id, plan }] });
    expect((await admin.put('/api/v1/organization', body)).statusCode).toBe(200);
  };
  await seats(0, 'View', version);
  expect((await withKey('/api/v1/audit', key)).json().code).toBe('plan-required');
  const refused = await admin.post('/api/v1/api-keys', {
    name: 'x',
    scopes: ['audit:read'],
    days: null,
  });
  expect(refused.json().code).toBe('plan-required');
  await seats(25, 'Enterprise', version + 1);
  const statuses = new Set<number>();
  for (let n = 0; n < 1_300 && !statuses.has(429); n += 1)
    statuses.add((await withKey('/api/v1/me', key)).statusCode);
  expect([...statuses]).toEqual([403, 429]);
});
