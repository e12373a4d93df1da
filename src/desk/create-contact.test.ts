import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import type { NewContact } from './caller-contract.ts';
import { createContact } from './create-contact.ts';
import { RingingPhones } from './ringing.testing.ts';
import { fillMirror, testCompany } from './testing.ts';

let database: TestDatabase;
let phones: RingingPhones;
const number = '+49 30 555666';
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  phones = new RingingPhones(database.db, await testCompany(database.db));
  await fillMirror(database.db, phones.company, [
    { id: 'ada', name: 'Ada Berg', raw: '030 123450', cases: 0 },
  ]);
  await sql`insert into customer (organization_id, connection_id, id, name, number, city, country, fingerprint)
    values (${phones.company.organizationId}, ${phones.company.connectionId}, 'acme', 'Acme Werke', '', '', '', gen_random_uuid())`.execute(
    database.db,
  );
});

const eve: NewContact = {
  ...{ firstName: 'Eve', lastName: 'Lund', email: '', title: '' },
  ...{ field: 'mobilePhone', company: null },
};
const create = (callId: string, change: Partial<NewContact> = {}, agent: '201' | '202' = '201') =>
  createContact(phones.deps, phones.viewer(agent), callId, { ...eve, ...change });
const orders = async () =>
  (
    await sql<{ id: string; subject: string; lane: string; action: object }>`
      select id, subject, lane, action from outbox_write
      where organization_id = ${phones.company.organizationId} order by position`.execute(
      database.db,
    )
  ).rows;

test('the contact counts at once, on this call, earlier ones and the next', async () => {
  const earlier = await phones.ring(number);
  const callId = await phones.ring(number);
  const pop = await create(callId, { title: 'Buyer', email: 'eve@lund.example' });
  const [write] = await orders();
  const key = `contact:${phones.company.connectionId}:new-${write?.id}`;
  expect(write).toMatchObject({
    subject: 'Contact Eve Lund',
    lane: callId,
    action: {
      kind: 'create-contact',
      values: {
        ...{ firstName: 'Eve', lastName: 'Lund', email: 'eve@lund.example', title: 'Buyer' },
        mobilePhone: '+4930555666',
      },
    },
  });
  expect(pop.match).toMatchObject({ status: 'one', chosen: key });
  expect(pop.match.candidates[0]).toMatchObject({
    ...{ name: 'Eve Lund', title: 'Buyer', email: 'eve@lund.example' },
    ...{ provisional: true, link: null, reason: { label: 'mobile phone', pending: {} } },
  });
  expect((await phones.pop(earlier)).match.chosen).toBe(key);
  const next = await phones.pop(await phones.ring('030555666', '202'), '202');
  expect(next.match).toMatchObject({ status: 'one', chosen: key });
});

test('a company that is there is named by its id, a new one is made first and named by its write', async () => {
  const company = { key: `customer:${phones.company.connectionId}:acme` };
  const pop = await create(await phones.ring(number), { company });
  expect(pop.match.candidates[0]?.customer).toMatchObject({ name: 'Acme Werke' });
  const other = await phones.ring('030 888999', '202');
  const made = await create(other, { company: { name: 'Lund & <i>Söhne</i>' } }, '202');
  expect(made.match.candidates[0]?.customer).toEqual({ name: 'Lund & <i>Söhne</i>', link: null });
  const [first, second, third] = await orders();
  expect(first?.action).toMatchObject({ values: { customerId: 'acme' } });
  expect(second).toMatchObject({
    subject: 'Company Lund & <i>Söhne</i>',
    action: { kind: 'create-customer', values: { name: 'Lund & <i>Söhne</i>' } },
  });
  expect(third?.action).toMatchObject({ kind: 'create-contact', customer: { write: second?.id } });
});

test('a withheld number makes a contact without one', async () => {
  const callId = await phones.ring('anonymous');
  await expect(create(callId)).rejects.toMatchObject({
    code: 'conflict',
    message: 'The number of this call is withheld, so there is none to keep.',
  });
  const pop = await create(callId, { field: null });
  expect(pop.match.candidates).toMatchObject([{ name: 'Eve Lund', provisional: true }]);
});

test('two agents making the same contact make one', async () => {
  const [first, second] = [await phones.ring(number), await phones.ring(number, '202')];
  const both = await Promise.allSettled([
    create(first),
    create(second, { firstName: 'EVE' }, '202'),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: {
      code: 'conflict',
      message: expect.stringMatching(
        /^(Alice Adams|Bob Miller) is making (Eve|EVE) Lund already\.$/,
      ),
    },
  });
  expect(await orders()).toHaveLength(1);
});

test.each([
  [{ firstName: '  ', lastName: '\u202e' }, ['firstName', 'lastName']],
  [{ firstName: 'E'.repeat(51) }, ['firstName']],
  [{ email: 'eve at lund' }, ['email']],
  [{ company: { name: '' } }, ['company']],
  [{ company: { name: 'A'.repeat(81) } }, ['company']],
  [{ title: 'T'.repeat(61) }, ['title']],
] as const)('%j is refused, naming what is wrong', async (change, fields) => {
  const refusal = await create(await phones.ring(number), change).catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    code: 'invalid-input',
    fields: fields.map((field) => ({ field })),
  });
  expect(await orders()).toEqual([]);
});

test('an e-mail address or a company that is there already, and a company that is none', async () => {
  const callId = await phones.ring(number);
  await expect(create(callId, { email: 'ADA@nordwind.example' })).rejects.toMatchObject({
    code: 'conflict',
    message: 'Ada Berg has this e-mail address already.',
    fields: [{ field: 'email' }],
  });
  await expect(create(callId, { company: { name: 'acme werke' } })).rejects.toMatchObject({
    message: 'There is a company acme werke already.',
  });
  const { organizationId, connectionId } = phones.company;
  await sql`insert into customer (organization_id, connection_id, id, name, number, city, country, fingerprint)
    values (${organizationId}, ${connectionId}, 'signs', '&&', '', '', '', gen_random_uuid())`.execute(
    database.db,
  );
  for (const name of ['&&', '＆＆'])
    await expect(create(callId, { company: { name } })).rejects.toMatchObject({
      message: `There is a company ${name} already.`,
    });
  const person = { key: `contact:${phones.company.connectionId}:ada` };
  await expect(create(callId, { company: person })).rejects.toMatchObject({
    message: 'Ada Berg is no company.',
  });
  expect(await orders()).toEqual([]);
});

test('a company that is called by signs alone is made where none is called so', async () => {
  await create(await phones.ring(number), { company: { name: '&&' } });
  expect(await orders()).toMatchObject([
    { action: { kind: 'create-customer' } },
    { action: { kind: 'create-contact' } },
  ]);
});

test('a name made of hostile text is kept as text, without what would harm a reader', async () => {
  const pop = await create(await phones.ring(number), {
    firstName: '<img src=x onerror=alert(1)>',
    lastName: '\u202e^NQ javascript:x\u0000\r\n',
  });
  const name = '<img src=x onerror=alert(1)> ^NQ javascript:x';
  expect(pop.match.candidates[0]?.name).toBe(name);
  expect(await orders()).toMatchObject([{ subject: `Contact ${name}` }]);
});
