import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { sql } from 'kysely';
import { CrmError } from '../crm/crm-error.ts';
import type { CrmPlatform } from '../crm/port.ts';
import { setConnectionState } from '../organization/connection-store.ts';
import { systemClock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { testDatabase } from '../platform/database/testing.ts';
import { testLog } from '../platform/log.testing.ts';
import { createSecretBox } from '../platform/secret-box.ts';
import { testInstance } from './instance.testing.ts';
import type { TestInstance } from './instance.testing.ts';
import { matchNumber } from './match-number.ts';
import { MirrorKeeper } from './mirror-keeper.ts';
import { OpenCrms } from './open-crms.ts';
import { callerNumber } from './phone-number.ts';
import { pullDirectory } from './pull-directory.ts';
import type { Place } from './record-store.ts';
import { orderRound, saveSync, syncState } from './sync-store.ts';
import { contact, newPlace, openCase } from './testing.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
let place: Place;
let crm: TestInstance;
/** What the CRM does instead of telling its changes. */
let fault: CrmError | null;
let crms: OpenCrms;
let keepers: MirrorKeeper[] = [];
/** Organizations that a keeper told changes of. */
let changed: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(() => database.close());
beforeEach(async () => {
  place = await newPlace(db);
  crm = testInstance();
  fault = null;
  changed = [];
  crm.put(contact('c1', { phones: { phone: '030 111111' } }));
  crm.put(openCase('s1', { contactId: 'c1' }));
  const connect = () => ({
    ...crm,
    link: () => '',
    resume: () => undefined,
    close: async () => undefined,
    async *changes(...[kind, options]: Parameters<TestInstance['changes']>) {
      if (fault !== null) throw fault;
      yield* crm.changes(kind, options);
    },
  });
  const platform = { id: 'fake', title: 'Fake', fields: [], guide: [], connect };
  const platforms = [platform as unknown as CrmPlatform];
  crms = new OpenCrms({ db, secretBox: createSecretBox(Buffer.alloc(32)), platforms });
});
afterEach(async () => {
  await Promise.all(keepers.map((keeper) => keeper.close()));
  keepers = [];
  await crms.close();
  // Keepers look at every organization's connections.
  await sql`delete from crm_connection where organization_id = ${place.organizationId}`.execute(db);
});

const keep = (): void =>
  void keepers.push(
    new MirrorKeeper({
      ...{ db, clock: systemClock, log: testLog, crms },
      mirrorChanged: async (organizationId) => void changed.push(organizationId),
    }),
  );
const check = (state: 'ok' | 'failed' = 'ok') =>
  setConnectionState(db, place.organizationId, place.connectionId, state, new Date());
const pull = () => pullDirectory({ db, crm }, place.organizationId, place.connectionId);
const due = () => orderRound(db, place);
const state = () => syncState(db, place);
const who = async (number: string) =>
  (await matchNumber(db, place.organizationId, callerNumber(number, 'DE'))).map(({ id }) => id);
const until = (seen: () => Promise<void>) => vi.waitFor(seen, { timeout: 30_000, interval: 100 });
const wait = { timeout: 60_000 };

test('what changes in the CRM is here by itself, and the next round is set', wait, async () => {
  await pull();
  await check();
  crm.tick(600);
  crm.put(contact('c1', { phones: { phone: '030 222222' } }));
  keep();
  await until(async () => expect(await who('030 222222')).toEqual(['c1']));
  await until(async () => expect(Number((await state()).next_at)).toBeGreaterThan(Date.now()));
  expect(changed).toEqual([place.organizationId]);
  // A round that finds nothing new tells nothing.
  crm.asked.length = 0;
  await due();
  await until(async () => expect(crm.asked).toContain('changes cases'));
  await until(async () => expect(Number((await state()).next_at)).toBeGreaterThan(Date.now()));
  expect(changed).toEqual([place.organizationId]);
});

test('a connection that was never checked is left alone', wait, async () => {
  await pull();
  crm.asked.length = 0;
  keep();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(crm.asked).toEqual([]);
});

test(
  'a saved interval and days of cases are obeyed by a node that slept on the old ones',
  wait,
  async () => {
    crm = Object.assign(crm, testInstance({ start: Date.now() - 50 * 86_400_000 }));
    crm.put(contact('c1'));
    crm.put(openCase('s50', { contactId: 'c1', open: false }));
    crm.tick(50 * 86_400);
    crm.put(openCase('s0', { contactId: 'c1' }));
    await pull();
    await check();
    await state();
    await sql`update directory_sync set every_seconds = 86400, next_at = now() + interval '1 day'
    where organization_id = ${place.organizationId}`.execute(db);
    keep();
    await saveSync(db, place, { every_seconds: 3_600, case_days: 30 });
    await due();
    const cases = async () => {
      const { rows } = await sql<{ id: string }>`select id from crm_case
      where organization_id = ${place.organizationId}`.execute(db);
      return rows.map(({ id }) => id);
    };
    await until(async () => expect(await cases()).toEqual(['s0']));
    await until(async () => {
      const ahead = Number((await state()).next_at) - Date.now();
      expect(ahead).toBeGreaterThan(0);
      expect(ahead).toBeLessThanOrEqual(3_600_000);
    });
  },
);

test('two nodes share the rounds: one reads, the other finds nothing due', wait, async () => {
  await pull();
  await check();
  crm.asked.length = 0;
  keep();
  keep();
  await until(async () => expect(crm.asked).toContain('changes cases'));
  await until(async () => expect(Number((await state()).next_at)).toBeGreaterThan(Date.now()));
  expect(crm.asked.filter((one) => one === 'changes contacts')).toHaveLength(1);
});

test(
  'a failure is noted with its mend and waited out; two refused sign-ins stop until somebody looks',
  wait,
  async () => {
    await pull();
    await check();
    fault = new CrmError('unauthorized', 'The password is wrong.', { fix: 'Type it again.' });
    keep();
    await until(async () => expect((await state()).failures).toBe(1));
    expect(await state()).toMatchObject({
      error_code: 'unauthorized',
      error_message: 'The password is wrong.',
      error_fix: 'Type it again.',
      stopped_for: null,
    });
    await until(async () => expect(Number((await state()).next_at)).toBeGreaterThan(Date.now()));
    await due();
    await until(async () => expect((await state()).stopped_for).not.toBeNull());
    // Ordered or not, no third one.
    await due();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await state()).failures).toBe(2);
    fault = null;
    await check();
    await due();
    await until(async () => expect((await state()).error_code).toBeNull());
  },
);

test('what broke down inside is told without its inner words', wait, async () => {
  await pull();
  await check();
  fault = new Error('select secret from nowhere') as CrmError;
  keep();
  await until(async () => expect((await state()).error_code).toBe('internal'));
  expect((await state()).error_message).not.toContain('secret');
});

test('closing waits for the round, which then no longer writes', wait, async () => {
  await pull();
  await check();
  crm.tick(600);
  crm.put(contact('c1', { phones: { phone: '030 222222' } }));
  const { changes } = crm;
  const { promise: open, resolve } = Promise.withResolvers<void>();
  let begun = false;
  crm.changes = async function* (kind, options) {
    begun = true;
    await open;
    yield* changes.call(crm, kind, options);
  };
  keep();
  await until(async () => expect(begun).toBe(true));
  const closed = Promise.all(keepers.map((keeper) => keeper.close()));
  resolve();
  await closed;
  expect(await who('030 111111')).toEqual(['c1']);
  // A stop is no failure of the CRM.
  expect((await state()).error_code).toBeNull();
});
