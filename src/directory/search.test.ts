import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import type { SearchKind } from './contract.ts';
import { pullDirectory } from './pull-directory.ts';
import type { Place } from './record-store.ts';
import { searchDirectory } from './search.ts';
import { contact, customer, fakeCrm, newPlace, openCase } from './testing.ts';

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
    },
  ]);
});

test.each([
  ['cora', ['consumer:p1']],
  ['anna.schmidt@acme', ['contact:c1']],
  ['CS0001234', ['case:s1']],
  ['anna acme', ['contact:c1']],
  ['100%', []],
])('%s', async (text, keys) => {
  expect(await found(text)).toEqual(keys);
});

test('a company comes before its people; only what was asked for comes', async () => {
  expect(await found('acme')).toEqual(['customer:k1', 'contact:c1']);
  expect(await found('acme', ['customer'])).toEqual(['customer:k1']);
});
