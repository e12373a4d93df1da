import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { selfSigned } from '../../platform/self-signed.testing.ts';
import type { CheckStep } from '../check-step.ts';
import { checkStepIds } from '../check-step.ts';
import { servicenow } from './platform.ts';
import { company, envelope, imitate, refuse, sendHtml, sendJson } from './testing.ts';
import type { Imitation, ImitationOptions } from './testing.ts';

let open: Imitation[] = [];
afterEach(async () => {
  await Promise.all(open.map((server) => server.close()));
  open = [];
});

async function start(options: ImitationOptions = {}): Promise<Imitation> {
  const server = await imitate({ tables: company(), ...options });
  open.push(server);
  return server;
}

async function check(
  endpoint: string,
  settings: Record<string, string> = {},
  password = 'S3cret!pw',
) {
  const connection = servicenow.connect(
    { endpoint, detailsLink: endpoint, username: 'ringside', ...settings },
    { password },
  );
  const steps: CheckStep[] = [];
  const counts: Record<string, number | null> = {};
  for await (const progress of connection.check()) {
    if (progress.type === 'started') continue;
    steps.push(progress.step);
    if (progress.count) counts[progress.count.kind] = progress.count.total;
  }
  await connection.close();
  expect(steps.map(({ id }) => id)).toEqual(checkStepIds);
  for (const step of steps) if (step.status === 'pass') expect(step.code).toBeNull();
  const said = JSON.stringify(steps);
  expect(said).not.toContain('S3cret!pw');
  expect(said).not.toContain(Buffer.from('ringside:S3cret!pw').toString('base64'));
  const line = steps
    .map(({ id, status, code }) => `${id}:${status}${code ? `:${code}` : ''}`)
    .join(' ');
  const bad = steps
    .filter(({ status }) => status === 'fail' || status === 'warn')
    .map(({ id, status, code }) => `${id}:${status}:${code}`);
  return { steps, counts, line, bad };
}

const ordinary = 'query-safety:warn:unsafe-query';

/** Everything signed in is answered this way, or everything at all. */
const always = (reply: ImitationOptions['intercept']): ImitationOptions => ({ intercept: reply });

test('a healthy instance passes, and is counted', async () => {
  const { bad, counts, steps } = await check((await start()).url);
  expect(bad).toEqual([ordinary]);
  expect(counts).toEqual({ users: 2, customers: 1, contacts: 3, cases: 1 });
  expect(steps.find(({ id }) => id === 'signed-in')?.detail).toContain('Person 1');
});

test('a wrong password is sent once, and everything behind it is skipped', async () => {
  const server = await start();
  const { line } = await check(server.url, {}, 'wrong');
  expect(line).toBe(
    'url:pass reachable:pass signed-in:fail:unauthorized csm-active:skip users:skip customers:skip contacts:skip cases:skip query-safety:skip details-link:pass',
  );
  expect(server.requests.filter(({ authorization }) => authorization).length).toBeLessThanOrEqual(
    2,
  );
});

test('a sign-in that is refused later on stops after two requests', async () => {
  const server = await start({
    intercept: ({ table, authorization }, response) => {
      if (!authorization || table === 'sys_user') return false;
      refuse(response);
      return true;
    },
  });
  const { line } = await check(server.url);
  expect(line).toContain(
    'csm-active:fail:unauthorized users:pass customers:fail:unauthorized contacts:skip cases:skip',
  );
});

const everything: [string, string, ImitationOptions['intercept']][] = [
  [
    'MFA wanted',
    'signed-in:fail:mfa-required',
    (_, response) => (refuse(response, { 'x-mfa_token': 'invalid' }), true),
  ],
  [
    'hibernation',
    'reachable:fail:hibernating',
    (_, response) =>
      sendHtml(
        response,
        200,
        '<html><head><title>Instance Hibernating page</title></head><h1>Your instance is hibernating</h1></html>',
      ),
  ],
  [
    'maintenance page',
    'reachable:fail:maintenance',
    (_, response) => sendHtml(response, 503, '<h1>Be right back</h1>'),
  ],
  [
    'another web page',
    'reachable:fail:not-servicenow',
    (_, response) => sendHtml(response, 200, '<title>Shop</title>'),
  ],
  [
    'another API',
    'reachable:fail:not-servicenow',
    (_, response) => sendJson(response, 200, { hello: 1 }),
  ],
  [
    'a JSON 404 of another API',
    'reachable:fail:not-servicenow',
    (_, response) => sendJson(response, 404, { message: 'no' }),
  ],
  [
    'half JSON',
    'reachable:fail:malformed',
    (_, response) => sendJson(response, 200, '{"result":[{"sys_id":"1"'),
  ],
  ['an empty answer', 'reachable:fail:malformed', (_, response) => sendJson(response, 200, '')],
  ['202', 'reachable:fail:dropped', (_, response) => sendJson(response, 202, '')],
  ['a hang-up', 'reachable:fail:dropped', (_, response) => (response.destroy(), true)],
  [
    'a long Retry-After',
    'signed-in:fail:rate-limited',
    (_, response) =>
      sendJson(response, 429, envelope('Rate limit exceeded'), { 'retry-after': '3600' }),
  ],
  [
    '429 without headers',
    'reachable:fail:rate-limited',
    (_, response) => (response.writeHead(429).end(), true),
  ],
  [
    'a redirect',
    'reachable:fail:not-servicenow',
    (_, response) => (response.writeHead(302, { location: 'https://sso.example/x?y' }).end(), true),
  ],
];

