import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../platform/database/database.ts';
import { testDatabase } from '../platform/database/testing.ts';
import { findCrmUsers, searchCrmUsers } from './crm-user-store.ts';
import { pullDirectory } from './pull-directory.ts';
import type { Place } from './record-store.ts';
import { fakeCrm, newPlace, user } from './testing.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
let place: Place;
beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
  place = await newPlace(db);
  const users = [
    user('1', { name: 'Ada Berg', email: 'ada.berg@acme.example', userName: 'aberg' }),
    user('2', { name: 'Bea Young', email: 'Bea@Acme.example', userName: 'byoung' }),
    user('3', { name: 'Ada Old', email: 'old@acme.example', active: false }),
    user('4', { name: '100% Berg_er', email: '' }),
  ];
  await pullDirectory(
    { db, crm: fakeCrm({ users: [users] }) },
    place.organizationId,
    place.connectionId,
  );
  const other = await newPlace(db, 'DE', place.connectionId);
  const theirs = [user('1', { name: 'Ada Theirs', email: 'ada.berg@acme.example' })];
  await pullDirectory(
    { db, crm: fakeCrm({ users: [theirs] }) },
    other.organizationId,
    other.connectionId,
  );
});
afterAll(() => database.close());

const search = async (text: string, limit = 50) =>
  (await searchCrmUsers(db, place.organizationId, place.connectionId, text, limit)).map(
    ({ id }) => id,
  );
const find = async (wanted: { ids?: string[]; emails?: string[] }) =>
  (await findCrmUsers(db, place.organizationId, place.connectionId, wanted)).map(({ id }) => id);

test('an empty search lists active users by name, then the others', async () => {
  expect(await search('')).toEqual(['4', '1', '2', '3']);
  expect(await search('', 2)).toEqual(['4', '1']);
});

test('every word must be in the name, the e-mail or the user name', async () => {
  expect(await search('ada')).toEqual(['1', '3']);
  expect(await search('berg ADA')).toEqual(['1']);
  expect(await search('byoung')).toEqual(['2']);
  expect(await search('acme.example old')).toEqual(['3']);
  expect(await search('nobody')).toEqual([]);
});

test('signs of the pattern language and hostile text are only text', async () => {
  expect(await search('%')).toEqual(['4']);
  expect(await search('_')).toEqual(['4']);
  expect(await search('\\')).toEqual([]);
  expect(await search("' or 1=1 --")).toEqual([]);
  expect(await search('ada\0\ud800')).toEqual([]);
});

test('finds by id and by e-mail, whatever its case; who is not there is absent', async () => {
  expect(await find({ ids: ['2', '9'] })).toEqual(['2']);
  expect(await find({ emails: ['BEA@ACME.EXAMPLE', 'nobody@acme.example'] })).toEqual(['2']);
  expect(await find({ ids: ['3'], emails: ['ada.berg@acme.example'] })).toEqual(['1', '3']);
  expect(await find({ emails: [''] })).toEqual([]);
  expect(await find({})).toEqual([]);
});

test('answers what the mapping shows', async () => {
  expect(await findCrmUsers(db, place.organizationId, place.connectionId, { ids: ['1'] })).toEqual([
    { id: '1', name: 'Ada Berg', email: 'ada.berg@acme.example', userName: 'aberg', active: true },
  ]);
});
