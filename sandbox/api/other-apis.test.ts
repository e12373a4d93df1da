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

type Row = Record<string, unknown>;
const send = <T = Row>(method: string, path: string, body: unknown) =>
  call<T>(path, { method, body: JSON.stringify(body) });

describe('stats', () => {
  test('count and max in one call, as texts', async () => {
    const { json } = await call<Row>(
      '/api/now/stats/customer_contact?sysparm_count=true&sysparm_max_fields=sys_updated_on',
    );
    const [newest] = (
      await call(
        '/api/now/table/customer_contact?sysparm_limit=1&sysparm_query=ORDERBYDESCsys_updated_on',
      )
    ).json.result;
    expect(json.result).toEqual({
      stats: { count: '300', max: { sys_updated_on: newest!['sys_updated_on'] } },
    });
  });

  test('grouped', async () => {
    const { json } = await call(
      '/api/now/stats/sn_customerservice_case?sysparm_count=true&sysparm_group_by=state&sysparm_display_value=true',
    );
    const open = (
      await call(`/api/now/table/sn_customerservice_case?${encoded('state=10')}`)
    ).headers.get('x-total-count');
    expect(json.result).toContainEqual({
      stats: { count: open },
      groupby_fields: [{ field: 'state', value: 'Open' }],
    });
    const few = await call(
      '/api/now/stats/sn_customerservice_case?sysparm_count=true&sysparm_group_by=state&sysparm_having=count^state^>^1000',
    );
    expect(few.json.result).toEqual([]);
  });
});

test('batch answers one after the other, ids as texts, and names what it could not do', async () => {
  const items = [
    {
      id: 11,
      method: 'GET',
      url: '/api/now/table/sys_user?sysparm_limit=1&sysparm_fields=sys_id',
      headers: [{ name: 'Accept', value: 'application/json' }],
    },
    {
      id: 'b',
      method: 'POST',
      url: '/api/now/table/sn_customerservice_case',
      headers: [{ name: 'Content-Type', value: 'application/json' }],
      body: Buffer.from('{"short_description":"by batch"}').toString('base64'),
      exclude_response_headers: true,
    },
    { id: 'c', method: 'GET', url: '/api/now/table/nope', headers: [] },
    {
      id: 'd',
      method: 'POST',
      url: '/api/now/table/task',
      headers: [],
      body: Buffer.alloc(5 * 1024 * 1024 + 1).toString('base64'),
    },
  ];
  const { status, json } = await send('POST', '/api/now/v1/batch', {
    batch_request_id: '1',
    rest_requests: items,
  });
  expect(status).toBe(200);
  const result = json as unknown as {
    serviced_requests: Row[];
    unserviced_requests: string[];
    batch_request_id: string;
  };
  expect(result.batch_request_id).toBe('1');
  expect(result.unserviced_requests).toEqual(['d']);
  const [first, second, third] = result.serviced_requests as {
    id: string;
    body: string;
    status_code: number;
    status_text: string;
    headers?: unknown[];
  }[];
  expect(first).toMatchObject({ id: '11', status_code: 200, status_text: 'OK' });
  expect(first!.headers).toContainEqual({ name: 'X-Total-Count', value: expect.any(String) });
  expect(JSON.parse(Buffer.from(second!.body, 'base64').toString())).toMatchObject({
    result: { short_description: 'by batch' },
  });
  expect(second!.headers).toBeUndefined();
  expect(third).toMatchObject({ id: 'c', status_code: 400 });
});

