import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { newId } from '../platform/id.ts';
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
