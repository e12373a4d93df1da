import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { systemClock } from '../platform/clock.ts';
import { createOrganization, ensureFirstAdministrator } from './set-up.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const first = { email: 'Ada@Example.com', password: 'correct horse battery' };
const deps = () => ({ db: database.db, clock: systemClock });
const organizations = async () =>
  (await database.pool.query('select name, country, time_zone from organization')).rows;

test('a wrong configuration is refused with every problem named, and makes nothing', async () => {
  const wrong = { email: 'nobody', password: 'short', country: 'Germany' };
  await expect(ensureFirstAdministrator(deps(), wrong)).rejects.toMatchObject({
    code: 'invalid-input',
    fields: [{ field: 'country' }, { field: 'email' }, { field: 'password' }],
  });
  const nowhere = { ...first, timeZone: 'Mars/Olympus' };
  await expect(ensureFirstAdministrator(deps(), nowhere)).rejects.toMatchObject({
    fields: [{ field: 'timeZone' }],
  });
  expect(await organizations()).toEqual([]);
});

test('several nodes that start at once make one organization; later starts change nothing', async () => {
  const settings = { ...first, organizationName: 'Acme', country: 'DE', timeZone: 'Europe/Berlin' };
  const made = await Promise.all([1, 2, 3].map(() => ensureFirstAdministrator(deps(), settings)));
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await ensureFirstAdministrator(deps(), { ...settings, organizationName: 'Other' })).toBe(
    false,
  );
  expect(await organizations()).toEqual([
    { name: 'Acme', country: 'DE', time_zone: 'Europe/Berlin' },
  ]);
  const { rows } = await database.pool.query('select email, role, plan, user_id from person');
  expect(rows).toMatchObject([
    { email: 'ada@example.com', role: 'administrator', plan: 'Enterprise' },
  ]);
  const accounts = await database.pool.query('select password from account_credential');
  expect(accounts.rows[0].password).not.toContain(first.password);
});

test('a second organization needs an administrator with another e-mail', async () => {
  const input = { ...first, name: 'Ada', organizationName: 'Two', country: 'DE', timeZone: 'UTC' };
  await expect(
    createOrganization(deps(), { ...input, email: 'ada@example.com' }),
  ).rejects.toMatchObject({ code: 'conflict', fields: [{ field: 'email' }] });
  expect(await organizations()).toHaveLength(1);
  await createOrganization(deps(), { ...input, email: 'bo@example.com' });
  expect(await organizations()).toHaveLength(2);
});
