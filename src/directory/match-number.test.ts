import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../platform/database/database.ts';
import { testDatabase } from '../platform/database/testing.ts';
import { countMatches, matchNumber } from './match-number.ts';
import { callerNumber } from './phone-number.ts';
import { pullDirectory } from './pull-directory.ts';
import type { Place } from './record-store.ts';
import { contact, customer, fakeCrm, newConnection, newPlace, openCase, user } from './testing.ts';
import type { Company } from './testing.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
let place: Place;
beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(() => database.close());
beforeEach(async () => {
  place = await newPlace(db);
});

const fill = (company: Company, into: Place = place) =>
  pullDirectory({ db, crm: fakeCrm(company) }, into.organizationId, into.connectionId);
const match = (raw: string, organizationId = place.organizationId) =>
  matchNumber(db, organizationId, callerNumber(raw, 'DE'));
const ids = async (raw: string) => (await match(raw)).map(({ id }) => id);

test('tells who it is, why, at which customer, with which open cases', async () => {
  await fill({
    customers: [[customer('k1', { name: 'Acme' })]],
    contacts: [
      [
        contact('c1', {
          name: 'Ada Berg',
          title: 'Buyer',
          email: 'ada@acme.example',
          city: 'Berlin',
          country: 'Germany',
          customerId: 'k1',
          updatedAt: new Date('2026-02-03T04:05:06Z'),
          phones: { mobile_phone: '(030) 123-45' },
        }),
      ],
    ],
    cases: [
      [
        openCase('s1', { contactId: 'c1', number: 'CS0001' }),
        openCase('s2', { contactId: 'c1', open: false }),
      ],
    ],
  });
  expect(await match('+493012345')).toEqual([
    {
      key: `contact:${place.connectionId}:c1`,
      kind: 'contact',
      connectionId: place.connectionId,
      id: 'c1',
      name: 'Ada Berg',
      title: 'Buyer',
      email: 'ada@acme.example',
      city: 'Berlin',
      country: 'Germany',
      customer: { id: 'k1', name: 'Acme' },
      reason: {
        label: 'mobile phone',
        field: 'mobile_phone',
        raw: '(030) 123-45',
        updatedAt: new Date('2026-02-03T04:05:06Z'),
        pending: null,
        text: 'mobile phone of contact Ada Berg, as stored: (030) 123-45',
      },
      openCases: [
        {
          id: 's1',
          number: 'CS0001',
          shortDescription: 'It does not work',
          state: 'New',
          priority: '3 - Moderate',
          priorityRank: 3,
          openedAt: new Date('2026-01-01T00:00:00Z'),
        },
      ],
      openCaseCount: 1,
      lastChosen: null,
      provisional: false,
    },
  ]);
});

describe('the order of candidates', () => {
  const line = { phones: { phone: '030 1234567' } };

  test('contacts and consumers, then customers, then CRM users', async () => {
    await fill({
      users: [[user('u', { ...line, name: 'A' })]],
      customers: [[customer('k', { ...line, name: 'B' })]],
      contacts: [
        [
          contact('p', { ...line, type: 'consumer', name: 'D' }),
          contact('c', { ...line, name: 'C' }),
        ],
      ],
    });
    expect(await ids('030 1234567')).toEqual(['c', 'p', 'k', 'u']);
    const texts = (await match('030 1234567')).map(({ reason }) => reason.text);
    expect(texts.map((text) => text.split(',')[0])).toEqual([
      'phone of contact C',
      'phone of consumer D',
      'phone of customer B',
      'phone of CRM user A',
    ]);
  });

  test('more open cases, then the more urgent one, then the more recently changed, then the name', async () => {
    const old = new Date('2020-01-01');
    await fill({
      contacts: [
        [
          contact('never', { ...line, updatedAt: null }),
          contact('fresh', line),
          contact('b', { ...line, name: 'Bea', updatedAt: old }),
          contact('a', { ...line, name: 'Abe', updatedAt: old }),
          contact('urgent', { ...line, updatedAt: old }),
          contact('busy', { ...line, updatedAt: old }),
          contact('calm', line),
        ],
      ],
      cases: [
        [
          openCase('1', { contactId: 'busy' }),
          openCase('2', { contactId: 'busy' }),
          openCase('3', { contactId: 'urgent', priority: { value: '1', label: '1 - Critical' } }),
          openCase('4', { contactId: 'calm' }),
          openCase('5', { contactId: 'fresh', open: false }),
        ],
      ],
    });
    expect(await ids('030 1234567')).toEqual([
      'busy',
      'urgent',
      'calm',
      'fresh',
      'a',
      'b',
      'never',
    ]);
  });

  test('at most 50 of them, and how many there are', async () => {
    await fill({
      contacts: [Array.from({ length: 60 }, (_, index) => contact(`c${index}`, line))],
    });
    expect(await match('030 1234567')).toHaveLength(50);
    expect(await countMatches(db, place.organizationId, callerNumber('030 1234567', 'DE'))).toBe(
      60,
    );
    expect(await countMatches(db, place.organizationId, callerNumber('anonymous', 'DE'))).toBe(0);
  });
});

