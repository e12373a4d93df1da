import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { CrmError } from '../crm-error.ts';
import type { PullOptions, RecordPage } from '../port.ts';
import type { Case, Contact, RecordKind } from '../record.ts';
import { servicenow } from './platform.ts';
import { company, envelope, imitate, sendJson, sysId } from './testing.ts';
import type { Cells, Imitation, ImitationOptions } from './testing.ts';

let open: Imitation[] = [];
afterEach(async () => {
  await Promise.all(open.map((server) => server.close()));
  open = [];
});

async function pull(
  options: ImitationOptions,
  kind: RecordKind = 'contacts',
  how: PullOptions = {},
) {
  const server = await imitate({ tables: company(), ...options });
  open.push(server);
  const connection = servicenow.connect(
    { endpoint: server.url, detailsLink: server.url, username: 'ringside' },
    { password: 'S3cret!pw' },
  );
  const pages: RecordPage[] = [];
  try {
    for await (const page of connection.pull(kind, how)) pages.push(page);
  } finally {
    await connection.close();
  }
  const records = pages.flatMap((page) => page.records);
  return { server, pages, records, ids: [...new Set(records.map(({ id }) => id))].toSorted() };
}

const ids = (rows: Cells[] | undefined): string[] =>
  (rows ?? []).map((row) => String(row['sys_id'])).toSorted();
const contactsOf = (count: number) => company(count)['customer_contact'];

test('every row once, page by page, with the total and a cursor that resumes', async () => {
  const tables = company(2500);
  const { pages, records, ids: got, server } = await pull({ tables });
  expect(pages.map((page) => page.records.length)).toEqual([1000, 1000, 500]);
  expect(got).toEqual(ids(tables['customer_contact']));
  expect(records).toHaveLength(2500);
  expect(pages.every(({ total }) => total === 2500)).toBe(true);
  expect(
    server.requests.every(
      ({ parameters }) => parameters.get('sysparm_exclude_reference_link') === 'true',
    ),
  ).toBe(true);
  const rest = await pull({ tables }, 'contacts', { cursor: pages[1]?.cursor ?? null });
  expect(rest.records).toHaveLength(500);
  expect(rest.pages[0]?.total).toBe(2500);
});

test('consumers follow the contacts, and a cursor may stand in either table', async () => {
  const consumer = { sys_id: sysId(9), name: 'Cora', business_phone: '+49 30 7', active: 'true' };
  const tables = { ...company(2), csm_consumer: [consumer] };
  const { records, pages } = await pull({ tables });
  expect(records.map(({ type }) => type)).toEqual(['contact', 'contact', 'consumer']);
  expect(pages[0]?.total).toBe(3);
  expect(records[2]).toMatchObject({
    customerId: null,
    phones: [{ field: 'business_phone', label: 'business phone', raw: '+49 30 7' }],
  });
  const rest = await pull({ tables }, 'contacts', { cursor: pages.at(-1)?.cursor ?? null });
  expect(rest.records).toEqual([]);
});

test('where nothing is to be had, one empty page tells whether the instance counts none or hides all', async () => {
  const none = { ...company(0), csm_consumer: [] };
  const empty = await pull({ tables: none });
  expect(empty.pages).toEqual([{ records: [], total: 0, cursor: '' }]);
  const hidden = await pull({ tables: company(3), hides: (table) => table === 'customer_contact' });
  expect(hidden.pages).toEqual([{ records: [], total: 3, cursor: '' }]);
});

test('users are those of the class sys_user, also where the instance ignores the search for it', async () => {
  expect((await pull({}, 'users')).ids).toEqual([sysId(1), sysId(2)]);
  const { ids: got } = await pull(
    { ignores: (term) => term.startsWith('sys_class_name') },
    'users',
  );
  expect(got).toEqual([sysId(1), sysId(2)]);
});

test('cases: open ones and those changed in the last 90 days, with the labels of the instance', async () => {
  const base = company()['sn_customerservice_case']?.[0] ?? {};
  const old = '2020-01-01 00:00:00';
  const recent = new Date(Date.now() - 86_400_000).toISOString().slice(0, 19).replace('T', ' ');
  const cases = [
    { ...base, sys_id: sysId(1), sys_updated_on: old },
    { ...base, sys_id: sysId(2), sys_updated_on: old, active: 'false', state: '3' },
    { ...base, sys_id: sysId(3), sys_updated_on: recent, active: 'false', state: '3' },
  ];
  for (const ignores of [
    () => false,
    (term: string) => term.includes('sys_updated_on') || term.startsWith('active'),
  ]) {
    const { records, ids: got } = await pull(
      { tables: { ...company(), sn_customerservice_case: cases }, ignores },
      'cases',
    );
    expect(got).toEqual([sysId(1), sysId(3)]);
    const [first, second] = records as Case[];
    expect(first).toMatchObject({
      open: true,
      state: { value: '10', label: 'shown 10' },
      contactId: sysId(100),
      customerId: sysId(50),
      consumerId: null,
    });
    expect(second?.open).toBe(false);
  }
});

