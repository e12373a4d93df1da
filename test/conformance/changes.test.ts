import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import type { CrmConnection } from '../../src/crm/port.ts';
import type { CrmRecord, RecordKind } from '../../src/crm/record.ts';
import { recordKinds } from '../../src/crm/record.ts';
import { codeOf, collect, connectTo } from './connection.ts';

let sandbox: Sandbox;
let crm: CrmConnection;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, contacts: 3000, seed: 5 });
  crm = connectTo(sandbox);
});
afterAll(async () => {
  await crm.close();
  await sandbox.close();
});
beforeEach(() => sandbox.faults.set([]));

async function changed(kind: RecordKind, since: Date | string) {
  const pages = await collect(crm.changes(kind, { since }));
  const records = new Map<string, CrmRecord>();
  for (const page of pages) for (const record of page.records) records.set(record.id, record);
  return { records, cursor: pages.at(-1)?.cursor ?? '', pages };
}

const start = new Date(0);

describe('changes', () => {
  test.each(recordKinds)('from the beginning are everything: %s', async (kind) => {
    const all = new Map<string, CrmRecord>();
    for await (const page of crm.pull(kind)) for (const one of page.records) all.set(one.id, one);
    const { records } = await changed(kind, start);
    for (const [id, record] of all) expect(records.get(id)).toEqual(record);
    if (kind !== 'cases') expect(records.size).toBe(all.size);
  });

  test('closed cases come when they were changed in as many days as the connection is set to, open ones always', async () => {
    const at = (daysAgo: number) =>
      new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');
    const expected = (daysAgo: number) =>
      sandbox.records
        .find('sn_customerservice_case', '', 100_000)
        .filter((row) => row['active'] === 'true' || (row['sys_updated_on'] ?? '') >= at(daysAgo))
        .map((row) => row['sys_id'] ?? '')
        .toSorted();
    const pulled = async (caseDays: number) => {
      const pages = await collect(crm.pull('cases', { caseDays }));
      return [...new Set(pages.flatMap(({ records }) => records.map(({ id }) => id)))].toSorted();
    };
    const counts: number[] = [];
    for (const caseDays of [1, 30, 3_650]) {
      const found = await pulled(caseDays);
      expect(found).toEqual(expected(caseDays));
      const keys = (await collect(crm.keys('cases', { caseDays }))).flatMap((page) => page.keys);
      expect(new Set(keys.map(({ id }) => id))).toEqual(new Set(found));
      counts.push(found.length);
    }
    expect(counts[0]).toBeLessThan(counts[1] ?? 0);
    expect(counts[1]).toBeLessThan(counts[2] ?? 0);
  });

  test('resume after any page, and lose nothing', async () => {
    const { records, pages } = await changed('contacts', start);
    expect(pages.length).toBeGreaterThan(3);
    for (const [index, page] of pages.slice(0, -1).entries()) {
      const rest = await changed('contacts', page.cursor);
      const before = pages.slice(0, index + 1).flatMap((one) => one.records.map(({ id }) => id));
      expect(new Set([...before, ...rest.records.keys()]).size).toBe(records.size);
    }
  });

  test('find an edit, a deactivation and a closed case, and little else', async () => {
    const { cursor } = await changed('contacts', start);
    const cases = await changed('cases', start);
    const { sysId } = sandbox.lookups.uniqueContact(({ openCases }) => openCases > 0);
    sandbox.records.update('customer_contact', sysId, { active: 'false', mobile_phone: '0171 1' });
    const again = await changed('contacts', cursor);
    expect(again.records.get(sysId)).toMatchObject({ active: false });
    expect(again.records.size).toBeLessThan(50);
    const open = [...cases.records.values()].find((one) => one.type === 'case' && one.open);
    sandbox.records.update('sn_customerservice_case', open?.id ?? '', {
      state: '3',
      resolution_code: 'x',
      close_notes: 'y',
    });
    const closed = await changed('cases', cases.cursor);
    expect(closed.records.get(open?.id ?? '')).toMatchObject({ open: false });
  });

  test('of one second, more than a page of them, all come', async () => {
    const { cursor } = await changed('contacts', start);
    const { rows: ids } = await keysOf('contacts');
    const edited = ids.slice(0, 2400);
    for (const id of edited) sandbox.records.update('customer_contact', id, { city: 'Elsewhere' });
    const { records, pages } = await changed('contacts', cursor);
    expect(edited.filter((id) => !records.has(id))).toEqual([]);
    // The next poll does not read the whole mass again.
    const next = await changed('contacts', pages.at(-1)?.cursor ?? '');
    expect(next.pages.length).toBeLessThanOrEqual(5);
    expect((await changed('contacts', next.cursor)).cursor).toBe(next.cursor);
  });

  test.each(['query-range:customer_contact', 'query-range:customer_contact/ignore'])(
    'say that a search by time is not obeyed: %s',
    async (fault) => {
      const { cursor } = await changed('contacts', start);
      sandbox.faults.set([fault]);
      expect(await codeOf(collect(crm.changes('contacts', { since: cursor })))).toBe(
        'unsafe-query',
      );
    },
  );

  test.each([
    'hidden-field:customer_contact.sys_updated_on',
    'hidden-field:customer_contact.sys_updated_on/ignore',
  ])('say that times are hidden: %s', async (fault) => {
    sandbox.faults.set([fault]);
    expect(await codeOf(collect(crm.changes('contacts', { since: start })))).toBe('unsafe-query');
  });

  test('a closed table is told as such', async () => {
    sandbox.faults.set(['no-access:customer_contact']);
    expect(await codeOf(collect(crm.changes('contacts', { since: start })))).toBe('no-access');
  });

  test.each([
    'hidden-rows:customer_contact/3',
    'transaction-timeout:500/300',
    'transaction-timeout:partial/300',
    'transaction-timeout:malformed/300',
    'drop@/api/now/table/customer_contact*2',
    'half-json@/api/now/table/customer_contact*2',
    'gzip',
  ])('lose nothing that can be seen: %s', async (fault) => {
    sandbox.faults.set([fault]);
    const visible = new Set<string>();
    for await (const page of crm.pull('contacts'))
      for (const one of page.records) visible.add(one.id);
    const { records } = await changed('contacts', start);
    expect([...visible].filter((id) => !records.has(id))).toEqual([]);
  });
});

