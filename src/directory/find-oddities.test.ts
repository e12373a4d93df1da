import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/database/testing.ts';
import { findOddities } from './find-oddities.ts';
import { pullDirectory } from './pull-directory.ts';
import { contact, customer, fakeCrm, newPlace, openCase, user } from './testing.ts';
import type { Company } from './testing.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function oddities(company: Company) {
  const { db } = database;
  const { organizationId, connectionId } = await newPlace(db);
  await pullDirectory({ db, crm: fakeCrm(company) }, organizationId, connectionId);
  // What is odd at another organization is no matter here.
  const other = await newPlace(db, 'DE', connectionId);
  const theirs = ['c1', 'c5', 'x'].map((id) =>
    contact(id, { firstName: '', phones: { phone: '030 1234567', fax: '1' } }),
  );
  await pullDirectory(
    { db, crm: fakeCrm({ contacts: [theirs] }) },
    other.organizationId,
    connectionId,
  );
  return findOddities(db, organizationId, connectionId);
}

test('tells what is odd, how often, and where', async () => {
  const shared = { phones: { phone: '030 1234567' } };
  const found = await oddities({
    users: [[user('u1', { name: 'Una User', phones: { phone: '+49' } })]],
    customers: [[customer('k1', { name: 'Acme', phones: { phone: 'see website' } })]],
    contacts: [
      [
        contact('c1', { name: 'Berg', firstName: '', lastName: 'Berg' }),
        contact('c2', { name: 'Ada', firstName: 'Ada', lastName: '' }),
        contact('c3', {
          name: '',
          email: 'x@acme.example',
          type: 'consumer',
          firstName: '',
          lastName: '',
        }),
        contact('c4', {
          name: 'Bea Young',
          phones: { phone: '4711', mobile_phone: '030/1234567' },
        }),
        contact('c5', { name: 'Cid Young', ...shared }),
        contact('c6', { name: 'Dan Young', ...shared }),
        contact('gone', {
          ...shared,
          firstName: '',
          active: false,
          phones: { ...shared.phones, fax: '12' },
        }),
        // Twice in one contact is not shared.
        contact('c7', { phones: { phone: '030 7654321', mobile_phone: '030 7654321' } }),
      ],
    ],
    cases: [[openCase('s1')]],
  });
  expect(found).toEqual([
    {
      kind: 'contact-without-name',
      count: 3,
      examples: [
        {
          text: 'x@acme.example: no first and no last name',
          record: { kind: 'consumer', id: 'c3' },
        },
        { text: 'Ada: no last name', record: { kind: 'contact', id: 'c2' } },
        { text: 'Berg: no first name', record: { kind: 'contact', id: 'c1' } },
      ],
    },
    {
      kind: 'undiallable-number',
      count: 3,
      examples: [
        { text: 'Bea Young, phone: 4711', record: { kind: 'contact', id: 'c4' } },
        { text: 'Acme, phone: see website', record: { kind: 'customer', id: 'k1' } },
        { text: 'Una User, phone: +49', record: { kind: 'user', id: 'u1' } },
      ],
    },
    {
      kind: 'shared-number',
      count: 1,
      examples: [
        {
          text: '+49 30 1234567: 3 contacts, such as Bea Young',
          record: { kind: 'contact', id: 'c4' },
        },
      ],
    },
  ]);
});

test('shows ten of many, the most shared number first', async () => {
  const many = Array.from({ length: 24 }, (_, index) =>
    contact(`c${index}`, {
      firstName: '',
      phones: { phone: `030 10000${10 + (index % 12)}`, fax: String(index) },
    }),
  );
  const found = await oddities({
    contacts: [[...many, contact('x', { phones: { phone: '030 1000015' } })]],
  });
  expect(found.map(({ kind, count, examples }) => [kind, count, examples.length])).toEqual([
    ['contact-without-name', 24, 10],
    ['undiallable-number', 23, 10],
    ['shared-number', 12, 10],
  ]);
  expect(found[2]?.examples[0]?.text).toMatch(/^\+49 30 1000015: 3 contacts/);
});

test('is silent about clean data', async () => {
  expect(
    await oddities({ contacts: [[contact('c1', { phones: { phone: '030 1234567' } })]] }),
  ).toEqual([]);
});
