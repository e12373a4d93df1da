import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from 'kysely';
import { CrmError } from '../crm/crm-error.ts';
import type { CrmConnection } from '../crm/port.ts';
import type { CrmRecord } from '../crm/record.ts';
import type { Database } from '../platform/database/database.ts';
import { testDatabase } from '../platform/database/testing.ts';
import { forgetMirrors } from './forget-mirrors.ts';
import { matchNumber } from './match-number.ts';
import { mirrorAge } from './mirror-store.ts';
import { callerNumber } from './phone-number.ts';
import { pullDirectory } from './pull-directory.ts';
import type { PullOptions, PullProgress } from './pull-kind.ts';
import type { Place } from './record-store.ts';
import { contact, customer, fakeCrm, newPlace, openCase, user } from './testing.ts';

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

const pull = (crm: Pick<CrmConnection, 'pull'>, options?: PullOptions) =>
  pullDirectory({ db, crm }, place.organizationId, place.connectionId, options);
const contacts = (...pages: CrmRecord[][]) => fakeCrm({ contacts: pages });
const who = async (number: string) =>
  (await matchNumber(db, place.organizationId, callerNumber(number, 'DE'))).map(({ id }) => id);
async function rows(table: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from ${sql.table(table)}
    where organization_id = ${place.organizationId} order by id`.execute(db);
  return rows.map(({ id }) => id);
}
const many = (count: number) => Array.from({ length: count }, (_, index) => contact(`c${index}`));

test('brings over all kinds of records with counts and progress', async () => {
  const crm = fakeCrm({
    users: [[user('u1'), user('u2')]],
    customers: [[customer('k1')]],
    contacts: [[contact('c1', { customerId: 'k1' })], [contact('p1', { type: 'consumer' })]],
    cases: [[openCase('s1', { contactId: 'c1' })]],
  });
  const told: PullProgress[] = [];
  const result = await pull(crm, { onProgress: (progress) => told.push(progress) });
  expect(result).toEqual({
    users: { count: 2, total: 2, written: 2, removed: 0, kept: 0 },
    customers: { count: 1, total: 1, written: 1, removed: 0, kept: 0 },
    contacts: { count: 2, total: 2, written: 2, removed: 0, kept: 0 },
    cases: { count: 1, total: 1, written: 1, removed: 0, kept: 0 },
  });
  const ofContacts = told.filter(({ kind }) => kind === 'contacts');
  expect(ofContacts[0]).toEqual({ kind: 'contacts', status: 'running', done: 0, total: null });
  // Pages that are ready together are told of together.
  expect(ofContacts.slice(-2)).toEqual([
    { kind: 'contacts', status: 'running', done: 2, total: 2 },
    { kind: 'contacts', status: 'done', done: 2, total: 2 },
  ]);
  expect([...new Set(told.map(({ kind }) => kind))]).toEqual([
    'users',
    'customers',
    'contacts',
    'cases',
  ]);
  expect(await rows('contact')).toEqual(['c1', 'p1']);
});

test('a second pull writes only what differs, and takes away the numbers that are gone', async () => {
  const before = [
    contact('c1', { phones: { phone: '030 111111', mobile_phone: '0171 1111111' } }),
    contact('c2'),
  ];
  await pull(contacts(before));
  const after = [contact('c1', { phones: { mobile_phone: '0171 2222222' } }), contact('c2')];
  const result = await pull(contacts(after));
  expect(result.contacts).toMatchObject({ count: 2, written: 1, removed: 0 });
  expect(await who('0171 2222222')).toEqual(['c1']);
  expect(await who('0171 1111111')).toEqual([]);
  expect(await who('030 111111')).toEqual([]);
});

test('what the CRM no longer gives is deleted with its numbers', async () => {
  await pull(contacts([contact('c1', { phones: { phone: '030 111111' } }), contact('c2')]));
  const result = await pull(contacts([contact('c2')]));
  expect(result.contacts).toMatchObject({ count: 1, removed: 1, kept: 0 });
  expect(await rows('contact')).toEqual(['c2']);
  expect(await who('030 111111')).toEqual([]);
  const { rows: numbers } =
    await sql`select from phone_number where organization_id = ${place.organizationId}`.execute(db);
  expect(numbers).toHaveLength(0);
});

test('an empty answer does not empty the mirror, unless that was confirmed', async () => {
  await pull(contacts(many(3)));
  expect((await pull(contacts())).contacts).toMatchObject({ count: 0, removed: 0, kept: 3 });
  expect(await rows('contact')).toHaveLength(3);
  expect((await pull(contacts(), { confirmRemoval: true })).contacts).toMatchObject({
    removed: 3,
    kept: 0,
  });
  expect(await rows('contact')).toEqual([]);
});

test('many records gone at once are kept while the CRM counts more than it gave', async () => {
  await pull(contacts(many(100)));
  const hidden = fakeCrm({ contacts: [many(40)] }, { total: 100 });
  expect((await pull(hidden)).contacts).toMatchObject({ count: 40, removed: 0, kept: 60 });
  expect((await pull(contacts(many(40)))).contacts).toMatchObject({
    count: 40,
    removed: 60,
    kept: 0,
  });
});

test('contacts and consumers with one id are two, and each is deleted by its own absence', async () => {
  await pull(contacts([contact('x'), contact('x', { type: 'consumer' })]));
  expect(await rows('contact')).toEqual(['x', 'x']);
  await pull(contacts([contact('x', { type: 'consumer' })]));
  expect(await rows('contact')).toEqual(['x']);
});

test('a record on two pages or twice on one is one row, the later wins', async () => {
  const result = await pull(
    contacts(
      [
        contact('c1', { phones: { phone: '030 111111' } }),
        contact('c1', { phones: { phone: '030 222222' } }),
      ],
      [contact('c1', { phones: { phone: '030 333333' } }), contact('c2')],
    ),
  );
  expect(result.contacts).toMatchObject({ count: 2 });
  expect(await who('030 333333')).toEqual(['c1']);
  expect(await who('030 111111')).toEqual([]);
  expect(await who('030 222222')).toEqual([]);
});

test('a page that fails leaves what came before and deletes nothing', async () => {
  await pull(contacts([contact('old')]));
  const failing: Pick<CrmConnection, 'pull'> = {
    async *pull(kind) {
      if (kind !== 'contacts') return;
      yield {
        records: [contact('c1', { phones: { phone: '030 111111' } })],
        total: 2,
        cursor: '1',
      };
      throw new CrmError('dropped', 'The connection broke.', { fix: 'Try again.' });
    },
  };
  await expect(pull(failing)).rejects.toThrow('The connection broke.');
  expect(await rows('contact')).toEqual(['c1', 'old']);
  expect(await who('030 111111')).toEqual(['c1']);
  // The next one may start at once and finds everything in order.
  expect((await pull(contacts([contact('c1'), contact('c2')]))).contacts).toMatchObject({
    count: 2,
    removed: 1,
  });
});

test('stops when it is aborted, even if the CRM does not listen', async () => {
  await pull(contacts([contact('old')]));
  const controller = new AbortController();
  const deaf: Pick<CrmConnection, 'pull'> = {
    async *pull(kind) {
      if (kind !== 'contacts') return;
      yield { records: [contact('c1')], total: 2, cursor: '1' };
      await new Promise(() => {});
    },
  };
  const pulling = pull(deaf, {
    signal: controller.signal,
    onProgress: ({ done }) => done === 1 && controller.abort(new Error('enough')),
  });
  await expect(pulling).rejects.toThrow('enough');
  expect(await rows('contact')).toEqual(['c1', 'old']);
  const { rows: states } = await sql<{ status: string }>`
    select status from directory_pull where organization_id = ${place.organizationId}`.execute(db);
  expect(states).toEqual([{ status: 'cancelled' }]);
  await expect(pull(deaf, { signal: AbortSignal.abort(new Error('never began')) })).rejects.toThrow(
    'never began',
  );
});

test('two pulls of one connection exclude each other', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const slow: Pick<CrmConnection, 'pull'> = {
    async *pull() {
      await promise;
      yield* [];
    },
  };
  const { promise: begun, resolve: hasBegun } = Promise.withResolvers<void>();
  const first = pull(slow, { onProgress: () => hasBegun() });
  await begun;
  await expect(pull(contacts())).rejects.toMatchObject({ code: 'conflict' });
  resolve();
  await first;
  await expect(pull(contacts())).resolves.toBeDefined();
});

test('a pull whose process died is followed by another, and can write no more when it wakes up', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const sleepy: Pick<CrmConnection, 'pull'> = {
    async *pull(kind) {
      if (kind !== 'contacts') return;
      await promise;
      yield { records: [contact('ghost')], total: 1, cursor: '1' };
    },
  };
  const { promise: begun, resolve: hasBegun } = Promise.withResolvers<void>();
  const first = pull(sleepy, { onProgress: ({ kind }) => kind === 'contacts' && hasBegun() });
  await begun;
  await sql`update directory_pull set alive_at = now() - interval '1 minute'
    where organization_id = ${place.organizationId}`.execute(db);
  // It wakes up while the other one is at work.
  const second: Pick<CrmConnection, 'pull'> = {
    async *pull(kind) {
      if (kind !== 'contacts') return;
      resolve();
      await expect(first).rejects.toMatchObject({ code: 'conflict' });
      yield { records: [contact('c1')], total: 1, cursor: '1' };
    },
  };
  expect((await pull(second)).contacts).toMatchObject({ count: 1, written: 1 });
  expect(await rows('contact')).toEqual(['c1']);
});

test('hostile text is stored harmlessly and cut', async () => {
  const hostile = 'Ada\u0000\ud800 \u202eBerg\u0007'.repeat(1) + 'x'.repeat(5_000);
  const record = contact('c1', { phones: { phone: '030\u0000 111111' } });
  await pull(
    contacts([
      {
        ...record,
        name: hostile,
        firstName: "'; drop table contact; --",
        email: '{"a",NULL}\\',
        title: '\\N',
      },
      contact('', { name: 'without an id' }),
      contact('c2', {
        phones: { phone: '<script>alert(1)</script>', mobile_phone: '^NQactive=true' },
        updatedAt: new Date(NaN),
      }),
    ]),
  );
  expect(await rows('contact')).toEqual(['c1', 'c2']);
  const [found] = await matchNumber(db, place.organizationId, callerNumber('030 111111', 'DE'));
  expect(found?.name).toMatch(/^Ada\ufffd Bergx+$/);
  expect(found?.name.length).toBeLessThanOrEqual(200);
  expect(found).toMatchObject({
    email: '{"a",NULL}\\',
    title: '\\N',
    reason: { raw: '030 111111' },
  });
});

test('tells how old the mirror is: the start of the last complete pull of contacts', async () => {
  expect(await mirrorAge(db, place.organizationId)).toBeNull();
  const before = Date.now();
  await pull(contacts([contact('c1')]));
  const age = (await mirrorAge(db, place.organizationId))?.getTime() ?? 0;
  expect(age).toBeGreaterThan(before - 60_000);
  const failing: Pick<CrmConnection, 'pull'> = {
    async *pull(kind) {
      if (kind !== 'contacts') return;
      yield { records: [contact('c1')], total: 2, cursor: '1' };
      throw new Error('no answer');
    },
  };
  await expect(pull(failing)).rejects.toThrow('no answer');
  expect((await mirrorAge(db, place.organizationId))?.getTime()).toBe(age);
  await pull(contacts([contact('c1')]));
  expect((await mirrorAge(db, place.organizationId))?.getTime()).toBeGreaterThan(age);
});

test('pulls only the kinds it was told', async () => {
  const result = await pull(fakeCrm({ users: [[user('u1')]], contacts: [[contact('c1')]] }), {
    kinds: ['users'],
  });
  expect(Object.keys(result)).toEqual(['users']);
  expect(await rows('contact')).toEqual([]);
});

test('deleting the connection deletes its mirror, and no other', async () => {
  const other = await newPlace(db, 'DE', place.connectionId);
  const company = {
    users: [[user('u', { phones: { phone: '030 1' } })]],
    customers: [[customer('k', { phones: { phone: '030 2' } })]],
    contacts: [[contact('c', { phones: { phone: '030 3' } })]],
    cases: [[openCase('s')]],
  };
  for (const { organizationId, connectionId } of [place, other]) {
    await pullDirectory({ db, crm: fakeCrm(company) }, organizationId, connectionId);
  }
  await sql`delete from crm_connection where organization_id = ${place.organizationId}`.execute(db);
  await forgetMirrors(db);
  const tables = [
    'crm_user',
    'customer',
    'contact',
    'crm_case',
    'phone_number',
    'directory_pull',
    'directory_progress',
  ];
  for (const table of tables) {
    const { rows: left } = await sql<{ organization_id: string }>`
      select distinct organization_id from ${sql.table(table)}
      where organization_id in (${place.organizationId}, ${other.organizationId})`.execute(db);
    expect([table, left.map((row) => row.organization_id)]).toEqual([
      table,
      [other.organizationId],
    ]);
  }
});

test('a pull whose connection is deleted meanwhile ends, and leaves nothing behind', async () => {
  const { promise: written, resolve: firstIsWritten } = Promise.withResolvers<void>();
  const crm: Pick<CrmConnection, 'pull'> = {
    async *pull(kind) {
      if (kind !== 'contacts') return;
      yield { records: [contact('c1')], total: 2, cursor: '1' };
      await written;
      await sql`delete from crm_connection where organization_id = ${place.organizationId}`.execute(
        db,
      );
      yield { records: [contact('c2')], total: 2, cursor: '2' };
    },
  };
  const pulling = pull(crm, { onProgress: ({ done }) => done === 1 && firstIsWritten() });
  await expect(pulling).rejects.toMatchObject({ code: 'conflict' });
  await forgetMirrors(db);
  expect(await rows('contact')).toEqual([]);
});