async function keysOf(kind: RecordKind) {
  const keys = (await collect(crm.keys(kind))).flatMap((page) => page.keys);
  const rows = keys.filter(({ type }) => type === 'contact').map(({ id }) => id);
  return { keys, rows };
}

test.each(recordKinds)('keys are those of the records, with their revisions: %s', async (kind) => {
  const records = (await collect(crm.pull(kind))).flatMap((page) => page.records);
  const { keys } = await keysOf(kind);
  const revisions = new Map(keys.map((key) => [`${key.type} ${key.id}`, key.revision]));
  expect(revisions.size).toBe(new Set(records.map(({ id }) => id)).size);
  for (const record of records)
    expect(revisions.get(`${record.type} ${record.id}`)).toBe(record.revision);
});

describe('removals', () => {
  test('are told once, with type and time', async () => {
    const [{ cursor } = { cursor: '' }] = (await collect(crm.removals({ since: start }))).slice(-1);
    const { sysId } = sandbox.lookups.uniqueContact(({ country }) => country === 'GB');
    sandbox.records.remove('customer_contact', sysId);
    const removals = (await collect(crm.removals({ since: cursor }))).flatMap((p) => p.removals);
    expect(removals.filter(({ id }) => id === sysId)).toMatchObject([{ type: 'contact' }]);
    expect(removals[0]?.at).toBeInstanceOf(Date);
  });

  test.each(['no-access:sys_audit_delete', 'hidden-rows:sys_audit_delete'])(
    'say when they cannot be read: %s',
    async (fault) => {
      sandbox.faults.set([fault]);
      expect(await codeOf(collect(crm.removals({ since: start })))).toBe('no-access');
    },
  );
});