test.each(everything)('%s: %s', async (_, expected, intercept) => {
  const { bad, steps } = await check((await start(always(intercept))).url);
  expect(bad).toEqual([expected]);
  for (const step of steps)
    if (step.status === 'fail') expect(step.fix?.length).toBeGreaterThan(20);
});

/** The same, but only behind the sign-in and for one table. */
const oneTable: [
  string,
  string,
  string,
  string,
  (response: Parameters<NonNullable<ImitationOptions['intercept']>>[1]) => true,
][] = [
  [
    'no CSM',
    'sn_customerservice_case',
    'csm-active:fail:csm-inactive',
    'users:pass customers:skip contacts:skip cases:skip',
    (response) => sendJson(response, 400, envelope('Invalid table sn_customerservice_case')),
  ],
  [
    '403 on users',
    'sys_user',
    'users:fail:no-access',
    'signed-in:pass csm-active:pass',
    (response) =>
      sendJson(response, 403, envelope('User Not Authorized', 'Failed API level ACL Validation')),
  ],
  [
    '403 on cases',
    'sn_customerservice_case',
    'cases:fail:no-access',
    'csm-active:pass',
    (response) =>
      sendJson(
        response,
        403,
        envelope(
          "Operation against file 'sn_customerservice_case' was denied due to table security.",
        ),
      ),
  ],
  [
    'transaction killed, half JSON',
    'customer_contact',
    'contacts:fail:transaction-cancelled',
    'cases:pass',
    (response) =>
      sendJson(
        response,
        200,
        '{"result":[ {"sys_id":"1"}, {"sys_id":"2"}"" ],"error":{"message":"Transaction cancelled: maximum execution time exceeded","detail":"Transaction cancelled: x"},"status":"failure"}',
      ),
  ],
  [
    'transaction killed, 200 with error',
    'customer_account',
    'customers:fail:transaction-cancelled',
    'cases:pass',
    (response) =>
      sendJson(response, 200, {
        result: [{ sys_id: '1' }],
        ...envelope('Transaction cancelled: maximum execution time exceeded'),
      }),
  ],
  [
    'half JSON',
    'customer_account',
    'customers:fail:malformed',
    'contacts:pass',
    (response) => sendJson(response, 200, '{"result":['),
  ],
  [
    'a list of numbers',
    'customer_account',
    'customers:fail:malformed',
    'contacts:pass',
    (response) => sendJson(response, 200, { result: [1] }),
  ],
  [
    'an answer that floods',
    'customer_account',
    'customers:fail:malformed',
    'contacts:pass',
    (response) => sendJson(response, 200, { result: [{ name: 'x'.repeat(5_000_000) }] }),
  ],
  [
    'dropped',
    'customer_contact',
    'contacts:fail:dropped',
    'cases:pass',
    (response) => sendJson(response, 202, ''),
  ],
];

test.each(oneTable)('%s on %s: %s', async (_, table, expected, also, reply) => {
  const server = await start({
    intercept: (asked, response) =>
      asked.authorization && asked.table === table ? reply(response) : false,
  });
  const { line } = await check(server.url);
  expect(line).toContain(expected);
  expect(line).toContain(also);
});

test('rows hidden by access rules are told from an empty table', async () => {
  const hidden = await check((await start({ hides: (table) => table === 'customer_contact' })).url);
  expect(hidden.line).toContain('contacts:fail:rows-hidden');
  expect(hidden.counts['contacts']).toBe(3);
  const some = await check((await start({ hides: (_, row) => row['name'] === 'Person 101' })).url);
  expect(some.line).toContain('contacts:warn:rows-hidden');
  const empty = await check((await start({ tables: { ...company(), customer_contact: [] } })).url);
  expect(empty.line).toContain('contacts:pass');
  expect(empty.counts['contacts']).toBe(0);
});