describe('case', () => {
  const path = '/api/sn_customerservice/case';

  test('lists ten, with contact and account as whole objects and other references as bare ids', async () => {
    const { json, headers } = await call(
      `${path}?${encoded('contactISNOTEMPTY^assigned_toISNOTEMPTY')}`,
    );
    expect(json.result).toHaveLength(10);
    expect(headers.get('x-total-count')).not.toBeNull();
    expect(json.result[0]).toMatchObject({
      contact: { name: expect.any(String) },
      account: { number: expect.stringMatching(/^ACCT/) },
      assigned_to: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const bare = await call(
      `${path}?limit=1&sysparm_reference_fields=false&${encoded('contactISNOTEMPTY')}`,
    );
    expect(bare.json.result[0]!['contact']).toMatch(/^[0-9a-f]{32}$/);
  });

  test('is found by number, made and changed with a short answer', async () => {
    const made = await send('POST', path, { short_description: 'x', priority: '2' });
    expect(made).toMatchObject({
      status: 201,
      json: { result: { number: expect.stringMatching(/^CS/) } },
    });
    expect(Object.keys(made.json.result)).toEqual(['sys_id', 'number']);
    const { number, sys_id } = made.json.result as { number: string; sys_id: string };
    expect((await call<Row>(`${path}/${number}`)).json.result).toMatchObject({
      sys_id,
      priority: '2',
    });
    expect((await call<Row>(`${path}/CS1000001`)).json.result).toMatchObject({
      number: 'CS1000001',
    });
    expect(await send('PUT', `${path}/${sys_id}`, { comments: 'hello' })).toMatchObject({
      status: 200,
      json: { result: { sys_id, number } },
    });
    const activities = await call<{ entries: Row[] }>(`${path}/${sys_id}/activities`);
    expect(activities.json.result.entries).toMatchObject([
      { element: 'comments', value: 'hello', login_name: 'ringside.integration' },
    ]);
    expect((await call(`${path}/CS9999999`)).status).toBe(404);
  });

  test('tells the choices of this instance', async () => {
    const { json } = await call(`${path}/field_values/state`);
    expect(json.result).toContainEqual({ label: 'Awaiting Info', value: '18' });
  });
});

describe('account, contact, consumer', () => {
  test('show bare ids; a new one is answered with its bare sys_id', async () => {
    const account = await call('/api/now/account');
    expect(account.json.result).toHaveLength(10);
    expect((await send('POST', '/api/now/account', { name: 'x' })).status).toBe(405);
    const customer = String(account.json.result[0]!['sys_id']);
    const made = await send<string>('POST', '/api/now/contact', {
      first_name: 'Ada',
      last_name: 'Berg',
      account: customer,
    });
    expect(made).toMatchObject({
      status: 201,
      json: { result: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    expect((await call<Row>(`/api/now/v1/contact/${made.json.result}`)).json.result).toMatchObject({
      name: 'Ada Berg',
      account: customer,
    });
    const consumer = await send<string>('POST', '/api/now/consumer', { first_name: 'Cora' });
    expect(
      (await call<Row>(`/api/now/consumer/${consumer.json.result}`)).json.result,
    ).toMatchObject({ number: expect.stringMatching(/^CSMR/) });
    expect(
      (await send('PATCH', `/api/now/contact/${made.json.result}`, { title: 'x' })).status,
    ).toBe(405);
  });
});

describe('voice', () => {
  const path = '/api/now/openframe/voice-interaction';

  test('openframe makes interaction, phone log and related record in one call', async () => {
    const contact = sandbox.lookups.uniqueContact();
    const body = {
      interaction: {
        userPhoneNumber: contact.number,
        additionalParams: { direction: 'inbound', short_description: 'Call' },
      },
      phoneLogs: [{ call_id: 'k-1', start_time: '2026-11-04 21:45:00' }],
      relatedRecords: [{ documentTable: 'customer_contact', documentId: contact.sysId }],
    };
    const made = await send<{ sysId: string }>('POST', path, body);
    expect(made).toMatchObject({
      status: 200,
      json: { result: { status: 'SUCCESS', number: expect.stringMatching(/^IMS\d{7}$/) } },
    });
    const { sysId } = made.json.result;
    expect(sandbox.records.get('interaction', sysId)).toMatchObject({
      type: 'phone',
      state: 'new',
      direction: 'inbound',
      caller_phone_number: contact.number,
      channel_metadata_table: 'sn_openframe_phone_log',
    });
    expect(sandbox.records.find('sn_openframe_phone_log', 'call_id=k-1')).toHaveLength(1);
    expect(
      sandbox.records.find('interaction_related_record', `interaction=${sysId}`),
    ).toMatchObject([{ document_id: contact.sysId }]);
    expect(
      (
        await send('PATCH', `${path}/${sysId}`, {
          interaction: { additionalParams: { state: 'closed_complete' } },
        })
      ).json.result,
    ).toEqual({ status: 'SUCCESS' });
    expect(sandbox.records.get('interaction', sysId)).toMatchObject({ state: 'closed_complete' });
    expect((await send('POST', path, { interaction: {} })).status).toBe(400);
  });

  test('without OpenFrame neither API nor phone log is there', async () => {
    sandbox.faults.add('openframe-off');
    expect((await send('POST', path, {})).json.error?.message).toBe(
      'Requested URI does not represent any resource',
    );
    expect((await call('/api/now/table/sn_openframe_phone_log')).json.error?.message).toBe(
      'Invalid table sn_openframe_phone_log',
    );
  });

  test('the base system has its own, and Interaction Management ignores most', async () => {
    const made = await send<{ interactionId: string }>(
      'POST',
      '/api/now/v1/cs/voice-interactions',
      { userId: '+15125550100', callerPhoneNumber: '+15125550100' },
    );
    const id = made.json.result.interactionId;
    expect(
      (
        await send('PATCH', `/api/now/v1/cs/voice-interactions/${id}/state`, {
          state: 'closed_complete',
        })
      ).json.result,
    ).toBe('Success');
    const ignored = await send<{ sys_id: string }>('POST', '/api/now/interaction', {
      short_description: 'lost',
    });
    expect(ignored.status).toBe(201);
    expect(sandbox.records.get('interaction', ignored.json.result.sys_id)).toMatchObject({
      short_description: '',
    });
  });
});

describe('attachments', () => {
  test('are stored, listed, read and deleted', async () => {
    const [target] = sandbox.records.find('sn_customerservice_case', '', 1);
    const parameters = new URLSearchParams({
      table_name: 'sn_customerservice_case',
      table_sys_id: target!['sys_id']!,
      file_name: 'note.txt',
    });
    const made = await call<Row>(`/api/now/attachment/file?${parameters.toString()}`, {
      method: 'POST',
      body: 'hello',
      headers: { 'content-type': 'text/plain' },
    });
    expect(made).toMatchObject({
      status: 201,
      json: { result: { size_bytes: '5', file_name: 'note.txt', content_type: 'text/plain' } },
    });
    const id = String(made.json.result['sys_id']);
    expect(made.headers.get('location')).toBe(`${sandbox.url}/api/now/attachment/${id}`);
    expect(
      (await call(`/api/now/attachment?${encoded(`table_sys_id=${target!['sys_id']}`)}`)).json
        .result,
    ).toHaveLength(1);
    const file = await call(`/api/now/attachment/${id}/file`);
    expect(file.text).toBe('hello');
    expect(JSON.parse(file.headers.get('x-attachment-metadata')!)).toMatchObject({ sys_id: id });
    expect((await call(`/api/now/attachment/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`/api/now/attachment/${id}/file`)).status).toBe(404);
  });

  test('come by form too; a missing parameter is 400, a missing record 404', async () => {
    const [target] = sandbox.records.find('sn_customerservice_case', '', 1);
    const form = new FormData();
    form.set('table_name', 'sn_customerservice_case');
    form.set('table_sys_id', target!['sys_id']!);
    form.set('uploadFile', new Blob(['hi there'], { type: 'text/plain' }), 'a.txt');
    const body = new Response(form);
    const headers = { 'content-type': body.headers.get('content-type')! };
    const made = await call<Row>('/api/now/attachment/upload', {
      method: 'POST',
      body: await body.arrayBuffer(),
      headers,
    });
    expect(made).toMatchObject({
      status: 201,
      json: { result: { size_bytes: '8', file_name: 'a.txt' } },
    });
    const plain = { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } };
    expect((await call('/api/now/attachment/file?table_name=task', plain)).status).toBe(400);
    expect(
      (await call('/api/now/attachment/file?table_name=task&table_sys_id=x&file_name=y', plain))
        .status,
    ).toBe(404);
  });
});

test('links open a record as a page, with what it holds as text', async () => {
  const id = sandbox.records.insert('sn_customerservice_case', {
    short_description: '<script>alert(1)</script>',
  });
  for (const path of [
    `/sn_customerservice_case.do?sys_id=${id}`,
    `/nav_to.do?uri=${encodeURIComponent(`sn_customerservice_case.do?sys_id=${id}`)}`,
    `/now/cwf/agent/record/sn_customerservice_case/${id}`,
  ]) {
    const { status, text } = await call(path, { user: '' });
    expect(status).toBe(200);
    expect(text).toContain('Case CS');
    expect(text).not.toContain('<script>');
  }
  expect((await call('/', { user: '' })).text).toContain('Log in');
  const values = encodeURIComponent('contact_type=phone^short_description=<b>x=y</b>');
  for (const path of [
    `/sn_customerservice_case.do?sys_id=-1&sysparm_query=${values}`,
    `/nav_to.do?uri=${encodeURIComponent(`sn_customerservice_case.do?sys_id=-1&sysparm_query=${values}`)}`,
    `/now/cwf/agent/record/sn_customerservice_case/-1/params/query/${values.replace('%2F', '-')}`,
  ]) {
    const { text } = await call(path, { user: '' });
    expect(text).toContain('New Case');
    expect(text).toContain('phone');
    expect(text).toContain('&#60;b&#62;x=y');
  }
});
