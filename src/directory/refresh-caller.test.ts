import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { CrmPlatform } from '../crm/port.ts';
import { setConnectionState } from '../organization/connection-store.ts';
import type { OrganizationTables } from '../organization/tables.ts';
import { systemClock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { testDatabase } from '../platform/database/testing.ts';
import { newId } from '../platform/id.ts';
import { testLog } from '../platform/log.testing.ts';
import { createSecretBox } from '../platform/secret-box.ts';
import { followNumbers } from './follow-numbers.ts';
import { testInstance } from './instance.testing.ts';
import type { TestInstance } from './instance.testing.ts';
import { refreshedAt, wasMissed } from './live-store.ts';
import { matchNumber } from './match-number.ts';
import { numberVariants } from './number-variants.ts';
import { OpenCrms } from './open-crms.ts';
import { callerNumber } from './phone-number.ts';
import { pullDirectory } from './pull-directory.ts';
import type { Place } from './record-store.ts';
import { callerRefresh } from './refresh-caller.ts';
import { contact, customer, newPlace, openCase } from './testing.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
let place: Place;
let crm: TestInstance;
let told: string[];
let slow: Promise<void> | null;
let crms: OpenCrms;
beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(() => database.close());
beforeEach(async () => {
  place = await newPlace(db);
  crm = testInstance();
  told = [];
  slow = null;
  await setConnectionState(db, place.organizationId, place.connectionId, 'ok', new Date());
  const connect = () => ({
    ...crm,
    link: () => '',
    close: async () => undefined,
    async findByNumbers(variants: readonly string[]) {
      await slow;
      return crm.findByNumbers(variants);
    },
  });
  const platform = { id: 'fake', title: 'Fake', fields: [], guide: [], connect };
  const platforms = [platform as unknown as CrmPlatform];
  crms = new OpenCrms({ db, secretBox: createSecretBox(Buffer.alloc(32)), platforms });
});

const ask = () =>
  callerRefresh({
    ...{ db, clock: systemClock, log: testLog, crms },
    callChanged: async (_db, _organizationId, callId) => void told.push(callId),
  });
const match = async (number: string) =>
  matchNumber(db, place.organizationId, callerNumber(number, 'DE'));
async function ring(number: string, refresh = ask(), callId = newId()): Promise<string> {
  const candidates = await match(number);
  const { organizationId } = place;
  refresh({ organizationId, callId, number: callerNumber(number, 'DE'), candidates });
  return callId;
}
const quiet = () => new Promise((resolve) => setTimeout(resolve, 300));

test('whom the mirror does not know is looked for live; a hit is stored with company and cases, and told', async () => {
  crm.put(customer('k1', { name: 'Acme' }));
  crm.put(contact('c1', { customerId: 'k1', phones: { phone: '(030) 7654-321' } }));
  crm.put(contact('c9', { phones: { phone: '030 7654322' } }));
  crm.put(openCase('s1', { contactId: 'c1' }));
  // A sloppy CRM answers with somebody else too.
  crm.findByNumbers = async () => [...crm.records.values()];
  const callId = await ring('+49307654321');
  await vi.waitFor(() => expect(told).toEqual([callId]), 60_000);
  const [found, ...others] = await match('+49307654321');
  expect(others).toEqual([]);
  expect(found).toMatchObject({ id: 'c1', customer: { name: 'Acme' }, openCaseCount: 1 });
  expect(await match('+49307654322')).toEqual([]);
  expect(await refreshedAt(db, place.organizationId, callId)).toBeInstanceOf(Date);
});

test('a miss is remembered for a while; nobody is told', async () => {
  await ring('+49307654321');
  await expect.poll(() => wasMissed(db, place.organizationId, '+49307654321')).toBe(true);
  await ring('+49307654321');
  await quiet();
  expect(crm.asked.filter((one) => one === 'find')).toHaveLength(1);
  expect(told).toEqual([]);
});

test('who is known is read again with the open cases: changed, closed and gone', async () => {
  crm.put(contact('c1', { phones: { phone: '030 7654321' } }));
  for (const id of ['s1', 's2', 's3']) crm.put(openCase(id, { contactId: 'c1' }));
  await pullDirectory({ db, crm }, place.organizationId, place.connectionId);
  crm.put(contact('c1', { name: 'Ada Newname', phones: { phone: '030 7654321' } }));
  crm.put(openCase('s1', { contactId: 'c1', open: false }));
  crm.put(openCase('s4', { contactId: 'c1' }));
  crm.remove('s2');
  const callId = await ring('+49307654321');
  await vi.waitFor(() => expect(told).toEqual([callId]), 60_000);
  const [found] = await match('+49307654321');
  expect(found?.name).toBe('Ada Newname');
  expect(found?.openCases.map(({ id }) => id).toSorted()).toEqual(['s3', 's4']);
});

test('who left the CRM stops popping', async () => {
  crm.put(contact('c1', { phones: { phone: '030 7654321' } }));
  await pullDirectory({ db, crm }, place.organizationId, place.connectionId);
  crm.remove('c1');
  await ring('+49307654321');
  await vi.waitFor(() => expect(told).toHaveLength(1), 60_000);
  expect(await match('+49307654321')).toEqual([]);
});

test('once per call, by one node, and never for a hidden number or a CRM that failed its check', async () => {
  const [node, other] = [ask(), ask()];
  const callId = newId();
  for (const refresh of [node, other, node]) await ring('+49307654321', refresh, callId);
  await ring('anonymous', node);
  await expect.poll(() => crm.asked).toContain('find');
  await quiet();
  expect(crm.asked).toEqual(['find']);
  await setConnectionState(db, place.organizationId, place.connectionId, 'failed', new Date());
  await ring('+49307654399', node);
  await quiet();
  expect(crm.asked).toEqual(['find']);
});

test('asking does not wait for a CRM that does not answer', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  slow = promise;
  await ring('+49307654321');
  await quiet();
  expect(told).toEqual([]);
  resolve();
});

test('a number is asked for in the ways people write it', () => {
  expect(numberVariants('+493012345678')).toEqual(
    expect.arrayContaining([
      '+493012345678',
      '+49 30 12345678',
      '030 12345678',
      '030/12345678',
      '+49 (0)3012345678',
    ]),
  );
  expect(numberVariants('+12125551234')).toEqual(
    expect.arrayContaining(['(212) 555-1234', '212-555-1234', '212.555.1234', '2125551234']),
  );
  for (const variant of numberVariants('+442079460123')) expect(variant).not.toMatch(/[\^\r\n,]/);
});

test('numbers follow a Save that changes the country, and are read once', async () => {
  crm.put(contact('c1', { phones: { phone: '020 7946 0123' } }));
  await pullDirectory({ db, crm }, place.organizationId, place.connectionId);
  await followNumbers(db, place.organizationId);
  expect(await match('+442079460123')).toEqual([]);
  await db
    .withTables<OrganizationTables>()
    .updateTable('organization')
    .set({ country: 'GB' })
    .where('id', '=', place.organizationId)
    .execute();
  await followNumbers(db, place.organizationId);
  expect((await match('+442079460123')).map(({ id }) => id)).toEqual(['c1']);
});
