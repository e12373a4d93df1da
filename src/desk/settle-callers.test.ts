import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { matchNumber } from '../directory/match-number.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { attachNumber } from './attach-number.ts';
import { chooseMatch } from './choose-match.ts';
import { createContact } from './create-contact.ts';
import { writesOfCalls } from './outbox-store.ts';
import type { SettledWrite } from './outbox.ts';
import { RingingPhones } from './ringing.testing.ts';
import { settleCallers } from './settle-callers.ts';
import { fillMirror, testCompany } from './testing.ts';

let database: TestDatabase;
let phones: RingingPhones;
const number = '+4930555666';
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  phones = new RingingPhones(database.db, await testCompany(database.db));
  await fillMirror(database.db, phones.company, [
    { id: 'ada', name: 'Ada Berg', raw: '030 123450', cases: 0 },
  ]);
});

const keyOf = (id: string) => `contact:${phones.company.connectionId}:${id}`;
const eve = {
  ...{ firstName: 'Eve', lastName: 'Lund', email: '', title: '' },
  ...{ field: 'phone' as const, company: { name: 'Lund AB' } },
};

/** The write of a call of that kind is over. */
async function settle(
  callId: string,
  kind: 'create-contact' | 'create-customer' | 'update-contact',
  outcome: SettledWrite['outcome'],
  id = '',
) {
  const { organizationId, connectionId } = phones.company;
  const write = (await writesOfCalls(database.db, organizationId, [callId]))
    .get(callId)
    ?.find((one) => one.kind === kind);
  if (write === undefined) throw new Error(`Nothing of the kind ${kind} was ordered.`);
  const values = kind === 'create-customer' ? { name: 'Lund AB' } : {};
  const type = kind === 'create-customer' ? 'customer' : 'contact';
  const settled = {
    ...{ organizationId, connectionId, lane: callId, callId, personId: null, subject: '' },
    ...{ id: write.id, outcome, action: { kind, values } },
    record: outcome === 'dropped' ? null : { type, id, number: '' },
  } as unknown as SettledWrite;
  await database.db.transaction().execute((trx) => settleCallers(trx, settled));
}

const found = () =>
  matchNumber(database.db, phones.company.organizationId, callerNumber(number, 'DE'));

test('a contact that was made is one record: pops, choices and what is remembered go over to its own id', async () => {
  const earlier = await phones.ring(number);
  const callId = await phones.ring(number);
  await createContact(phones.deps, phones.viewer('201'), callId, eve);
  await settle(callId, 'create-customer', 'delivered', 'lund');
  await settle(callId, 'create-contact', 'delivered', 'eve');
  expect(await found()).toMatchObject([
    {
      ...{ key: keyOf('eve'), name: 'Eve Lund', provisional: false },
      ...{ customer: { id: 'lund', name: 'Lund AB' }, reason: { pending: null, raw: number } },
    },
  ]);
  for (const call of [callId, earlier])
    expect((await phones.pop(call)).match).toMatchObject({ status: 'one', chosen: keyOf('eve') });
});

test('a round of changes that is quicker than the outbox doubles nothing', async () => {
  const callId = await phones.ring(number);
  await createContact(phones.deps, phones.viewer('201'), callId, { ...eve, company: null });
  await fillMirror(database.db, phones.company, [
    { id: 'eve', name: 'Eve Lund', raw: '030 555666', cases: 1 },
    { id: 'ada', name: 'Ada Berg', raw: '030 123450', cases: 0 },
  ]);
  expect((await found()).map(({ key }) => key)).toEqual([keyOf('eve')]);
  await settle(callId, 'create-contact', 'delivered', 'eve');
  expect(await found()).toMatchObject([{ key: keyOf('eve'), openCaseCount: 1 }]);
});

test('what was remembered of a contact that is being made is remembered of the contact', async () => {
  await createContact(phones.deps, phones.viewer('201'), await phones.ring(number), {
    ...{ ...eve, company: null },
  });
  const second = await phones.ring(number);
  await createContact(phones.deps, phones.viewer('201'), second, {
    ...{ ...eve, firstName: 'Ida', company: null },
  });
  const third = await phones.ring(number);
  const ida = (await phones.pop(third)).match.candidates.find(({ name }) => name === 'Ida Lund');
  await chooseMatch(phones.deps, phones.viewer('201'), third, ida?.key ?? '');
  await settle(second, 'create-contact', 'delivered', 'ida');
  expect((await found())[0]).toMatchObject({
    key: keyOf('ida'),
    lastChosen: { by: 'Alice Adams' },
  });
});

test('a contact that will never be made leaves its callers unknown', async () => {
  const callId = await phones.ring(number);
  await createContact(phones.deps, phones.viewer('201'), callId, eve);
  await settle(callId, 'create-contact', 'dropped');
  expect(await found()).toEqual([]);
  expect((await phones.pop(callId)).match).toMatchObject({ status: 'none', chosen: null });
});

test('an attached number stands in the mirror once it was written, in the place of the old one, and goes when it was dropped', async () => {
  const attach = async (from: string) => {
    const callId = await phones.ring(from);
    await attachNumber(phones.deps, phones.viewer('201'), callId, {
      ...{ key: keyOf('ada'), field: 'mobilePhone', replaces: '030 123450' },
    });
    return callId;
  };
  await settle(await attach('030 999888'), 'update-contact', 'dropped');
  expect((await phones.pop(await phones.ring('030 999888'))).match.status).toBe('none');
  await settle(await attach(number), 'update-contact', 'delivered', 'ada');
  expect(await found()).toMatchObject([{ key: keyOf('ada'), reason: { pending: null } }]);
  expect((await phones.pop(await phones.ring('030 123450'))).match.status).toBe('none');
});
