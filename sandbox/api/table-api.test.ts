import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { caller, encoded } from '../testing.ts';

let sandbox: Sandbox;
let call: ReturnType<typeof caller>;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, contacts: 300, seed: 3 });
  call = caller(sandbox);
});
beforeEach(() => sandbox.faults.clear());
afterAll(() => sandbox.close());

const contacts = '/api/now/table/customer_contact';
const cases = '/api/now/table/sn_customerservice_case';
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  call<Record<string, unknown>>(path, { method: 'POST', body: JSON.stringify(body), headers });
const patch = (path: string, body: unknown) =>
  call<Record<string, unknown>>(path, { method: 'PATCH', body: JSON.stringify(body) });

describe('values', () => {
  test('are texts, empty ones too, and references have a link', async () => {
    const { json } = await call(
      `${cases}?sysparm_limit=1&${encoded('contactISNOTEMPTY^assigned_toISEMPTY')}`,
    );
    const [row] = json.result;
    for (const value of Object.values(row!)) expect(['string', 'object']).toContain(typeof value);
    expect(row!['assigned_to']).toBe('');
    expect(row!['active']).toMatch(/^(true|false)$/);
    expect(row!['opened_at']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    const contact = row!['contact'] as { link: string; value: string };
    expect(contact).toEqual({
      link: `${sandbox.url}/api/now/table/customer_contact/${contact.value}`,
      value: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(row!['case']).toBe(
      `${String(row!['short_description'])}\u200b${String(row!['number'])}`,
    );
  });

  test('in every display mode, with and without links', async () => {
    const [one] = (
      await call(
        `${cases}?sysparm_limit=1&sysparm_fields=sys_id,contact&${encoded('contactISNOTEMPTY^state=10')}`,
      )
    ).json.result;
    const { link, value } = one!['contact'] as { link: string; value: string };
    const shown = sandbox.records.get('customer_contact', value)!['name'];
    const get = async (parameters: string) =>
      (
        await call<Record<string, unknown>>(
          `${cases}/${String(one!['sys_id'])}?sysparm_fields=contact,state,consumer,contact.name&${parameters}`,
        )
      ).json.result;
    expect(await get('')).toEqual({
      contact: { link, value },
      state: '10',
      consumer: '',
      'contact.name': shown,
    });
    expect(await get('sysparm_exclude_reference_link=true')).toMatchObject({ contact: value });
    expect(await get('sysparm_display_value=true')).toEqual({
      contact: { display_value: shown, link },
      state: 'Open',
      consumer: '',
      'contact.name': shown,
    });
    expect(
      await get('sysparm_display_value=true&sysparm_exclude_reference_link=true'),
    ).toMatchObject({ contact: shown });
    expect(await get('sysparm_display_value=all')).toEqual({
      contact: { display_value: shown, value, link },
      state: { display_value: 'Open', value: '10' },
      consumer: { display_value: '', value: '' },
      'contact.name': { display_value: shown, value: shown },
    });
  });

  test('invalid fields are ignored', async () => {
    const { json } = await call(
      `${contacts}?sysparm_limit=1&sysparm_fields=sys_id,rubbish,account.rubbish`,
    );
    expect(Object.keys(json.result[0]!)).toEqual(['sys_id']);
  });
});

describe('lists', () => {
  test('Link has the parameters in their order, limit and offset last', async () => {
    const { headers } = await call(
      `${contacts}?sysparm_limit=100&sysparm_fields=sys_id,name&sysparm_query=ORDERBYsys_updated_on&sysparm_offset=100`,
    );
    const link = (offset: number, rel: string) =>
      `<${sandbox.url}${contacts}?sysparm_fields=sys_id%2Cname&sysparm_query=ORDERBYsys_updated_on&sysparm_limit=100&sysparm_offset=${offset}>;rel="${rel}"`;
    expect(headers.get('link')).toBe(
      [link(0, 'first'), link(0, 'prev'), link(200, 'next'), link(200, 'last')].join(','),
    );
    expect(headers.get('x-total-count')).toBe('300');
  });

  test('next is missing on the last page, Link when everything fits, the count when it is not wanted', async () => {
    const last = await call(`${contacts}?sysparm_limit=100&sysparm_offset=200`);
    expect(last.headers.get('link')).not.toContain('rel="next"');
    const whole = await call(`${contacts}?sysparm_limit=300&sysparm_fields=sys_id`);
    expect(whole.headers.get('link')).toBeNull();
    expect(whole.headers.get('x-total-count')).toBe('300');
    const uncounted = await call(`${contacts}?sysparm_limit=1&sysparm_no_count=true`);
    expect(uncounted.headers.get('x-total-count')).toBeNull();
    const quiet = await call(`${contacts}?sysparm_limit=1&sysparm_suppress_pagination_header=true`);
    expect(quiet.headers.get('link')).toBeNull();
  });

  test('name-value filters take what is shown for choices and references', async () => {
    const resolved = await call(`${cases}?state=Resolved&sysparm_fields=state`);
    expect(new Set(resolved.json.result.map((row) => row['state']))).toEqual(new Set(['6']));
    const name = sandbox.instance.company.accounts.name(0);
    const people = await call(
      `${contacts}?account=${encodeURIComponent(name)}&sysparm_fields=account&sysparm_display_value=true&sysparm_exclude_reference_link=true`,
    );
    expect(people.json.result.length).toBeGreaterThan(0);
    expect(new Set(people.json.result.map((row) => row['account']))).toEqual(new Set([name]));
  });

  test('an empty list is 200 in the newest version and 404 in v1', async () => {
    expect(await call(`${contacts}?user_name=nobody`)).toMatchObject({
      status: 200,
      text: '{"result":[]}',
    });
    expect(await call('/api/now/v2/table/customer_contact?user_name=nobody')).toMatchObject({
      status: 200,
    });
    expect(await call('/api/now/v1/table/customer_contact?user_name=nobody')).toMatchObject({
      status: 404,
      json: { error: { message: 'No Record found' } },
    });
  });

  test('a negative offset is refused, a condition on nothing is ignored', async () => {
    expect((await call(`${contacts}?sysparm_offset=-1`)).status).toBe(400);
    expect(
      (await call(`${contacts}?sysparm_limit=1&${encoded('rubbish=1')}`)).headers.get(
        'x-total-count',
      ),
    ).toBe('300');
  });

  test('HEAD has the headers and no body', async () => {
    const answer = await call(`${contacts}?sysparm_limit=1`, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers.get('x-total-count')).toBe('300');
  });
});

describe('headers', () => {
  test('are those of a recorded instance', async () => {
    const { headers } = await call(`${contacts}?sysparm_limit=1`);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json;charset=UTF-8',
      'transfer-encoding': 'chunked',
      server: 'snow_adc',
      'x-is-logged-in': 'true',
      pragma: 'no-store,no-cache',
      'cache-control': 'no-cache,no-store,must-revalidate,max-age=-1',
      expires: '0',
      'strict-transport-security': 'max-age=63072000; includeSubDomains',
    });
    const transaction = headers.get('x-transaction-id');
    expect(headers.get('server-timing')).toBe(
      `t;desc="${transaction}", sem_wait;dur=0, sesh_wait;dur=0`,
    );
    const cookies = headers.getSetCookie().map((line) => line.split('=')[0]);
    expect(cookies).toEqual([
      'JSESSIONID',
      'glide_user',
      'glide_user_session',
      'glide_user_route',
      'glide_node_id_for_js',
      'glide_session_store',
    ]);
  });
});

describe('errors', () => {
  test.each([
    ['/api/now/table/nope', 400, 'Invalid table nope', null],
    ['/api/nope/thing', 400, 'Requested URI does not represent any resource', '/api/nope/thing'],
    [
      `${contacts}/${'0'.repeat(32)}`,
      404,
      'No Record found',
      "Record doesn't exist or ACL restricts the record retrieval",
    ],
  ])('%s', async (path, status, message, detail) => {
    const answer = await call(path);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ error: { message, detail }, status: 'failure' });
  });

  test('a body that is no JSON, or of another type', async () => {
    expect(await call(cases, { method: 'POST', body: '{"a":' })).toMatchObject({
      status: 400,
      json: {
        error: {
          message: 'Exception while reading request',
          detail: 'The payload is not valid JSON.',
        },
      },
    });
    expect(
      (await call(cases, { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }))
        .status,
    ).toBe(415);
    expect((await call(contacts, { headers: { accept: 'image/png' } })).status).toBe(406);
    expect((await call(contacts, { method: 'DELETE' })).status).toBe(405);
  });
});

