import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CrmConnection } from '../crm/port.ts';
import type { OrganizationTables } from '../organization/tables.ts';
import { testDatabase } from '../platform/database/testing.ts';
import { matchNumber } from './match-number.ts';
import { callerNumber } from './phone-number.ts';
import { pullDirectory } from './pull-directory.ts';
import { renormaliseNumbers } from './renormalise-numbers.ts';
import { contact, customer, fakeCrm, newPlace } from './testing.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const moveTo = (organizationId: string, country: string) =>
  database.db
    .withTables<OrganizationTables>()
    .updateTable('organization')
    .set({ country })
    .where('id', '=', organizationId)
    .execute();
const ids = async (organizationId: string, number: string) =>
  (await matchNumber(database.db, organizationId, callerNumber(number, ''))).map(({ id }) => id);

test('numbers follow the organization to another country, except those with a country of their own', async () => {
  const { db } = database;
  const place = await newPlace(db, 'DE');
  const other = await newPlace(db, 'DE', place.connectionId);
  const crm = fakeCrm({
    customers: [[customer('k1', { phones: { phone: '020 7946 0123' } })]],
    contacts: [
      [
        contact('two', {
          phones: { phone: '020 7946 0001 / 020 7946 0002 ext. 7', mobile_phone: '4711' },
        }),
        contact('german', { country: 'Germany', phones: { phone: '030 1234567' } }),
        ...Array.from({ length: 1_200 }, (_, index) =>
          contact(`c${index}`, { phones: { phone: `020 7946 ${2000 + index}` } }),
        ),
      ],
    ],
  });
  for (const { organizationId, connectionId } of [place, other])
    await pullDirectory({ db, crm }, organizationId, connectionId);
  expect(await ids(place.organizationId, '+442079460123')).toEqual([]);

  await moveTo(place.organizationId, 'GB');
  expect(await renormaliseNumbers(db, place.organizationId)).toEqual({ changed: 1_203 });
  expect(await ids(place.organizationId, '+442079460123')).toEqual(['k1']);
  expect(await ids(place.organizationId, '+442079460002')).toEqual(['two']);
  expect(await ids(place.organizationId, '+442079463199')).toEqual(['c1199']);
  expect(await ids(place.organizationId, '+49301234567')).toEqual(['german']);
  expect(await ids(place.organizationId, '+492079460123')).toEqual([]);
  expect(await renormaliseNumbers(db, place.organizationId)).toEqual({ changed: 0 });
  // Another organization stays where it is.
  expect(await ids(other.organizationId, '+492079460123')).toEqual(['k1']);
});

test('a pull during which the organization moved ends with the new country', async () => {
  const { db } = database;
  const place = await newPlace(db, 'DE');
  const { promise: written, resolve: firstIsWritten } = Promise.withResolvers<void>();
  const crm: Pick<CrmConnection, 'pull'> = {
    async *pull(kind) {
      if (kind !== 'contacts') return;
      const page = { total: 2, cursor: '' };
      yield { ...page, records: [contact('c1', { phones: { phone: '020 7946 0001' } })] };
      await written;
      await moveTo(place.organizationId, 'GB');
      yield { ...page, records: [contact('c2', { phones: { phone: '020 7946 0002' } })] };
    },
  };
  await pullDirectory({ db, crm }, place.organizationId, place.connectionId, {
    onProgress: ({ kind, done }) => kind === 'contacts' && done === 1 && firstIsWritten(),
  });
  expect(await ids(place.organizationId, '+442079460001')).toEqual(['c1']);
  expect(await ids(place.organizationId, '+442079460002')).toEqual(['c2']);
});