test('hidden telephone fields: one is a warning, all are a failure', async () => {
  const without = (...names: string[]) => ({
    ...company(),
    customer_contact: (company()['customer_contact'] ?? []).map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name))),
    ),
  });
  const one = await check((await start({ tables: without('mobile_phone') })).url);
  expect(one.line).toContain('contacts:warn:field-hidden');
  expect(one.steps.find(({ id }) => id === 'contacts')?.detail).toContain('mobile_phone');
  const all = await check(
    (await start({ tables: without('phone', 'mobile_phone', 'home_phone') })).url,
  );
  expect(all.line).toContain('contacts:fail:field-hidden');
});

test('searches: unknown fields, ranges, and everything ignored', async () => {
  const strict = await check(
    (
      await start({
        intercept: ({ query }, response) =>
          query.includes('no_such_field') &&
          sendJson(response, 403, envelope('Insufficient rights to query records')),
      })
    ).url,
  );
  expect(strict.line).toContain('query-safety:pass');
  const ranges = await check((await start({ ignores: (term) => term.startsWith('sys_id>') })).url);
  expect(ranges.line).toContain('query-safety:warn:unsafe-query');
  const nothing = await check((await start({ ignores: () => true })).url);
  expect(nothing.line).toContain('query-safety:fail:unsafe-query');
  expect(nothing.line).toContain('users:warn:unsafe-query');
});

test('addresses that cannot be used fail a step, both at once', async () => {
  const { line } = await check('https://user:pw@acme.example/', {
    detailsLink: 'https://acme.example/nav_to.do',
  });
  expect(line).toBe(
    'url:fail:bad-url reachable:skip signed-in:skip csm-active:skip users:skip customers:skip contacts:skip cases:skip query-safety:skip details-link:fail:bad-url',
  );
});

test('an instance that repeats the password in its answers does not make Ringside show it', async () => {
  const server = await start({
    intercept: ({ authorization, table }, response) =>
      table === 'customer_account' &&
      sendJson(response, 403, envelope('Insufficient rights', `${authorization} S3cret!pw`)),
  });
  const { line, steps } = await check(server.url);
  expect(line).toContain('customers:fail:no-access');
  expect(steps.find(({ id }) => id === 'customers')?.detail).toContain('***');
});

test('a redirect to another origin is not followed, with or without the password', async () => {
  const other = await start();
  for (const signedInOnly of [false, true]) {
    const server = await start({
      intercept: ({ authorization }, response) => {
        if (signedInOnly && authorization === undefined) return false;
        response.writeHead(307, { location: `${other.url}api/now/table/sys_user` }).end();
        return true;
      },
    });
    const { bad } = await check(server.url);
    expect(bad).toEqual([`${signedInOnly ? 'signed-in' : 'reachable'}:fail:not-servicenow`]);
  }
  expect(other.requests).toEqual([]);
});

test('a certificate that nobody vouches for', async () => {
  const server = createTlsServer(selfSigned(), (_, response) => response.end());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const { bad, steps } = await check(`https://127.0.0.1:${port}/`);
  expect(bad).toEqual(['reachable:fail:tls']);
  expect(steps[1]?.detail).toContain('authority');
  server.close();
});

test('after a long Retry-After nothing more is asked', async () => {
  const server = await start({
    intercept: ({ table }, response) =>
      table === 'customer_account' &&
      sendJson(response, 429, envelope('Rate limit exceeded'), { 'retry-after': '3600' }),
  });
  const { line, steps } = await check(server.url);
  expect(line).toContain(
    'users:pass customers:fail:rate-limited contacts:skip cases:skip query-safety:skip details-link:pass',
  );
  expect(steps.find(({ id }) => id === 'customers')?.detail).toContain('3600 s');
  expect(server.requests.at(-1)?.table).toBe('customer_account');
});

test('no cookie is ever sent back, and the password only when signed in', async () => {
  const server = await start();
  await check(server.url);
  expect(server.requests.length).toBeGreaterThan(8);
  expect(server.requests.filter(({ cookie }) => cookie !== undefined)).toEqual([]);
  expect(server.requests[0]?.authorization).toBeUndefined();
});

test('nobody listens, or the name does not exist', async () => {
  const server = await imitate();
  await server.close();
  expect((await check(server.url)).bad).toEqual(['reachable:fail:refused']);
  expect((await check('https://no-such-host.invalid/')).bad).toEqual(['reachable:fail:dns']);
});

test('counts that lie are corrected by what was seen, and a missing one is asked for', async () => {
  const low = await check((await start({ total: () => 0 })).url);
  expect(low.counts['contacts']).toBe(3);
  const none = await check((await start({ total: () => null })).url);
  expect(none.counts).toEqual({ users: 2, customers: 1, contacts: 3, cases: 1 });
  const nonsense = await check((await start({ total: () => '-5e9' })).url);
  expect(nonsense.counts['contacts']).toBe(3);
});
