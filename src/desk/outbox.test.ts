import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { newId } from '../platform/id.ts';
import { forgetWrites } from './forget-writes.ts';
import { orderWrite, writesOfCalls } from './outbox-store.ts';
import { dependenciesOf } from './outbox.ts';
import type { NewWrite } from './outbox.ts';
import { testCompany } from './testing.ts';
import type { TestCompany } from './testing.ts';

let database: TestDatabase;
let company: TestCompany;
beforeAll(async () => {
  database = await testDatabase();
  company = await testCompany(database.db);
});
afterAll(() => database.close());

const noteFor = (callId: string): NewWrite => ({
  ...{ organizationId: company.organizationId, connectionId: company.connectionId },
  ...{ lane: callId, callId, personId: company.people['201'], subject: 'Note on CS0001' },
  action: { kind: 'add-note', case: { id: 'case1' }, visibility: 'work-note', text: 'Hello' },
});

test('a write is ordered with the transaction, and not at all when that fails', async () => {
  const { db } = database;
  const callId = newId();
  const id = await db.transaction().execute((trx) => orderWrite(trx, noteFor(callId)));
  await expect(
    db.transaction().execute(async (trx) => {
      await orderWrite(trx, noteFor(callId));
      throw new Error('the rest of it failed');
    }),
  ).rejects.toThrow('the rest');
  const writes = await writesOfCalls(db, company.organizationId, [callId, newId()]);
  expect([...writes.keys()]).toEqual([callId]);
  const waiting = { id, kind: 'add-note', state: 'waiting', record: null, reason: null };
  expect(writes.get(callId)).toMatchObject([waiting]);
});

test('an action names the writes whose records it needs', () => {
  const values = { shortDescription: 'Broken' };
  expect(dependenciesOf({ kind: 'create-case', values, contact: { write: 'w1' } })).toEqual(['w1']);
  expect(dependenciesOf({ kind: 'update-case', case: { id: 'c1' }, values })).toEqual([]);
});

test('what was delivered long ago is forgotten in small steps; what is open, needed or dropped stays', async () => {
  const { db, pool } = database;
  const own = await testCompany(db);
  const lane = newId();
  const write = (action: NewWrite['action']): NewWrite => ({
    ...{ organizationId: own.organizationId, connectionId: own.connectionId },
    ...{ lane, callId: null, personId: null, subject: 'Write', action },
  });
  const note = {
    kind: 'add-note',
    case: { id: 'c1' },
    visibility: 'work-note',
    text: 'x',
  } as const;
  const ids: Record<string, string> = {};
  const order = async (
    name: string,
    state: string,
    days: number,
    action = note as NewWrite['action'],
  ) => {
    ids[name] = await orderWrite(db, write(action));
    await pool.query(
      `update outbox_write set state = $2, settled_at = case when $2 = 'waiting' then null else now() - make_interval(days => $3) end
       where id = $1`,
      [ids[name], state, days],
    );
  };
  for (let old = 0; old < 5; old += 1) await order(`old ${old}`, 'delivered', 31);
  await order('young', 'delivered', 29);
  await order('dropped', 'dropped', 31);
  await order('attention', 'attention', 31);
  await order('case', 'delivered', 31, { kind: 'create-case', values: { shortDescription: 'x' } });
  await order('waiting', 'waiting', 31, { ...note, case: { write: ids['case']! } });
  const deps = { db, clock: systemClock };
  // The first is spent on the other organization, which has nothing to forget.
  expect(await forgetWrites(deps, { batch: 2, mostBatches: 3 })).toBe(4);
  expect(await forgetWrites(deps, { batch: 2, mostBatches: 100 })).toBe(1);
  const { rows } = await pool.query<{ id: string }>(
    'select id from outbox_write where organization_id = $1 order by position',
    [own.organizationId],
  );
  const stayed = ['young', 'dropped', 'attention', 'case', 'waiting'].map((name) => ids[name]);
  expect(rows.map(({ id }) => id)).toEqual(stayed);
  expect(await forgetWrites(deps)).toBe(0);
});