describe('writes', () => {
  test('a case gets number, defaults, its contact’s account, and 201 with a Location', async () => {
    const contact = sandbox.lookups.uniqueContact();
    const answer = await post(`${cases}?sysparm_exclude_reference_link=true`, {
      short_description: 'Pump is loud',
      contact: contact.sysId,
      correlation_id: 'c-1',
      rubbish: 'x',
    });
    const { sys_id, number } = answer.json.result as Record<string, string>;
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`${sandbox.url}${cases}/${sys_id}`);
    expect(number).toMatch(/^CS\d{7}$/);
    expect(answer.json.result).toMatchObject({
      state: '1',
      priority: '4',
      active: 'true',
      contact: contact.sysId,
      account: contact.customerSysId,
      correlation_id: 'c-1',
      case: `Pump is loud\u200b${number}`,
      sys_mod_count: '0',
      sys_created_by: 'ringside.integration',
      sys_class_name: 'sn_customerservice_case',
    });
    expect(answer.json.result).not.toHaveProperty('rubbish');
    expect((await call(`${cases}?${encoded('correlation_id=c-1')}`)).json.result).toHaveLength(1);
    expect(
      (await call(`/api/now/table/task?${encoded('correlation_id=c-1')}`)).json.result,
    ).toHaveLength(1);
  });

  test('changes count and date themselves; notes become entries of their own', async () => {
    const { sys_id } = (await post(cases, { short_description: 'x' })).json.result as Record<
      string,
      string
    >;
    await patch(`${cases}/${sys_id}`, { work_notes: 'first' });
    const changed = await patch(`${cases}/${sys_id}?sysparm_display_value=all`, {
      work_notes: 'second',
      priority: '2',
    });
    expect(changed.json.result).toMatchObject({
      sys_mod_count: { value: '2' },
      priority: { value: '2', display_value: '2 - High' },
      work_notes: { value: '' },
    });
    const notes = (changed.json.result['work_notes'] as { display_value: string }).display_value;
    expect(notes.indexOf('second')).toBeLessThan(notes.indexOf('first'));
    expect(notes).toContain('Ringside Integration (Work notes)');
    const entries = await call(
      `/api/now/table/sys_journal_field?${encoded(`element_id=${sys_id}^element=work_notes`)}&sysparm_fields=value,name`,
    );
    // within one second nothing says which came first
    const values = entries.json.result.map(({ value }) => value);
    expect(new Set(values)).toEqual(new Set(['first', 'second']));
    expect(entries.json.result[0]).toMatchObject({ name: 'sn_customerservice_case' });
  });

  test('closing needs a resolution, and a closed case stays as it is', async () => {
    const { sys_id } = (await post(cases, { short_description: 'x' })).json.result as Record<
      string,
      string
    >;
    const bare = await patch(`${cases}/${sys_id}`, { state: '3' });
    expect(bare.status).toBe(403);
    expect(bare.json.error?.detail).toContain('Data Policy Exception');
    expect(
      (await patch(`${cases}/${sys_id}`, { state: '3', resolution_code: '1', close_notes: 'done' }))
        .json.result,
    ).toMatchObject({ active: 'false' });
    const late = await patch(`${cases}/${sys_id}`, { priority: '1' });
    expect(late).toMatchObject({ status: 403, json: { error: { message: 'Operation Failed' } } });
    expect(late.json.error?.detail).toContain('was aborted by Business Rule');
  });

  test('display values are taken when asked for', async () => {
    const account = sandbox.instance.company.accounts.name(1);
    const { json } = await post(
      `${cases}?sysparm_input_display_value=true&sysparm_display_value=true&sysparm_exclude_reference_link=true`,
      { account, priority: '2 - High' },
    );
    expect(json.result).toMatchObject({ account, priority: '2 - High' });
  });

  test('no body when it is not wanted, and PATCH hidden in a POST', async () => {
    const { sys_id } = (await post(cases, { short_description: 'x' })).json.result as Record<
      string,
      string
    >;
    expect(
      (await post(cases, { short_description: 'y' }, { 'x-no-response-body': 'true' })).text,
    ).toBe('');
    const hidden = await post(
      `${cases}/${sys_id}`,
      { short_description: 'z' },
      { 'x-http-method-override': 'PATCH' },
    );
    expect(hidden).toMatchObject({ status: 200, json: { result: { short_description: 'z' } } });
  });

  test('a deleted record leaves a note, and 404', async () => {
    const { sys_id, number } = (await post(cases, { short_description: 'x' })).json
      .result as Record<string, string>;
    expect(await call(`${cases}/${sys_id}`, { method: 'DELETE' })).toMatchObject({
      status: 204,
      text: '',
    });
    expect((await call(`${cases}/${sys_id}`)).status).toBe(404);
    const notes = await call(`/api/now/table/sys_audit_delete?${encoded(`documentkey=${sys_id}`)}`);
    expect(notes.json.result).toMatchObject([
      { tablename: 'sn_customerservice_case', display_value: number },
    ]);
  });
});
