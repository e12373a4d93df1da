import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { emptyCrm } from '../crm/testing.ts';
import { sql } from 'kysely';
import type { CrmRecord } from '../crm/record.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { attachNumber } from './attach-number.ts';
import { readCallerRecord } from './caller-record.ts';
import type { RecordChanges } from './caller-contract.ts';
import { changeRecord } from './change-record.ts';
import { leaveUnknown, nameCaller } from './name-caller.ts';
import { writesOfCalls } from './outbox-store.ts';
import { RingingPhones } from './ringing.testing.ts';
import { contactRecord, fillMirror, testCompany } from './testing.ts';

let database: TestDatabase;
let phones: RingingPhones;
let keyOf: (id: string) => string;
const number = '+49 30 555666';
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  phones = new RingingPhones(database.db, await testCompany(database.db));
  await fillMirror(database.db, phones.company, [
    { id: 'ada', name: 'Ada Berg', raw: '030 123450', cases: 1 },
    { id: 'bea', name: 'Bea Cole', raw: '030 777777', cases: 0 },
  ]);
  keyOf = (id) => `contact:${phones.company.connectionId}:${id}`;
});

type Agent = '201' | '202' | '203';
const attach = (
  callId: string,
  id: string,
  field: 'phone' | 'mobilePhone',
  replaces = '',
  agent: Agent = '201',
) => attachNumber(phones.deps, phones.viewer(agent), callId, { key: keyOf(id), field, replaces });
const writes = async (callId: string) =>
  (await writesOfCalls(database.db, phones.company.organizationId, [callId])).get(callId) ?? [];
const actions = async () =>
  (
    await sql<{ action: object; lane: string }>`
      select action, lane from outbox_write where organization_id = ${phones.company.organizationId} order by position`.execute(
      database.db,
    )
  ).rows;