test('a record with the number in two fields is one candidate, with the mobile phone as its reason', async () => {
  await fill({
    contacts: [
      [
        contact('c1', {
          phones: {
            phone: '030 1234567',
            home_phone: '030/1234567',
            mobile_phone: '+49 30 1234567',
          },
        }),
      ],
    ],
  });
  const found = await match('030 1234567');
  expect(found.map(({ reason }) => reason.field)).toEqual(['mobile_phone']);
});

test('every number of a field leads to its owner, with the whole field as the reason', async () => {
  await fill({
    contacts: [[contact('c1', { phones: { phone: '030 1234567 / 0171 1234567 ext. 9' } })]],
  });
  expect(await ids('030 1234567')).toEqual(['c1']);
  const [found] = await match('0171 1234567');
  expect(found?.reason.raw).toBe('030 1234567 / 0171 1234567 ext. 9');
});

test('who is inactive does not pop, and neither does the user behind a contact', async () => {
  const line = { phones: { phone: '030 1234567' } };
  await fill({
    users: [[user('u', { ...line, active: false }), user('c', line)]],
    contacts: [[contact('gone', { ...line, active: false }), contact('c', line)]],
  });
  expect((await match('030 1234567')).map(({ key }) => key)).toEqual([
    `contact:${place.connectionId}:c`,
  ]);
});

test('numbers are equal or they are not: no match by last digits, none for internal or hidden numbers', async () => {
  await fill({
    contacts: [
      [
        contact('c1', { phones: { phone: '030 12345888' } }),
        contact('c2', { phones: { phone: '888', mobile_phone: 'anonymous' } }),
        contact('c3', { phones: { phone: '4711' } }),
      ],
    ],
  });
  for (const raw of [
    '888',
    '4711',
    '12345888',
    '+12345888',
    '0345888',
    '',
    'anonymous',
    '+49 40 12345888',
  ]) {
    expect(await ids(raw)).toEqual([]);
  }
  expect(await ids('+49 30 12345888')).toEqual(['c1']);
});

test('old and new forms of a number are one', async () => {
  await fill({
    contacts: [
      [
        contact('br', { country: 'Brazil', phones: { phone: '(11) 8765-4321' } }),
        contact('mx', { country: 'Mexico', phones: { phone: '+52 1 55 1234 5678' } }),
        contact('ar', { country: 'Argentina', phones: { phone: '011 15-2345-6789' } }),
      ],
    ],
  });
  expect(await ids('+5511987654321')).toEqual(['br']);
  expect(await ids('+525512345678')).toEqual(['mx']);
  expect(await ids('+5491123456789')).toEqual(['ar']);
  expect(await ids('+541123456789')).toEqual(['ar']);
});

test("national forms are read by the record's own country, else by the organization's", async () => {
  await fill({
    contacts: [
      [
        contact('us', { country: 'United States', phones: { phone: '(202) 555-0101' } }),
        contact('uk', { country: 'GB', phones: { phone: '020 7946 0123' } }),
        contact('home', { country: '', phones: { phone: '030 1234567' } }),
      ],
    ],
  });
  expect(await ids('+12025550101')).toEqual(['us']);
  expect(await ids('+442079460123')).toEqual(['uk']);
  expect(await ids('+49301234567')).toEqual(['home']);
});