test('hidden rows: short pages, empty pages at the beginning, in the middle and at the end', async () => {
  const rows = contactsOf(4500) ?? [];
  const hidden = (n: number): boolean =>
    n < 1200 || (n >= 2000 && n < 4200 && n % 7 !== 0) || n >= 4400;
  const visible = rows.filter((_, n) => !hidden(n));
  const { ids: got, records } = await pull({
    tables: { ...company(), customer_contact: rows },
    hides: (table, row) => table === 'customer_contact' && hidden(rows.indexOf(row)),
  });
  expect(got).toEqual(ids(visible));
  expect(records).toHaveLength(visible.length);
});

test('an instance that ignores the key, the order or both is read by offset, without a loss', async () => {
  const shuffled = (contactsOf(2300) ?? []).toSorted((a, b) =>
    String(a['sys_id']).split('').reverse().join('') <
    String(b['sys_id']).split('').reverse().join('')
      ? -1
      : 1,
  );
  for (const start of ['sys_id>', 'ORDERBY', '']) {
    const { ids: got } = await pull({
      tables: { ...company(), customer_contact: shuffled },
      ignores: (term) => term.startsWith(start),
    });
    expect(got).toEqual(ids(shuffled));
  }
});

test('an instance that refuses ranges and sorting is read by offset', async () => {
  const tables = company(2300);
  const { ids: got } = await pull({
    tables,
    intercept: ({ query }, response) =>
      /sys_id>|ORDERBY/.test(query) &&
      sendJson(response, 403, envelope('Insufficient rights to query records', null)),
  });
  expect(got).toEqual(ids(tables['customer_contact']));
});

test('an instance that sends the same page for ever is given up', async () => {
  const tables = company(3000);
  const failed = pull({
    tables,
    intercept: ({ table, authorization }, response) =>
      authorization !== undefined &&
      table === 'customer_contact' &&
      sendJson(response, 200, { result: (tables['customer_contact'] ?? []).slice(0, 1000) }),
  });
  await expect(failed).rejects.toMatchObject({ code: 'unsafe-query' });
});

test('a page that the instance cannot manage is asked for again at half the size', async () => {
  const tables = company(1500);
  const sizes: number[] = [];
  const { ids: got } = await pull({
    tables,
    intercept: ({ table, parameters }, response) => {
      const limit = Number(parameters.get('sysparm_limit'));
      if (table !== 'customer_contact' || limit === 1) return false;
      sizes.push(limit);
      if (limit <= 250) return false;
      const cut = `{"result":[ {"sys_id":"${sysId(100)}"}"" ],"error":{"message":"Transaction cancelled: maximum execution time exceeded","detail":"x"},"status":"failure"}`;
      return limit > 500
        ? sendJson(response, 200, cut)
        : sendJson(
            response,
            500,
            envelope('Transaction cancelled: maximum execution time exceeded'),
          );
    },
  });
  expect(sizes.slice(0, 3)).toEqual([1000, 500, 250]);
  expect(got).toEqual(ids(tables['customer_contact']));
});

test('what passes is tried again: 202, hang-ups, half JSON, 503, a short Retry-After', async () => {
  const tables = company(3);
  let n = 0;
  const troubles: NonNullable<ImitationOptions['intercept']>[] = [
    (_, response) => sendJson(response, 202, ''),
    (_, response) => (response.destroy(), true),
    (_, response) => sendJson(response, 200, '{"result":[{'),
    (_, response) => sendJson(response, 503, envelope('busy')),
    (_, response) =>
      sendJson(response, 429, envelope('Rate limit exceeded'), { 'retry-after': '0' }),
  ];
  const { ids: got } = await pull({
    tables,
    intercept: (asked, response, request) =>
      asked.table === 'customer_contact' ? troubles[n++]?.(asked, response, request) : false,
  });
  expect(got).toEqual(ids(tables['customer_contact']));
});

