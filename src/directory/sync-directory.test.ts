import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from 'kysely';
import { CrmError } from '../crm/crm-error.ts';
import type { CheckedConnection } from '../organization/connection-store.ts';
import { systemClock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { testDatabase } from '../platform/database/testing.ts';
import { testInstance } from './instance.testing.ts';
import type { TestInstance } from './instance.testing.ts';
import { takeLease } from './lease.ts';
import { matchNumber } from './match-number.ts';
import { callerNumber } from './phone-number.ts';
import { pullDirectory } from './pull-directory.ts';
import type { Place } from './record-store.ts';
import { afterFailure, syncDirectory } from './sync-directory.ts';
import { dueConnections, orderRound, saveSync, syncState } from './sync-store.ts';
import { contact, customer, newPlace, openCase, user } from './testing.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
let place: Place;
let crm: TestInstance;
beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(() => database.close());
beforeEach(async () => {
  place = await newPlace(db);
  crm = testInstance();
  crm.put(user('u1'));
  crm.put(customer('k1'));
  crm.put(contact('c1', { phones: { phone: '030 111111' } }));
  crm.put(contact('c2', { phones: { phone: '030 222222' } }));
  crm.put(openCase('s1', { contactId: 'c1' }));
});

const connection = (state: CheckedConnection['state'] = 'ok') => ({
  organizationId: place.organizationId,
  id: place.connectionId,
  state,
  version: 'v1',
});
const pull = () => pullDirectory({ db, crm }, place.organizationId, place.connectionId);
const round = () => syncDirectory({ db, clock: systemClock, crm }, connection());
const who = async (number: string) =>
  matchNumber(db, place.organizationId, callerNumber(number, 'DE'));
const ids = async (number: string) => (await who(number)).map(({ id }) => id);
async function rows(table: string): Promise<string[]> {
  const { rows: found } = await sql<{ id: string }>`select id from ${sql.table(table)}
    where organization_id = ${place.organizationId} order by id`.execute(db);
  return found.map(({ id }) => id);
}

test('a round brings over what changed, who is new and who is gone', async () => {
  await pull();
  crm.tick(600);
  crm.put(contact('c1', { phones: { phone: '030 333333' } }));
  crm.put(contact('c3', { phones: { phone: '030 444444' } }));
  crm.put(openCase('s2', { contactId: 'c3' }));
  crm.remove('c2');
  expect(await round()).toBe(true);
  expect(await ids('030 111111')).toEqual([]);
  expect(await ids('030 222222')).toEqual([]);
  expect(await ids('030 333333')).toEqual(['c1']);
  expect((await who('030 444444'))[0]?.openCases.map(({ id }) => id)).toEqual(['s2']);
  expect(await rows('contact')).toEqual(['c1', 'c3']);
});

test('who was deactivated stops popping, and a closed case leaves the open ones', async () => {
  await pull();
  crm.tick(600);
  crm.put(contact('c2', { active: false, phones: { phone: '030 222222' } }));
  crm.put(openCase('s1', { contactId: 'c1', open: false }));
  await round();
  expect(await ids('030 222222')).toEqual([]);
  expect((await who('030 111111'))[0]?.openCaseCount).toBe(0);
  expect(await rows('contact')).toEqual(['c1', 'c2']);
});

test('an instance whose clock is far behind ours is followed all the same', async () => {
  crm = testInstance({ start: Date.UTC(2026, 0, 1) });
  crm.put(contact('c1', { phones: { phone: '030 111111' } }));
  await pull();
  for (const number of ['030 333333', '030 444444']) {
    crm.tick(10);
    crm.put(contact('c1', { phones: { phone: number } }));
    await round();
    expect(await ids(number)).toEqual(['c1']);
  }
});

test('contacts and cases are read every round, users and customers every minute', async () => {
  await pull();
  crm.asked.length = 0;
  await round();
  await round();
  const asked = (what: string) => crm.asked.filter((one) => one === what).length;
  expect([asked('changes contacts'), asked('changes cases')]).toEqual([2, 2]);
  expect([asked('changes users'), asked('changes customers'), asked('removals')]).toEqual([
    1, 1, 1,
  ]);
});

test('a deletion that is noted later than a new writing of the same record takes nothing away', async () => {
  await pull();
  crm.remove('c1');
  crm.tick(600);
  crm.put(contact('c1', { phones: { phone: '030 555555' } }));
  await round();
  expect(await ids('030 555555')).toEqual(['c1']);
});

test('where deletions cannot be read, the nightly comparison of keys finds them, and silent changes', async () => {
  crm = testInstance({ removals: false });
  for (const id of ['c1', 'c2', 'c3'])
    crm.put(contact(id, { phones: { phone: `030 11111${id[1]}` } }));
  await pull();
  crm.tick(600);
  crm.put(contact('c1'));
  await round();
  crm.remove('c2');
  crm.put(contact('c3', { phones: { phone: '030 999999' } }), true);
  await round();
  expect(await rows('contact')).toEqual(['c1', 'c2', 'c3']);
  expect((await syncState(db, place)).removals_readable).toBe(false);
  await sql`update directory_progress set complete_as_of = complete_as_of - interval '3 days'
    where organization_id = ${place.organizationId}`.execute(db);
  crm.asked.length = 0;
  await round();
  expect(await rows('contact')).toEqual(['c1', 'c3']);
  expect(await ids('030 999999')).toEqual(['c3']);
  expect(crm.asked).toContain('read contact c3');
  // And not again in the next round.
  crm.asked.length = 0;
  await round();
  expect(crm.asked.filter((one) => one.startsWith('keys'))).toEqual([]);
});

test('what one table refuses keeps the others from nothing', async () => {
  await pull();
  crm.tick(600);
  crm.put(contact('c1', { phones: { phone: '030 333333' } }));
  crm.put(openCase('s2', { contactId: 'c1' }));
  const { changes } = crm;
  crm.changes = (kind, options) => {
    if (kind !== 'contacts') return changes.call(crm, kind, options);
    throw new CrmError('unsafe-query', 'The range is ignored.', { fix: 'Give the role.' });
  };
  await expect(round()).rejects.toThrow('The range is ignored.');
  expect(await ids('030 333333')).toEqual([]);
  expect(await rows('crm_case')).toEqual(['s1', 's2']);
});

const days = (count: number) => count * 86_400;
/** Cases that were closed 200, 50 and 5 days ago, and an open one of 200 days ago. */
function agedCases(): void {
  crm = testInstance({ start: Date.now() - days(200) * 1000 });
  crm.put(contact('c1', { phones: { phone: '030 111111' } }));
  crm.put(openCase('s0'));
  crm.put(openCase('s200', { open: false }));
  crm.tick(days(150));
  crm.put(openCase('s50', { open: false }));
  crm.tick(days(45));
  crm.put(openCase('s5', { open: false }));
  crm.tick(days(5));
}
const keepCases = (caseDays: number) => saveSync(db, place, { case_days: caseDays });
const asked = (what: string) => crm.asked.filter((one) => one.startsWith(what)).length;

test('a case closed for longer than it is kept goes at night, an open one as old stays', async () => {
  agedCases();
  await pull();
  expect(await rows('crm_case')).toEqual(['s0', 's5', 's50']);
  crm.tick(days(41));
  await sql`update crm_case set updated_at = updated_at - interval '41 days' where organization_id = ${place.organizationId}`.execute(
    db,
  );
  await sql`update directory_progress set complete_as_of = complete_as_of - interval '3 days'
    where organization_id = ${place.organizationId}`.execute(db);
  await round();
  expect(await rows('crm_case')).toEqual(['s0', 's5']);
});

test('closed cases follow the setting: fewer days drop the older ones, more days pull them', async () => {
  agedCases();
  await pull();
  await round();
  await keepCases(30);
  await round();
  expect(await rows('crm_case')).toEqual(['s0', 's5']);
  // Dropped from here alone, and not to be asked for.
  expect(asked('pull cases')).toBe(1);
  await keepCases(365);
  await round();
  expect(await rows('crm_case')).toEqual(['s0', 's200', 's5', 's50']);
  expect([asked('pull cases'), asked('pull contacts')]).toEqual([2, 1]);
  await round();
  expect(asked('pull cases')).toBe(2);
  await keepCases(1);
  await pull();
  expect(await rows('crm_case')).toEqual(['s0']);
});

test('more days wished for while a pull is broken: what it has of cases is asked for again', async () => {
  agedCases();
  await pull();
  await round();
  await keepCases(365);
  const broken = {
    ...crm,
    async *pull(...[kind, options]: Parameters<TestInstance['pull']>) {
      for await (const page of crm.pull(kind, options)) {
        yield page;
        throw new CrmError('dropped', 'It broke.', { fix: '' });
      }
    },
  };
  const widened = syncDirectory({ db, clock: systemClock, crm: broken }, connection());
  await expect(widened).rejects.toThrow('It broke');
  await keepCases(3_650);
  await round();
  expect(await rows('crm_case')).toEqual(['s0', 's200', 's5', 's50']);
  expect(crm.asked.filter((one) => one.startsWith('pull cases')).at(-1)).toBe('pull cases');
});

test('a round that is ordered while another one goes on is not forgotten, nor a new interval', async () => {
  await pull();
  const busy = {
    ...crm,
    async *changes(...[kind, options]: Parameters<TestInstance['changes']>) {
      yield* crm.changes(kind, options);
      await saveSync(db, place, { every_seconds: 3_600 });
      if (kind === 'cases') await orderRound(db, place);
    },
  };
  const soon = async () => Number((await syncState(db, place)).next_at) < Date.now() + 60_000;
  await syncDirectory({ db, clock: systemClock, crm: busy }, connection());
  expect(await dueConnections(db, [connection()])).toHaveLength(1);
  await round();
  expect(await soon()).toBe(false);
});

test("'Pull everything again' pulls everything again, once", async () => {
  await pull();
  await syncState(db, place);
  crm.asked.length = 0;
  await saveSync(db, place, { everything_at: new Date() });
  await round();
  await round();
  expect(crm.asked.filter((one) => one.startsWith('pull contacts'))).toEqual(['pull contacts']);
});

test('a first pull that broke off is gone on with; before any there is nothing to do', async () => {
  await round();
  expect(crm.asked).toEqual([]);
  const broken = {
    ...crm,
    async *pull(...[kind, options]: Parameters<TestInstance['pull']>) {
      for await (const page of crm.pull(kind, options)) {
        yield page;
        if (kind === 'contacts') throw new CrmError('dropped', 'It broke.', { fix: '' });
      }
    },
  };
  for (const id of ['c3', 'c4']) crm.put(contact(id));
  expect(await rows('crm_case')).toEqual([]);
  const pulled = pullDirectory({ db, crm: broken }, place.organizationId, place.connectionId);
  await expect(pulled).rejects.toThrow('It broke');
  await round();
  expect(crm.asked).toContain('pull contacts c2');
  expect(await rows('contact')).toEqual(['c1', 'c2', 'c3', 'c4']);
  // The pull had not come to cases.
  expect(await rows('crm_case')).toEqual(['s1']);
});

test('one holder at a time; a pull takes over from a round, and the round then writes nothing', async () => {
  await pull();
  const held = await takeLease(db, place, 'sync');
  expect(await round()).toBe(false);
  await pull();
  await held?.end('done');
  crm.tick(600);
  crm.put(contact('c1', { phones: { phone: '030 333333' } }));
  const robbed = {
    ...crm,
    async *changes(...[kind, options]: Parameters<TestInstance['changes']>) {
      await takeLease(db, place, 'pull');
      yield* crm.changes(kind, options);
    },
  };
  const lost = syncDirectory({ db, clock: systemClock, crm: robbed }, connection());
  await expect(lost).rejects.toMatchObject({ code: 'conflict' });
  expect(await ids('030 333333')).toEqual([]);
});

test('a connection is due by its time, and never while it is stopped or being read', async () => {
  const due = async (version = 'v1') =>
    (await dueConnections(db, [{ ...connection(), version }])).length;
  expect(await due()).toBe(1);
  await pull();
  await round();
  expect(await due()).toBe(0);
  await sql`update directory_sync set next_at = now() where organization_id = ${place.organizationId}`.execute(
    db,
  );
  expect(await due()).toBe(1);
  await saveSync(db, place, { stopped_for: 'v1' });
  expect([await due(), await due('v2')]).toEqual([0, 1]);
  const lease = await takeLease(db, place, 'pull');
  expect(await due('v2')).toBe(0);
  await lease?.end('done');
});

test('failures wait longer each time, as long as the CRM asks; two refused sign-ins stop', async () => {
  const state = await syncState(db, place);
  const gone = new CrmError('timeout', 'No answer.', { fix: '', retryable: true });
  const wait = (failures: number) => afterFailure(gone, { ...state, failures }, connection());
  expect(wait(0).waitSeconds).toBeLessThanOrEqual(30);
  expect(wait(30).waitSeconds).toBeGreaterThanOrEqual(450);
  expect(wait(30).waitSeconds).toBeLessThanOrEqual(900);
  const limited = new CrmError('rate-limited', 'Slower.', { fix: '', retryAfter: 1234 });
  expect(afterFailure(limited, state, connection())).toEqual({ waitSeconds: 1234, stop: false });
  const refused = new CrmError('unauthorized', 'No.', { fix: '' });
  const again = { ...state, error_code: 'unauthorized' };
  expect(afterFailure(refused, state, connection()).stop).toBe(false);
  expect(afterFailure(refused, again, connection()).stop).toBe(true);
  expect(afterFailure(refused, state, connection('failed')).stop).toBe(true);
});

test('a round writes the connection of one organization, not that of another with the same id', async () => {
  const other = await newPlace(db, 'DE', place.connectionId);
  await pull();
  await pullDirectory({ db, crm }, other.organizationId, other.connectionId);
  crm.tick(600);
  crm.put(contact('c1', { phones: { phone: '030 333333' } }));
  crm.remove('c2');
  await round();
  const theirs = async (number: string) =>
    (await matchNumber(db, other.organizationId, callerNumber(number, 'DE'))).map(({ id }) => id);
  expect(await theirs('030 111111')).toEqual(['c1']);
  expect(await theirs('030 222222')).toEqual(['c2']);
  expect(await theirs('030 333333')).toEqual([]);
  const { rows: found } =
    await sql`select from directory_sync where organization_id = ${other.organizationId}`.execute(
      db,
    );
  expect(found).toHaveLength(0);
});
