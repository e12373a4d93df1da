import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { integrationUser, startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import type { CrmConnection } from '../../src/crm/port.ts';
import { codeOf, collect, connectTo } from './connection.ts';

let sandbox: Sandbox;
let crm: CrmConnection;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, contacts: 800, seed: 11 });
  crm = connectTo(sandbox);
});
afterAll(async () => {
  await crm.close();
  await sandbox.close();
});
beforeEach(() => {
  sandbox.faults.set([]);
  sandbox.requests.clear();
});

test('records by id: all that are there, in short requests, and nothing else', async () => {
  const ids = (await collect(crm.keys('contacts')))
    .flatMap(({ keys }) => keys)
    .filter(({ type }) => type === 'contact')
    .map(({ id }) => id)
    .slice(0, 400);
  sandbox.requests.clear();
  const odd = ['f'.repeat(32), '', 'a^ORsys_idISNOTEMPTY', 'javascript:gs.getUserID()', 'a,b'];
  const records = await crm.read('contact', [...ids, ...odd]);
  expect(new Set(records.map(({ id }) => id))).toEqual(new Set(ids));
  expect(sandbox.requests.list().length).toBe(3);
});

test('a caller is found by the number as it is stored, a plus sign included', async () => {
  const caller = sandbox.lookups.storedAs(/^\+\d/);
  expect(caller).not.toBeNull();
  const found = await crm.findByNumbers([caller?.raw ?? '', '+49 30 000000', 'x^ORactive=true']);
  expect(found.map(({ id }) => id)).toContain(caller?.sysId);
  expect(
    found.every((one) => 'phones' in one && one.phones.some(({ raw }) => raw === caller?.raw)),
  ).toBe(true);
  // Contacts, consumers, customers and users: one request each.
  expect(sandbox.requests.list().length).toBe(4);
});

test('a customer is found by its main line', async () => {
  const line = sandbox.lookups.mainLine();
  const found = await crm.findByNumbers([line?.raw ?? '']);
  expect(found.some(({ type }) => type === 'customer')).toBe(true);
});

test('nobody is found where the search is dropped, and that is told', async () => {
  sandbox.faults.set([
    ...['phone', 'mobile_phone', 'home_phone'].map(
      (f) => `hidden-field:customer_contact.${f}/ignore`,
    ),
  ]);
  expect(await codeOf(crm.findByNumbers(['+49 30 000000']))).toBe('unsafe-query');
});

test('an absent or closed table does not hide the others', async () => {
  const { raw, sysId } = sandbox.lookups.uniqueContact();
  sandbox.faults.set(['no-access:csm_consumer', 'no-access:customer_account']);
  expect((await crm.findByNumbers([raw])).map(({ id }) => id)).toEqual([sysId]);
});

test('open cases of a contact and of a customer', async () => {
  const caller = sandbox.lookups.uniqueContact(({ openCases }) => openCases > 1);
  const cases = await crm.openCases({ type: 'contact', id: caller.sysId });
  expect(cases.length).toBe(caller.openCases);
  expect(cases.every(({ contactId, open }) => contactId === caller.sysId && open)).toBe(true);
  const customerId = cases[0]?.customerId ?? '';
  const ofCustomer = await crm.openCases({ type: 'customer', id: customerId });
  expect(ofCustomer.length).toBeGreaterThanOrEqual(cases.length);
  sandbox.faults.set(['hidden-field:sn_customerservice_case.contact/ignore']);
  expect(await crm.openCases({ type: 'contact', id: caller.sysId })).toEqual([]);
});

test('choices come from the instance, by the Case API or from sys_choice', async () => {
  const states = await crm.choices('state');
  expect(states).toContainEqual({ value: '1', label: 'New' });
  expect((await crm.choices('channel')).map(({ value }) => value)).toContain('phone');
  for (const field of ['priority', 'resolutionCode', 'category'] as const)
    expect((await crm.choices(field)).length).toBeGreaterThan(1);
  // Closes the Case API too.
  sandbox.faults.set(['no-access:sn_customerservice_case']);
  expect(await crm.choices('state')).toEqual(states);
});

test('states that end a case say what they ask for; groups are offered by name', async () => {
  const asking = (await crm.choices('state')).filter(({ asks }) => asks !== undefined);
  expect(asking.map(({ label }) => label).toSorted()).toEqual(['Closed', 'Resolved']);
  expect(asking[0]?.asks).toEqual(['resolutionCode', 'resolutionNotes']);
  const groups = await crm.choices('assignmentGroup');
  expect(groups.map(({ label }) => label)).toContain('Field Service');
  expect(groups.every(({ value }) => /^[0-9a-f]{32}$/.test(value))).toBe(true);
  sandbox.faults.set(['no-access:sys_user_group']);
  expect(await crm.choices('assignmentGroup')).toEqual([]);
});

test('a case by its number: exactly that one, open or closed, and none where the search is ignored', async () => {
  const [row] = sandbox.records.find('sn_customerservice_case', 'state=3');
  const number = row?.['number'] ?? '';
  expect(await crm.caseByNumber(number.toLowerCase())).toMatchObject({
    number,
    open: false,
    id: row?.['sys_id'],
  });
  for (const none of ['CS9999999', number.slice(0, -1), '', 'x^ORactive=true', '%'])
    expect(await crm.caseByNumber(none)).toBeNull();
  sandbox.faults.set(['hidden-field:sn_customerservice_case.number/ignore']);
  expect(await crm.caseByNumber(number)).toBeNull();
});

test('whether cases can be made is worked out of reads alone, and what cannot be known is called that', async () => {
  const right = async (settings = {}, secrets?: Record<string, string>) => {
    const other = connectTo(sandbox, settings, secrets);
    try {
      const { answer, code, detail } = await other.caseRight();
      expect(detail).not.toBe('');
      return [answer, code];
    } finally {
      await other.close();
    }
  };
  expect(await right()).toEqual(['likely', 'role']);
  // A rule that keeps the question back does not close the table.
  sandbox.faults.set(['hidden-field:sn_customerservice_case.sys_created_by']);
  expect(await right()).toEqual(['likely', 'role']);
  sandbox.faults.set(['hidden-field:sys_user.roles']);
  expect(await right()).toEqual(['unknown', 'roles-hidden']);
  sandbox.faults.set(['no-access:sys_user']);
  expect(await right()).toEqual(['unknown', 'roles-hidden']);
  sandbox.faults.set(['csm-off']);
  expect(await right()).toEqual(['no', 'csm-inactive']);
  sandbox.faults.set(['no-access:sn_customerservice_case']);
  expect(await right()).toEqual(['no', 'no-access']);
  sandbox.faults.set([]);
  sandbox.records.update('sys_user', integrationSysId(), { roles: 'itil,csm_ws_integration' });
  expect(await right()).toEqual(['unknown', 'roles-lack']);
  expect(sandbox.requests.list().filter(({ method }) => method !== 'GET')).toEqual([]);
  const values = { shortDescription: 'Scanner broken' };
  await crm.create('case', { correlationId: 'a-first-case', values });
  expect(await right()).toEqual(['yes', 'made-before']);
  // An instance that ignores the question answers with the cases of others.
  sandbox.faults.set(['hidden-field:sn_customerservice_case.sys_created_by/ignore']);
  expect(await right()).toEqual(['unknown', 'roles-lack']);
});

const integrationSysId = () =>
  sandbox.records.find('sys_user', `user_name=${integrationUser}`)[0]!['sys_id']!;