test('a Retry-After beyond patience, a refused sign-in and a missing table are told at once', async () => {
  const late = pull({
    intercept: (_, response) =>
      sendJson(response, 429, envelope('Rate limit exceeded'), { 'retry-after': '3600' }),
  });
  await expect(late).rejects.toMatchObject({
    code: 'rate-limited',
    retryAfter: 3600,
    retryable: true,
  });
  await expect(pull({ password: 'another' })).rejects.toMatchObject({
    code: 'unauthorized',
    retryable: false,
  });
  await expect(pull({ tables: {} })).rejects.toMatchObject({ code: 'csm-inactive' });
});

test('a refused password goes out at most twice, however often it is asked', async () => {
  const server = await imitate({ password: 'another' });
  open.push(server);
  const connection = servicenow.connect(
    { endpoint: server.url, username: 'ringside' },
    { password: 'S3cret!pw' },
  );
  const tries = Array.from({ length: 6 }, () => connection.pull('users').next());
  for (const one of await Promise.allSettled(tries))
    expect(one).toMatchObject({ status: 'rejected', reason: { code: 'unauthorized' } });
  expect(server.requests).toHaveLength(2);
  await connection.close();
});

test('at most four requests at once to one instance, over all its connections', async () => {
  let now = 0;
  let most = 0;
  const server = await imitate({
    tables: company(),
    intercept: (_, response) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        sendJson(response, 200, { result: [] }, { 'x-total-count': '0' });
      }, 15);
      return true;
    },
  });
  open.push(server);
  const connections = Array.from({ length: 4 }, () =>
    servicenow.connect({ endpoint: server.url, username: 'ringside' }, { password: 'S3cret!pw' }),
  );
  await Promise.all(
    connections.flatMap((one) => [
      one.pull('users').next(),
      one.pull('customers').next(),
      one.pull('cases').next(),
    ]),
  );
  await Promise.all(connections.map((one) => one.close()));
  expect(most).toBe(4);
});

test('aborting ends a pull at once, and a reader who stops early leaves nothing behind', async () => {
  const stop = new AbortController();
  const failed = pull({ intercept: () => (setTimeout(() => stop.abort(), 20), true) }, 'contacts', {
    signal: stop.signal,
  });
  const error = await failed.catch((reason: unknown) => reason);
  expect(error).not.toBeInstanceOf(CrmError);
});

test('strange rows: missing keys, objects, numbers, NUL and markup become harmless records', async () => {
  const rows = [
    { sys_id: sysId(1) },
    {
      sys_id: sysId(2),
      name: 'A\u0000d\u202Ea',
      phone: { display_value: 'x', value: '+49 30 1\r\n2' },
      account: { link: 'http://x', value: sysId(50) },
      active: false,
    },
    {
      sys_id: { value: sysId(3), display_value: sysId(3) },
      name: 42,
      email: null,
      mobile_phone: ['x'],
      sys_updated_on: '2026-13-45 99:99:99',
    },
    {
      sys_id: sysId(4),
      name: '<script>alert(1)</script>',
      phone: '9'.repeat(100_000),
      first_name: 'Ada',
    },
  ];
  const { records } = await pull({
    intercept: ({ table, query, authorization }, response) =>
      authorization !== undefined &&
      table === 'customer_contact' &&
      sendJson(
        response,
        200,
        { result: query.includes('sys_id>') ? [] : rows },
        { 'x-total-count': '4' },
      ),
  });
  expect(records.map(({ id }) => id)).toEqual([1, 2, 3, 4].map(sysId));
  expect(records[0]).toMatchObject({
    name: '',
    phones: [],
    active: true,
    updatedAt: null,
    customerId: null,
  });
  expect(records[1]).toMatchObject({
    name: 'Ada',
    active: false,
    customerId: sysId(50),
    phones: [{ raw: '+49 30 1 2' }],
  });
  expect(records[2]).toMatchObject({ name: '42', email: '', phones: [], updatedAt: null });
  expect((records[3] as Contact).phones[0]?.raw).toHaveLength(100);
});

test('whatever rows are hidden and however the total lies, no visible row is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { maxLength: 120 }),
      fc.constantFrom('true', 'missing', 'low', 'high'),
      async (hiddenRows, lie) => {
        const rows = contactsOf(hiddenRows.length) ?? [];
        const { ids: got } = await pull({
          tables: { ...company(), customer_contact: rows },
          hides: (table, row) =>
            table === 'customer_contact' && (hiddenRows[rows.indexOf(row)] ?? false),
          total: (_, real) =>
            ({ true: real, missing: null, low: Math.floor(real / 2), high: real * 3 + 5 })[lie] ??
            null,
        });
        expect(got).toEqual(ids(rows.filter((_, n) => !hiddenRows[n])));
      },
    ),
    { numRuns: 40 },
  );
});