test('a customer shows its own open cases, at most 20, the most urgent and then the oldest first', async () => {
  const day = (count: number) => new Date(Date.UTC(2026, 0, 1 + count));
  await fill({
    customers: [[customer('k', { name: 'Acme', phones: { phone: '030 1234567' } })]],
    cases: [
      [
        ...Array.from({ length: 24 }, (_, index) =>
          openCase(`s${index}`, { customerId: 'k', contactId: 'c', openedAt: day(30 - index) }),
        ),
        openCase('critical', {
          customerId: 'k',
          priority: { value: '1', label: 'Critical' },
          openedAt: day(50),
        }),
        openCase('undated', {
          customerId: 'k',
          priority: { value: '2', label: 'High' },
          openedAt: null,
        }),
        openCase('closed', { customerId: 'k', open: false }),
      ],
    ],
  });
  const [found] = await match('030 1234567');
  expect(found?.openCaseCount).toBe(26);
  expect(found?.openCases).toHaveLength(20);
  expect(found?.openCases.slice(0, 4).map(({ id }) => id)).toEqual([
    'critical',
    'undated',
    's23',
    's22',
  ]);
});

test('a contact shows the cases that are their own, not all of the customer', async () => {
  await fill({
    customers: [[customer('k')]],
    contacts: [[contact('c', { customerId: 'k', phones: { phone: '030 1234567' } })]],
    cases: [
      [
        openCase('own', { customerId: 'k', contactId: 'c' }),
        openCase('other', { customerId: 'k', contactId: 'x' }),
      ],
    ],
  });
  const [found] = await match('030 1234567');
  expect(found?.openCases.map(({ id }) => id)).toEqual(['own']);
});

test('a nameless record is shown by its e-mail', async () => {
  await fill({
    contacts: [
      [
        contact('c1', { name: '', email: 'ada@acme.example', phones: { phone: '030 1111111' } }),
        contact('c2', { name: '', phones: { phone: '030 2222222' } }),
      ],
    ],
  });
  expect((await match('030 1111111'))[0]?.reason.text).toContain('contact ada@acme.example,');
  expect((await match('030 2222222'))[0]?.name).toBe('(no name)');
});

describe('the border of an organization', () => {
  const line = { phones: { phone: '030 1234567' } };

  test('all of its connections are asked, those of another organization never', async () => {
    const second = { ...place, connectionId: await newConnection(db, place.organizationId) };
    // The same ids everywhere, so that a join that forgets the organization or the connection
    // shows.
    const other = await newPlace(db, 'DE', place.connectionId);
    for (const [where, name] of [
      [place, 'Mine'],
      [second, 'Also mine'],
      [other, 'Theirs'],
    ] as const) {
      await fill(
        {
          users: [[user('u', { ...line, name })]],
          customers: [[customer('k', { ...line, name })]],
          contacts: [
            [
              contact('c', { ...line, name, customerId: 'k' }),
              contact('p', { ...line, type: 'consumer', name }),
            ],
          ],
          cases: [[openCase(`s-${name}`, { contactId: 'c', customerId: 'k', consumerId: 'p' })]],
        },
        where,
      );
    }
    const mine = await match('030 1234567');
    expect(mine).toHaveLength(8);
    for (const found of mine) {
      const name = found.connectionId === place.connectionId ? 'Mine' : 'Also mine';
      expect([place.connectionId, second.connectionId]).toContain(found.connectionId);
      expect(found.name).toBe(name);
      if (found.kind === 'contact') expect(found.customer?.name).toBe(name);
      if (found.kind !== 'user') expect(found.openCases.map(({ id }) => id)).toEqual([`s-${name}`]);
    }
    expect((await match('030 1234567', other.organizationId)).map(({ name }) => name)).toEqual(
      Array(4).fill('Theirs'),
    );
    expect(await countMatches(db, other.organizationId, callerNumber('030 1234567', 'DE'))).toBe(4);
  });

  test('a pull deletes nothing of another connection or organization', async () => {
    const second = { ...place, connectionId: await newConnection(db, place.organizationId) };
    const other = await newPlace(db, 'DE', place.connectionId);
    for (const where of [place, second, other])
      await fill({ contacts: [[contact('c', line), contact('d', line)]] }, where);
    await fill({ contacts: [[contact('d')]] });
    expect((await match('030 1234567')).map(({ connectionId }) => connectionId)).toEqual(
      Array(2).fill(second.connectionId),
    );
    expect(await match('030 1234567', other.organizationId)).toHaveLength(2);
  });
});
