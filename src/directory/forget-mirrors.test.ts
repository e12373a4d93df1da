import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from 'kysely';
import { removeConnection } from '../organization/connection-store.ts';
import type { Database } from '../platform/database/database.ts';
import { testDatabase } from '../platform/database/testing.ts';
import { casesByNumber } from './case-store.ts';
import { forgetMirrors } from './forget-mirrors.ts';
import { testInstance } from './instance.testing.ts';
import { matchNumber } from './match-number.ts';
import { countOwners } from './match-store.ts';
import { callerNumber } from './phone-number.ts';
import { pullDirectory } from './pull-directory.ts';
import type { Place } from './record-store.ts';
import { removedMirrors } from './removal-store.ts';
import { searchDirectory } from './search.ts';
import { contact, customer, newConnection, newPlace, openCase, user } from './testing.ts';
import { writeLive } from './write-live.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
let place: Place;
let other: Place;
const many = 12_000;
const number = '030 5551234';

beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(() => database.close());
beforeEach(async () => {
  place = await newPlace(db);
  other = { ...place, connectionId: await newConnection(db, place.organizationId) };
  const crm = testInstance({ pageSize: 3_000 });
  crm.put(user('u1', { phones: { phone: number } }));
  crm.put(customer('k1', { name: 'Acme', phones: { phone: number } }));
  crm.put(contact('c1', { name: 'Ada Berg', phones: { phone: number } }));
  crm.put(openCase('s1', { contactId: 'c1', number: 'CS7' }));
  await pullDirectory({ db, crm }, other.organizationId, other.connectionId);
  await pullDirectory({ db, crm }, place.organizationId, place.connectionId);
  await sql`insert into contact (organization_id, connection_id, kind, id, name, first_name, last_name, email, title, city,
      country, language, active, fingerprint)
    select ${place.organizationId}, ${place.connectionId}, 'contact', 'n' || n, 'Many', '', '', '', '', '', '', '', true,
      gen_random_uuid()
    from generate_series(1, ${many}) n`.execute(db);
});

const found = async () => {
  const { organizationId } = place;
  const match = await matchNumber(db, organizationId, callerNumber(number, 'DE'));
  const searched = await searchDirectory(db, organizationId, 'Ada Berg', ['contact']);
  return {
    connections: [...new Set(match.map(({ connectionId }) => connectionId))],
    searched: searched.results.map(({ connectionId }) => connectionId),
    foundCases: (await searchDirectory(db, organizationId, 'CS7', ['case'])).results.map(
      ({ connectionId }) => connectionId,
    ),
    cases: (await casesByNumber(db, organizationId, 'CS7')).map((one) => one.connectionId),
    owners: await countOwners(db, organizationId, '+49305551234'),
  };
};
async function rowsOf({ connectionId }: Place): Promise<number> {
  const { rows } = await sql<{ n: number }>`select (
      (select count(*) from contact where connection_id = ${connectionId})
      + (select count(*) from customer where connection_id = ${connectionId})
      + (select count(*) from crm_user where connection_id = ${connectionId})
      + (select count(*) from crm_case where connection_id = ${connectionId})
      + (select count(*) from phone_number where connection_id = ${connectionId}))::int as n`.execute(
    db,
  );
  return rows[0]?.n ?? 0;
}

test('a removed connection is found nowhere at once; its rows go in steps, the others stay', async () => {
  const [both, kept] = [await found(), await rowsOf(other)];
  expect(both.connections).toHaveLength(2);
  await removeConnection(db, place.organizationId, place.connectionId);
  expect(await rowsOf(place)).toBe(many + 7);
  expect(await found()).toEqual({
    connections: [other.connectionId],
    searched: [other.connectionId],
    foundCases: [other.connectionId],
    cases: [other.connectionId],
    owners: both.owners / 2,
  });
  // Broken off, it goes on.
  await expect(forgetMirrors(db, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  expect(await removedMirrors(db)).toEqual([place]);
  expect(await forgetMirrors(db)).toBe(many + 7);
  expect([await rowsOf(place), await rowsOf(other)]).toEqual([0, kept]);
  expect(await removedMirrors(db)).toEqual([]);
  expect(await forgetMirrors(db)).toBe(0);
});

test('what was read live for a connection that is gone meanwhile is not stored', async () => {
  await removeConnection(db, place.organizationId, place.connectionId);
  await forgetMirrors(db);
  await writeLive(db, place, [contact('late', { phones: { phone: number } })]);
  expect(await rowsOf(place)).toBe(0);
});
