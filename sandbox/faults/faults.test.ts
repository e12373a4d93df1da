import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultPassword, startSandbox, type Sandbox } from '../server.ts';
import { caller, encoded } from '../testing.ts';
import { faultCatalogue } from './catalogue.ts';
import { parseFault } from './fault-switch.ts';

let sandbox: Sandbox;
let call: ReturnType<typeof caller>;
const contacts = '/api/now/table/customer_contact';
const cases = '/api/now/table/sn_customerservice_case';

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, contacts: 300, seed: 4 });
  call = caller(sandbox);
});
beforeEach(() => sandbox.faults.clear());
afterAll(() => sandbox.close());

const total = (answer: { headers: Headers }) => Number(answer.headers.get('x-total-count'));
const refusedQuery = {
  status: 403,
  json: {
    error: {
      message: 'Insufficient rights to query records',
      detail: 'Field(s) present in the query do not have permission to be read',
    },
    status: 'failure',
  },
};
const newCase = (path = cases) =>
  call<{ sys_id: string }>(path, {
    method: 'POST',
    body: '{"short_description":"x","correlation_id":"fault"}',
  });

describe('switching', () => {
  test('names, arguments, paths and counts are checked', () => {
    expect(parseFault('silence@/api/now/table/sys_user*2')).toEqual({
      name: 'silence',
      argument: '',
      path: '/api/now/table/sys_user',
      times: 2,
    });
    expect(parseFault('hidden-rows:customer_contact/3')).toMatchObject({
      argument: 'customer_contact/3',
    });
    for (const wrong of [
      'nope',
      'no-access',
      'csm-off:x',
      'no-access:nope',
      'unknown-field:maybe',
      'rate-limit:many',
      '',
    ]) {
      expect(() => parseFault(wrong), wrong).toThrow(RangeError);
    }
  });

  test('at run time over the control endpoint, from this machine', async () => {
    const control = (method: string, path: string, body?: unknown) =>
      call<unknown>(`/__sandbox/${path}`, {
        method,
        user: '',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    expect((await control('PUT', 'faults', { faults: ['csm-off', 'mfa*1'] })).status).toBe(200);
    expect((await call(contacts)).status).toBe(401);
    expect((await call(contacts)).json.error?.message).toBe('Invalid table customer_contact');
    expect((await control('POST', 'faults', { fault: 'nope' })).status).toBe(400);
    expect((await control('DELETE', 'faults/csm-off')).status).toBe(204);
    expect((await call(contacts)).status).toBe(200);
    expect(
      ((await control('GET', 'requests')).json as unknown as { requests: unknown[] }).requests
        .length,
    ).toBeGreaterThan(2);
  });

  test('every fault of the catalogue has a summary, and stands in the README', () => {
    expect(faultCatalogue.length).toBeGreaterThan(35);
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    for (const { name, argument, summary } of faultCatalogue) {
      expect(summary, name).toMatch(/\.$/);
      const notation = (argument === null ? name : `${name}:${argument}`).replaceAll('|', '\\|');
      expect(readme, name).toContain(`| \`${notation}\` | ${summary} |`);
    }
  });
});

describe('access', () => {
  test('csm-off: neither tables nor API, and no contacts among the users', async () => {
    sandbox.faults.add('csm-off');
    expect(await call(cases)).toMatchObject({
      status: 400,
      json: {
        error: { message: 'Invalid table sn_customerservice_case', detail: null },
        status: 'failure',
      },
    });
    expect(await call('/api/sn_customerservice/case?sysparm_limit=1')).toMatchObject({
      status: 400,
      json: { error: { message: 'Requested URI does not represent any resource' } },
    });
    expect((await call('/api/now/contact')).status).toBe(400);
    expect(total(await call('/api/now/table/sys_user?sysparm_limit=1'))).toBe(
      sandbox.instance.company.users.count,
    );
  });

  test('no-access, no-write', async () => {
    sandbox.faults.set(['no-access:sn_customerservice_case']);
    expect(await call(cases)).toMatchObject({
      status: 403,
      json: { error: { message: 'User Not Authorized' } },
    });
    expect((await call('/api/sn_customerservice/case')).status).toBe(403);
    expect((await call(contacts)).status).toBe(200);
    sandbox.faults.set(['no-write:task']);
    expect((await newCase()).json.error?.detail).toBe(
      'ACL Exception Insert Failed due to security constraints',
    );
    expect((await call(cases)).status).toBe(200);
    sandbox.faults.clear();
    expect((await call(cases, { user: `viewer.user:${defaultPassword}` })).status).toBe(403);
  });

  test('hidden-rows: taken out after the limit, still counted', async () => {
    sandbox.faults.add('hidden-rows:customer_contact/3');
    const page = await call(`${contacts}?sysparm_limit=30`);
    expect(page.json.result).toHaveLength(20);
    expect(total(page)).toBe(300);
    sandbox.faults.set(['hidden-rows:customer_contact']);
    const empty = await call(`${contacts}?sysparm_limit=30`);
    expect(empty).toMatchObject({ status: 200, text: '{"result":[]}' });
    expect(total(empty)).toBe(300);
  });

  test('hidden-field: the key is missing; a query on it is refused or ignored', async () => {
    sandbox.faults.add('hidden-field:customer_contact.phone');
    const [row] = (await call(`${contacts}?sysparm_limit=1&sysparm_fields=name,phone`)).json.result;
    expect(Object.keys(row!)).toEqual(['name']);
    expect((await call(`${contacts}?sysparm_limit=1&sysparm_fields=phone`)).text).toBe(
      '{"result":[{}]}',
    );
    expect(await call(`${contacts}?${encoded('phone=1')}`)).toMatchObject(refusedQuery);
    sandbox.faults.set(['hidden-field:sys_user.phone/ignore']);
    expect(total(await call(`${contacts}?sysparm_limit=1&${encoded('phone=1')}`))).toBe(300);
  });
});

describe('queries', () => {
  test('unknown-field: ignored, no rows, or refused', async () => {
    const get = () => call(`${contacts}?sysparm_limit=1&${encoded('rubbish=1^nameISNOTEMPTY')}`);
    const named = total(await call(`${contacts}?sysparm_limit=1&${encoded('nameISNOTEMPTY')}`));
    expect(total(await get())).toBe(named);
    sandbox.faults.set(['unknown-field:no-rows']);
    expect(await get()).toMatchObject({ status: 200, text: '{"result":[]}' });
    sandbox.faults.set(['unknown-field:refuse']);
    expect(await get()).toMatchObject(refusedQuery);
  });

  test('query-range: = and IN pass, LIKE and sorting are refused or dropped', async () => {
    sandbox.faults.set(['query-range:sys_user.phone']);
    for (const query of ['phoneLIKE1', 'phoneSTARTSWITH+', 'phone>=1', 'ORDERBYphone'])
      expect((await call(`${contacts}?${encoded(query)}`)).status, query).toBe(403);
    for (const query of ['phone=1', 'phoneIN1,2', 'phoneISEMPTY'])
      expect((await call(`${contacts}?${encoded(query)}`)).status, query).toBe(200);
    sandbox.faults.set(['query-range:customer_contact/ignore']);
    expect(
      total(await call(`${contacts}?sysparm_limit=1&${encoded('phoneLIKEnothing like it')}`)),
    ).toBe(300);
  });
});

describe('signing in', () => {
  const refused = {
    status: 401,
    json: {
      error: { message: 'User Not Authenticated', detail: 'Required to provide Auth information' },
      status: 'failure',
    },
  };
  const as = (user: string) =>
    call(`${contacts}?sysparm_limit=1`, { user: `${user}:${defaultPassword}` });

  test('every refusal looks the same', async () => {
    for (const answer of [
      await call(contacts, { user: '' }),
      await call(contacts, { user: 'ringside.integration:wrong' }),
      await as('nobody'),
      await as('interactive.user'),
      await as('locked.user'),
      await as('dora.former'),
    ]) {
      expect(answer).toMatchObject(refused);
      expect(answer.headers.get('www-authenticate')).toBe('BASIC realm="Service-now"');
      expect(answer.headers.get('x-mfa_token')).toBeNull();
    }
    const code = await as('mfa.user');
    expect(code).toMatchObject(refused);
    expect(code.headers.get('x-mfa_token')).toBe('invalid');
  });

  test('basic-auth-restriction lets programs in and keeps people out; lockout locks', async () => {
    expect((await as('alice.agent')).status).toBe(200);
    sandbox.faults.add('basic-auth-restriction');
    expect(await as('alice.agent')).toMatchObject(refused);
    expect((await as('ringside.integration')).status).toBe(200);
    sandbox.faults.set(['lockout:3']);
    for (let n = 0; n < 3; n++) await call(contacts, { user: 'bob.agent:wrong' });
    expect(await as('bob.agent')).toMatchObject(refused);
  });

  test('OAuth: form only, the same token while it lives, refresh, expiry', async () => {
    const token = (form: Record<string, string>) =>
      call('/oauth_token.do', {
        method: 'POST',
        user: '',
        body: new URLSearchParams({
          client_id: 'ringside-client',
          client_secret: 'ringside-client-secret',
          ...form,
        }),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    const first = await token({ grant_type: 'client_credentials' });
    const given = first.json as unknown as { access_token: string; expires_in: number };
    expect(given).toMatchObject({ scope: 'useraccount', token_type: 'Bearer', expires_in: 1799 });
    expect(
      ((await token({ grant_type: 'client_credentials' })).json as unknown as typeof given)
        .access_token,
    ).toBe(given.access_token);
    const bearer = (access: string) =>
      call(`${contacts}?sysparm_limit=1`, { headers: { authorization: `Bearer ${access}` } });
    expect((await bearer(given.access_token)).status).toBe(200);
    sandbox.expireTokens();
    expect(await bearer(given.access_token)).toMatchObject(refused);

    const person = await token({
      grant_type: 'password',
      username: 'alice.agent',
      password: defaultPassword,
    });
    const { refresh_token } = person.json as unknown as { refresh_token: string };
    sandbox.expireTokens();
    const renewed = (await token({ grant_type: 'refresh_token', refresh_token }))
      .json as unknown as typeof given;
    expect((await bearer(renewed.access_token)).status).toBe(200);
    expect(
      (
        await token({
          grant_type: 'password',
          username: 'ringside.integration',
          password: defaultPassword,
        })
      ).status,
    ).toBe(401);
    expect((await token({ grant_type: 'client_credentials', client_secret: 'wrong' })).status).toBe(
      401,
    );
    expect((await call('/oauth_token.do', { method: 'POST', user: '', body: '{}' })).status).toBe(
      400,
    );
  });

  test('the login form: a session whose requests also want its token', async () => {
    const login = (user_name: string) =>
      call('/angular.do?sysparm_type=view_form.login', {
        method: 'POST',
        user: '',
        body: new URLSearchParams({ user_name, user_password: defaultPassword }),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    expect((await login('ringside.integration')).json.status).toBe('error');
    const opened = await login('alice.agent');
    expect(opened.json.status).toBe('success');
    const cookie = opened.headers.getSetCookie()[0]!.split(';')[0]!;
    const session = await call('/angular.do?sysparm_type=get_user', {
      method: 'POST',
      user: '',
      headers: { cookie },
    });
    expect(session.status).toBe(401);
    const token = session.headers.get('x-usertoken-response')!;
    const get = (headers: Record<string, string>) =>
      call(`${contacts}?sysparm_limit=1`, { user: '', headers: { cookie, ...headers } });
    expect(await get({})).toMatchObject(refused);
    expect((await get({ 'x-usertoken': token })).status).toBe(200);
  });

  test('API key, in header or parameter', async () => {
    const header = { user: '', headers: { 'x-sn-apikey': 'ringside-sandbox-api-key' } };
    expect((await call(contacts, header)).status).toBe(200);
    expect(
      (await call(`${contacts}?sysparm_limit=1&x-sn-apikey=ringside-sandbox-api-key`, { user: '' }))
        .status,
    ).toBe(200);
    sandbox.faults.add('api-key-off');
    expect(await call(contacts, header)).toMatchObject(refused);
  });
});

describe('limits', () => {
  test('rate-limit: headers on every answer, then 429 with Retry-After', async () => {
    sandbox.faults.add('rate-limit:2/60');
    const first = await call(`${contacts}?sysparm_limit=1`);
    expect(first.headers.get('x-ratelimit-limit')).toBe('2');
    expect(first.headers.get('x-ratelimit-rule')).toMatch(/^[0-9a-f]{32}$/);
    await call(`${contacts}?sysparm_limit=1`);
    const denied = await call(`${contacts}?sysparm_limit=1`);
    expect(denied).toMatchObject({
      status: 429,
      json: { error: { message: 'Rate limit exceeded' } },
    });
    const seconds = Number(denied.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(61);
    sandbox.faults.set(['rate-limit:2']);
    expect((await call(`${contacts}?sysparm_limit=1`)).status).toBe(429);
  });

  test('semaphore: a bare 429 for what is too many at once', async () => {
    sandbox.faults.set(['semaphore:2', 'latency:150']);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => call(`${contacts}?sysparm_limit=1`)),
    );
    const denied = answers.filter(({ status }) => status === 429);
    expect(denied.length).toBeGreaterThan(0);
    expect(denied.length).toBeLessThan(5);
    expect(denied[0]!.headers.get('retry-after')).toBeNull();
    expect(denied[0]!.text).toBe('');
  });

  test('transaction-timeout in its three shapes, only for large pages', async () => {
    sandbox.faults.set(['transaction-timeout:500/10']);
    expect((await call(`${contacts}?sysparm_limit=10`)).status).toBe(200);
    expect(await call(`${contacts}?sysparm_limit=11`)).toMatchObject({
      status: 500,
      json: { error: { message: 'Transaction cancelled: maximum execution time exceeded' } },
    });
    sandbox.faults.set(['transaction-timeout:partial']);
    const partial = await call(`${contacts}?sysparm_limit=10`);
    expect(partial).toMatchObject({
      status: 200,
      json: {
        status: 'failure',
        error: { message: 'Transaction cancelled: maximum execution time exceeded' },
      },
    });
    expect(partial.json.result).toHaveLength(5);
    sandbox.faults.set(['transaction-timeout:malformed']);
    const malformed = await call(`${contacts}?sysparm_limit=10`);
    expect(malformed.status).toBe(200);
    expect(malformed.json).toBeUndefined();
    expect(malformed.text).toMatch(/\}"" \],"error":\{"message":"Transaction cancelled/);
  });

  test('a kept cookie makes requests queue, and the twelfth waiting is dropped with 202', async () => {
    const { headers } = await call(`${contacts}?sysparm_limit=1`);
    const cookie = headers.getSetCookie()[0]!.split(';')[0]!;
    expect(
      (await call(`${contacts}?sysparm_limit=1`, { user: '', headers: { cookie } })).status,
    ).toBe(200);
    sandbox.faults.add('latency:50');
    const answers = await Promise.all(
      Array.from({ length: 16 }, () =>
        call(`${contacts}?sysparm_limit=1`, { headers: { cookie } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(11);
  });
});

describe('pages', () => {
  test.each([
    ['hibernating', 200, 'Your instance is hibernating'],
    ['maintenance', 503, '503'],
    ['login-page', 200, 'Log in'],
    ['login-redirect', 302, ''],
    ['not-servicenow', 404, 'Not Found'],
    ['bad-gateway', 502, '502'],
  ])('%s', async (name, status, text) => {
    sandbox.faults.add(name);
    const answer = await call(contacts);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('text/html;charset=UTF-8');
    expect(answer.text).toContain(text);
    if (status === 302) expect(answer.headers.get('location')).toBe(`${sandbox.url}/login.do`);
  });
});

describe('the line', () => {
  test('half-json, gzip, crowded', async () => {
    sandbox.faults.set(['half-json']);
    const half = await call(`${contacts}?sysparm_limit=5`);
    expect(half.status).toBe(200);
    expect(half.json).toBeUndefined();
    sandbox.faults.set(['crowded']);
    expect(await call(contacts)).toMatchObject({ status: 202, text: '' });
    sandbox.faults.set(['gzip']);
    const raw = await new Promise<{ encoding: string | undefined; body: Buffer }>(
      (resolve, reject) => {
        const user = Buffer.from(`ringside.integration:${defaultPassword}`).toString('base64');
        httpRequest(
          `${sandbox.url}${contacts}?sysparm_limit=5`,
          { headers: { authorization: `Basic ${user}`, 'accept-encoding': 'gzip' } },
          (response) => {
            const pieces: Buffer[] = [];
            response.on('data', (piece: Buffer) => pieces.push(piece));
            response.on('end', () =>
              resolve({
                encoding: response.headers['content-encoding'],
                body: Buffer.concat(pieces),
              }),
            );
          },
        )
          .on('error', reject)
          .end();
      },
    );
    expect(raw.encoding).toBe('gzip');
    expect(JSON.parse(gunzipSync(raw.body).toString())).toMatchObject({ result: { length: 5 } });
  });

  test('drop, drop-midway, silence, slow-loris', async () => {
    for (const fault of ['drop', 'drop-midway']) {
      sandbox.faults.set([fault]);
      await expect(call(`${contacts}?sysparm_limit=5`), fault).rejects.toThrow(
        /fetch failed|terminated/,
      );
    }
    for (const fault of ['silence', 'slow-loris:50']) {
      sandbox.faults.set([fault]);
      await expect(
        call(`${contacts}?sysparm_limit=5`, { signal: AbortSignal.timeout(200) }),
        fault,
      ).rejects.toThrow(/abort|timeout/i);
    }
  });
});

describe('writes', () => {
  test('committed, although the answer says otherwise', async () => {
    const written = () =>
      sandbox.records.find('sn_customerservice_case', 'correlation_id=fault').length;
    const before = written();
    sandbox.faults.set(['commit-then-500:sn_customerservice_case*1']);
    expect((await newCase()).status).toBe(500);
    sandbox.faults.set(['commit-then-drop']);
    await expect(newCase()).rejects.toThrow(/fetch failed/);
    sandbox.faults.set(['commit-then-silence']);
    await expect(
      call(cases, {
        method: 'POST',
        body: '{"correlation_id":"fault"}',
        signal: AbortSignal.timeout(200),
      }),
    ).rejects.toThrow(/abort|timeout/i);
    sandbox.faults.set(['commit-then-500*1']);
    expect((await newCase('/api/sn_customerservice/case')).status).toBe(500);
    expect((await newCase()).status).toBe(201);
    expect(written()).toBe(before + 5);
  });

  test('business rule and data policy refuse in their own words', async () => {
    sandbox.faults.set(['business-rule:task']);
    expect((await newCase()).json.error).toMatchObject({
      message: 'Operation Failed',
      detail: expect.stringMatching(
        /^Operation against file 'sn_customerservice_case' was aborted by Business Rule 'Refuse everything\^[0-9a-f]{32}'\. Business Rule Stack:Refuse everything$/,
      ),
    });
    sandbox.faults.set(['data-policy:sn_customerservice_case.u_machine_number']);
    expect((await newCase()).json.error?.detail).toBe(
      'Data Policy Exception: Machine number is mandatory',
    );
  });

  test('audit-delete-off, closed-cases-open', async () => {
    sandbox.faults.set(['audit-delete-off', 'closed-cases-open']);
    const id = sandbox.records.insert('sn_customerservice_case', {
      state: '3',
      resolution_code: '1',
      close_notes: 'done',
    });
    expect(
      (await call(`${cases}/${id}`, { method: 'PATCH', body: '{"priority":"1"}' })).status,
    ).toBe(200);
    expect((await call(`${cases}/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(sandbox.records.find('sys_audit_delete', `documentkey=${id}`)).toEqual([]);
  });
});
