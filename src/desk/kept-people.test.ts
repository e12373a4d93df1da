import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'kysely';
import { insertPerson } from '../organization/person-store.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { newId } from '../platform/id.ts';
import { KeptPeople } from './kept-people.ts';
import { testCompany } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('a person is kept for five seconds, unless their organization is forgotten', async () => {
  const { db } = database;
  const { organizationId } = await testCompany(db);
  const personId = newId();
  const person = { userId: null, email: 'ada@example.com', role: 'agent', plan: 'View' } as const;
  await insertPerson(db, organizationId, { ...person, id: personId, name: 'Ada', extension: '77' });
  let now = 0;
  const people = new KeptPeople({ db, clock: { now: () => new Date(now) } });
  const nameOf = async (extension: string) =>
    (await people.find(organizationId, extension))?.name ?? null;
  const rename = (name: string) =>
    sql`update person set name = ${name} where organization_id = ${organizationId} and id = ${personId}`.execute(
      db,
    );

  expect(await nameOf('77')).toBe('Ada');
  expect(await nameOf('78')).toBeNull();
  await rename('Ida');
  now = 4_999;
  expect(await nameOf('77')).toBe('Ada');
  expect(await people.find(newId(), '77')).toBeNull();
  now = 5_000;
  expect(await nameOf('77')).toBe('Ida');
  await rename('Ana');
  people.forget(organizationId);
  expect(await nameOf('77')).toBe('Ana');
});