describe('attaching the number of a call', () => {
  test('the caller is known at once and on the very next call; ServiceNow hears of it through the outbox', async () => {
    const callId = await phones.ring(number);
    expect((await phones.pop(callId)).match.status).toBe('none');
    const pop = await attach(callId, 'ada', 'phone');
    expect(pop.match).toMatchObject({ status: 'one', chosen: keyOf('ada') });
    expect(pop.match.candidates[0]).toMatchObject({ name: 'Ada Berg', openCaseCount: 1 });
    expect(await writes(callId)).toMatchObject([
      { subject: 'business phone of Ada Berg', kind: 'update-contact', state: 'waiting' },
    ]);
    expect(await actions()).toEqual([
      {
        lane: callId,
        action: {
          kind: 'update-contact',
          type: 'contact',
          contact: { id: 'ada' },
          values: { phone: '+4930555666' },
        },
      },
    ]);
    const next = await phones.pop(await phones.ring('0049 30 555666', '202'), '202');
    expect(next.match.candidates[0]?.reason).toMatchObject({
      label: 'business phone',
      raw: '+4930555666',
      pending: { by: 'Alice Adams', at: '2026-11-23T09:00:02.000Z' },
      text: 'business phone of contact Ada Berg, on its way to the CRM: +4930555666',
    });
  });

  test('earlier unknown calls from and to the number are linked too, and no others', async () => {
    const [earlier, other] = [await phones.ring('030 555666'), await phones.ring('030 999888')];
    const left = await phones.ring(number);
    await leaveUnknown(phones.deps, phones.viewer('201'), left, true);
    const dialled = await phones.ring('030 555666', '201', 'outbound');
    await attach(await phones.ring(number), 'ada', 'phone');
    for (const callId of [earlier, left, dialled])
      expect((await phones.pop(callId)).match.chosen).toBe(keyOf('ada'));
    expect((await phones.pop(other)).match.chosen).toBeNull();
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from desk_choice where candidate_key = ${keyOf('ada')}`.execute(
      database.db,
    );
    expect(rows).toEqual([{ n: 4 }]);
  });

  test('what stands in the field is not overwritten unseen', async () => {
    const callId = await phones.ring(number);
    await expect(attach(callId, 'ada', 'mobilePhone')).rejects.toMatchObject({
      code: 'conflict',
      message: 'The mobile phone is 030 123450 now.',
      fields: [{ field: 'field', message: 'The mobile phone is 030 123450 now.' }],
    });
    expect(await actions()).toEqual([]);
    const pop = await attach(callId, 'ada', 'mobilePhone', '030 123450');
    expect(pop.match.chosen).toBe(keyOf('ada'));
  });

  test('two agents at once: the same number to the same field is written once, another one is told of', async () => {
    const [first, second] = [await phones.ring(number), await phones.ring('030 888999', '202')];
    const again = await phones.ring(number, '202');
    const both = await Promise.allSettled([
      attach(first, 'ada', 'phone'),
      attach(again, 'ada', 'phone', '', '202'),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(await actions()).toHaveLength(1);
    await expect(attach(second, 'ada', 'phone', '', '202')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        /^The business phone is \+4930555666 now\. (Alice Adams|Bob Miller) put it there a moment ago\.$/,
      ),
    });
  });

  test.each([
    ['anonymous', 'The number of this call is withheld, so there is none to keep.'],
    [
      '12345',
      '12345 is not a number that can be dialled from outside, so it is not kept with a record.',
    ],
  ])('a call from %s has no number to attach', async (from, message) => {
    const callId = await phones.ring(from);
    await expect(attach(callId, 'ada', 'phone')).rejects.toMatchObject({
      code: 'conflict',
      message,
    });
    const named = await nameCaller(phones.deps, phones.viewer('201'), callId, keyOf('ada'));
    expect(named.match.chosen).toBe(keyOf('ada'));
  });

  test('a record that is gone, keys that name nothing, and somebody without a part in the call', async () => {
    const callId = await phones.ring(number);
    for (const key of ['gone', '\u0000', "x' or 1=1", 'a'.repeat(200)])
      await expect(attach(callId, key, 'phone')).rejects.toMatchObject({
        code: 'not-found',
        message: 'This record is not there any more.',
      });
    await expect(attach(callId, 'ada', 'phone', '', '203')).rejects.toMatchObject({
      message: 'This call is not on your Desk.',
    });
    const viewer = { ...phones.viewer('201'), plan: null };
    const asked = { key: keyOf('ada'), field: 'phone', replaces: '' } as const;
    await expect(attachNumber(phones.deps, viewer, callId, asked)).rejects.toMatchObject({
      code: 'plan-required',
    });
  });
});

describe('saying who it is for one call', () => {
  test('the number stays as it is; the next call from it asks again', async () => {
    const callId = await phones.ring(number);
    const pop = await nameCaller(phones.deps, phones.viewer('201'), callId, keyOf('ada'));
    expect(pop.match).toMatchObject({ status: 'one', chosen: keyOf('ada') });
    expect(pop.match.candidates[0]?.reason.text).toContain('does not have this number');
    expect((await phones.pop(await phones.ring(number))).match.status).toBe('none');
    expect(await actions()).toEqual([]);
  });

  test('it is somebody else than the number says', async () => {
    const callId = await phones.ring('030 777777');
    expect((await phones.pop(callId)).match.chosen).toBe(keyOf('bea'));
    const pop = await nameCaller(phones.deps, phones.viewer('201'), callId, keyOf('ada'));
    expect(pop.match).toMatchObject({ status: 'several', chosen: keyOf('ada') });
    const left = await leaveUnknown(phones.deps, phones.viewer('201'), callId, true);
    expect(left.match).toMatchObject({ chosen: null, leftUnknown: true });
    const asked = await leaveUnknown(phones.deps, phones.viewer('201'), callId, false);
    expect(asked.match).toMatchObject({ chosen: keyOf('bea'), leftUnknown: false });
  });

  test('a case stands for whoever it was opened for', async () => {
    const callId = await phones.ring(number);
    const key = `case:${phones.company.connectionId}:ada0`;
    const pop = await nameCaller(phones.deps, phones.viewer('201'), callId, key);
    expect(pop.match.chosen).toBe(keyOf('ada'));
  });
});

describe('a record before it is changed', () => {
  const live = (records: CrmRecord[] | 'silent') => ({
    db: database.db,
    crms: {
      get: async () => ({
        ...emptyCrm,
        read: async () => (records === 'silent' ? Promise.reject(new Error('down')) : records),
      }),
    },
  });
  const read = async (records: CrmRecord[] | 'silent', id = 'ada') => {
    await sql`update crm_connection set last_check_at = now() where organization_id = ${phones.company.organizationId}`.execute(
      database.db,
    );
    const callId = await phones.ring(number);
    return readCallerRecord(live(records), phones.viewer('201'), callId, keyOf(id));
  };

  test('shows what ServiceNow has in each field this very moment', async () => {
    const record = contactRecord({ id: 'ada', name: 'Ada Berg', raw: 'n/a' });
    const shown = await read([{ ...record, title: '<b>Boss</b>' }]);
    expect(shown).toMatchObject({ name: 'Ada Berg', kind: 'contact', live: true });
    expect(shown.fields.map(({ name, value, size }) => [name, value, size])).toEqual([
      ['phone', '', 40],
      ['mobilePhone', 'n/a', 40],
      ['homePhone', '', 40],
      ['email', 'ada@nordwind.example', 100],
      ['title', '<b>Boss</b>', 60],
    ]);
  });

  test('shows what is known here while ServiceNow is silent, with what is on its way', async () => {
    await attach(await phones.ring(number), 'ada', 'phone');
    const shown = await read('silent');
    expect(shown.live).toBe(false);
    expect(shown.fields.slice(0, 2)).toMatchObject([
      { value: '+4930555666', pending: { by: 'Alice Adams' } },
      { value: '030 123450', pending: null },
    ]);
  });

  test('that was deleted meanwhile is gone here too', async () => {
    await expect(read([])).rejects.toMatchObject({
      code: 'not-found',
      message: 'This record is not there any more.',
    });
    expect((await phones.pop(await phones.ring('030 123450'))).match.status).toBe('none');
  });
});

describe('changing a record', () => {
  const change = (callId: string, changes: RecordChanges['changes']) =>
    changeRecord(phones.deps, phones.viewer('201'), callId, { key: keyOf('bea'), changes });

  test('several fields in one write; a new number counts at once', async () => {
    const callId = await phones.ring('030 777777');
    await change(callId, [
      { field: 'email', value: 'bea@cole.example', replaces: 'bea@nordwind.example' },
      { field: 'homePhone', value: '030 / 24 68 10', replaces: '' },
    ]);
    expect(await writes(callId)).toMatchObject([{ subject: 'home phone, e-mail of Bea Cole' }]);
    expect(await actions()).toMatchObject([
      { action: { values: { email: 'bea@cole.example', homePhone: '030 / 24 68 10' } } },
    ]);
    expect((await phones.pop(await phones.ring('+4930246810'))).match.chosen).toBe(keyOf('bea'));
  });

  test.each([
    [
      'phone',
      `030 123450 ${'0'.repeat(30)}`,
      'The business phone holds 40 characters; this has 41.',
    ],
    [
      'phone',
      'call me',
      'call me is not a number that can be dialled: write it with its country code.',
    ],
    ['email', '<b>@', '<b>@ is not an e-mail address.'],
  ] as const)('%s %s is refused, naming the field', async (field, value, message) => {
    const callId = await phones.ring('030 777777');
    const good = { field: 'title', value: 'Buyer', replaces: '' } as const;
    const replaces = field === 'email' ? 'bea@nordwind.example' : '';
    await expect(change(callId, [good, { field, value, replaces }])).rejects.toMatchObject({
      code: 'invalid-input',
      fields: [{ field: 'changes.1.value', message }],
    });
    expect(await actions()).toEqual([]);
  });

  test('what somebody else changed meanwhile is not overwritten unseen', async () => {
    const callId = await phones.ring('030 777777');
    await expect(
      change(callId, [{ field: 'email', value: 'x@y.example', replaces: '' }]),
    ).rejects.toMatchObject({
      code: 'conflict',
      fields: [{ field: 'changes.0.value', message: 'The e-mail is bea@nordwind.example now.' }],
    });
  });
});
