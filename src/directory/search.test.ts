import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import type { SearchKind } from './contract.ts';
import { indexDirectory } from './index-directory.ts';
import { pullDirectory } from './pull-directory.ts';
import type { Place } from './record-store.ts';
import { searchDirectory } from './search.ts';
import { contact, customer, fakeCrm, newPlace, openCase } from './testing.ts';
import { dropLive, writeLive } from './write-live.ts';

let database: TestDatabase;
let place: Place;

beforeAll(async () => {
  database = await testDatabase();
  const { db } = database;
  place = await newPlace(db);
  const company = {
    customers: [[customer('k1', { name: 'Acme Werke GmbH', city: 'Berlin' })]],
    contacts: [
      [
        contact('c1', {
          name: 'Anna Schmidt',
          email: 'anna.schmidt@acme.example',
          customerId: 'k1',
          title: 'Buyer',
          phones: { phone: '030 123456' },
        }),
        contact('c2', { name: 'Bo Schmidt', active: false }),
        contact('p1', { type: 'consumer', name: 'Cora Young' }),
      ],
    ],
    cases: [[openCase('s1', { number: 'CS0001234', customerId: 'k1', contactId: 'c1' })]],
  };
  const other = await newPlace(db);
  for (const { organizationId, connectionId } of [place, other])
    await pullDirectory({ db, crm: fakeCrm(company) }, organizationId, connectionId);
});
afterAll(() => database.close());

async function found(text: string, kinds?: SearchKind[]) {
  const { results } = await searchDirectory(database.db, place.organizationId, text, kinds);
  return results.map(({ key }) => key.replace(`${place.connectionId}:`, ''));
}

test('a contact with all that the screen shows, of this organization alone', async () => {
  const { results } = await searchDirectory(database.db, place.organizationId, 'anna schm');
  expect(results).toEqual([
    {
      kind: 'contact',
      id: 'c1',
      connectionId: place.connectionId,
      key: `contact:${place.connectionId}:c1`,
      name: 'Anna Schmidt',
      detail: 'Buyer · anna.schmidt@acme.example',
      company: 'Acme Werke GmbH',
      number: '030 123456',
      link: null,
      why: 'Name',
      marks: {
        name: [
          [0, 4],
          [5, 9],
        ],
        company: [],
        detail: [
          [8, 12],
          [13, 17],
        ],
      },
    },
  ]);
});

const asked: [string, string[]][] = [
  ['cora', ['consumer:p1']],
  ['anna.schmidt@acme', ['contact:c1']],
  ['CS0001234', ['case:s1']],
  ['cs 1234', ['case:s1']],
  ['1234', ['case:s1']],
  ['CS0009', []],
  ['anna acme', ['contact:c1']],
  ['acme gmbh anna', ['contact:c1']],
  ['100%', []],
  ['acme', ['customer:k1', 'contact:c1']],
];

test.each(asked)('%s, before there is an index', async (text, keys) => {
  expect(await found(text)).toEqual(keys);
});

describe('from the index', () => {
  beforeAll(async () => {
    await writeLive(database.db, place, [
      contact('m1', { name: 'Jörg Müller' }),
      contact('m2', { name: "Kate O'Brien" }),
      contact('t1', { name: 'Tim Twin' }),
      contact('t2', { name: 'Tom Twin' }),
      contact('t3', { name: 'Zoe Twin', updatedAt: new Date('2026-02-02T00:00:00Z') }),
      openCase('s2', { number: 'CS0007777', contactId: 't2' }),
    ]);
    await indexDirectory(database.db, place);
  });

  test.each([
    ...asked,
    ['muller', ['contact:m1']],
    ['mueller', ['contact:m1']],
    ['MÜLL', ['contact:m1']],
    ['jörg müller', ['contact:m1']],
    ['obrien', ['contact:m2']],
    // The company's word counts for its people.
    ['werke anna', ['contact:c1']],
    ['werke', ['customer:k1', 'contact:c1']],
    ['sm', []],
    // One edit: swapped, left out, added, another one; of the beginning too.
    ['shcmidt', ['contact:c1']],
    ['schmdt', ['contact:c1']],
    ['schmiddt', ['contact:c1']],
    ['schmudt', ['contact:c1']],
    ['shcmid', ['contact:c1']],
    ['anna shcmidt', ['contact:c1']],
    // Somebody with an open case before those without, these by their last change.
    ['twin', ['contact:t2', 'contact:t3', 'contact:t1']],
    ['x'.repeat(200), []],
    ['\u{1f600} \u202e \0', []],
  ] as [string, string[]][])('%s', async (text, keys) => {
    expect(await found(text)).toEqual(keys);
  });

  test('what somebody may have meant is told, but only where nothing is called as they typed', async () => {
    const meant = async (text: string) =>
      (await searchDirectory(database.db, place.organizationId, text)).meant;
    expect(await meant('anna shcmidt')).toBe('Anna Schmidt');
    expect(await meant('schmidt')).toBeNull();
    expect(await meant('nobodyatall')).toBeNull();
  });

  test('only what was asked for comes', async () => {
    expect(await found('acme', ['customer'])).toEqual(['customer:k1']);
    expect(await found('acme', ['contact'])).toEqual(['contact:c1']);
  });
});

describe('of very many', () => {
  let crowd: Place;
  const key = (kind: string, id: string) => `${kind}:${crowd.connectionId}:${id}`;
  const keys = async (text: string) =>
    (await searchDirectory(database.db, crowd.organizationId, text)).results.map((one) => one.key);
  const index = () => indexDirectory(database.db, crowd);
  beforeAll(async () => {
    const { db } = database;
    crowd = await newPlace(db);
    const numbers = Array.from({ length: 130 }, (_, number) => String(number).padStart(3, '0'));
    const crm = fakeCrm({
      customers: [
        [
          customer('old', { name: 'Lohmann Werke' }),
          ...numbers.map((number) => customer(`k${number}`, { name: `Haus${number} Werke` })),
        ],
      ],
      contacts: [
        [
          contact('o1', { name: 'Ada Lohmann' }),
          contact('o2', { name: 'Bo Lohmann', customerId: 'old' }),
          ...numbers.map((number) => contact(`c${number}`, { name: `Cy${number} Lohmann` })),
          ...numbers.map((number) => contact(`d${number}`, { customerId: `k${number}` })),
        ],
      ],
      cases: [[openCase('s1', { contactId: 'o1' })]],
    });
    await pullDirectory({ db, crm }, crowd.organizationId, crowd.connectionId);
    await index();
  });

  test('an old contact with an open case comes first, as long as the case is open', async () => {
    expect((await keys('lohmann'))[0]).toBe(key('contact', 'o1'));
    expect((await keys('lohm'))[0]).toBe(key('contact', 'o1'));
    await writeLive(database.db, crowd, [
      openCase('s1', { contactId: 'o1', open: false }),
      openCase('s2', { contactId: 'c007' }),
    ]);
    await index();
    expect((await keys('lohmann'))[0]).toBe(key('contact', 'c007'));
    expect(await keys('lohmann')).not.toContain(key('contact', 'o1'));
    await dropLive(database.db, crowd, 'case', ['s2']);
    await index();
    expect(await keys('lohmann')).not.toContain(key('contact', 'c007'));
  });

  test('an old company is found among its many people', async () => {
    expect(await keys('lohmann')).toContain(key('customer', 'old'));
  });

  test('a name and a word that very many companies have find who works for one of them', async () => {
    expect(await keys('lohmann werke')).toEqual([key('customer', 'old'), key('contact', 'o2')]);
  });
});
