import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveChoiceList } from '../directory/choice-store.ts';
import type { Viewer } from '../organization/viewer.ts';
import { systemClock } from '../platform/clock.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { newId } from '../platform/id.ts';
import { openWrites, overviewOf } from './mend-store.ts';
import { dropWrite, retryWrite, viewWrite } from './mend-write.ts';
import { orderWrite } from './outbox-store.ts';
import type { SettledWrite, WriteAction } from './outbox.ts';
import { fillMirror, testCompany } from './testing.ts';
import type { TestCompany } from './testing.ts';

let database: TestDatabase;
let company: TestCompany;
const settled: SettledWrite[] = [];
beforeAll(async () => {
  database = await testDatabase();
  company = await testCompany(database.db);
  await fillMirror(database.db, company, [{ id: 'ada', name: ada, raw: '030 123450', cases: 0 }]);
});
afterAll(() => database.close());

const deps = () => ({
  db: database.db,
  clock: systemClock,
  onSettled: [async (_: unknown, write: SettledWrite) => void settled.push(write)],
});
const viewer = (extension: '201' | '202', role: Viewer['role'] = 'agent'): Viewer => ({
  ...{ organizationId: company.organizationId, personId: company.people[extension], role },
  ...{ userId: 'u', name: extension, email: '', plan: 'View', extension, mayNot: [] },
  numbersMasked: false,
});

const text = { editable: true, shown: null, choices: null };
const ada = 'Ada Berg';

/** A note that the CRM refused, and another write that needs nothing of it. */
async function refused(): Promise<string> {
  const lane = newId();
  const { organizationId, connectionId, people } = company;
  const id = await orderWrite(database.db, {
    ...{ organizationId, connectionId, lane, callId: null, personId: people['201'] },
    subject: 'Case',
    action: { kind: 'create-case', values: { shortDescription: 'Broken', contactId: 'ada' } },
  });
  await orderWrite(database.db, {
    ...{ organizationId, connectionId, lane, callId: null, personId: people['201'] },
    subject: 'Note',
    action: { kind: 'add-note', case: { write: id }, visibility: 'work-note', text: 'Hello' },
  });
  await sql`update outbox_write set state = 'attention', reason = 'Priority is mandatory', settled_at = now()
    where id = ${id}`.execute(database.db);
  return id;
}

test('whose it is, and an administrator, see what it says and why; nobody else', async () => {
  const id = await refused();
  const seen = await viewWrite(database.db, viewer('201'), id);
  expect(seen).toMatchObject({
    state: 'attention',
    reason: 'Priority is mandatory',
    waitingFor: 1,
  });
  expect(seen.fields).toEqual([
    { ...text, name: 'shortDescription', value: 'Broken', label: 'Short description' },
    { ...text, name: 'contactId', value: 'ada', editable: false, label: 'Contact', shown: ada },
  ]);
  await expect(viewWrite(database.db, viewer('202'), id)).rejects.toThrow('no such write');
  await viewWrite(database.db, viewer('202', 'administrator'), id);
  const mine = await openWrites(database.db, company.organizationId, {
    personId: company.people['201'],
  });
  expect(mine[0]).toMatchObject({ id, person: 'Alice Adams' });
  expect(await overviewOf(database.db, company.organizationId)).toMatchObject([
    { connectionId: company.connectionId, waiting: 1, attention: 1, deliveredLastHour: 0 },
  ]);
});

test('choices are told and offered in the CRM’s words, fields of people in the platform’s', async () => {
  const id = await refused();
  const { organizationId, connectionId } = company;
  const choices = [{ value: '3', label: 'Moderate' }];
  await saveChoiceList(
    database.db,
    { organizationId, connectionId },
    {
      ...{ field: 'priority', choices, readAt: new Date() },
    },
  );
  const seen = async (action: WriteAction) => {
    await sql`update outbox_write set action = ${JSON.stringify(action)} where id = ${id}`.execute(
      database.db,
    );
    return (await viewWrite(database.db, viewer('201'), id)).fields;
  };
  expect(await seen({ kind: 'update-case', case: { id: 'c' }, values: { priority: '3' } })).toEqual(
    [{ ...text, name: 'priority', value: '3', label: 'Priority', shown: 'Moderate', choices }],
  );
  const values = { mobilePhone: '030', firstName: 'A' };
  expect(await seen({ kind: 'create-contact', values })).toMatchObject([
    { name: 'firstName', label: 'First name' },
    { name: 'mobilePhone', label: 'Mobile phone' },
  ]);
  expect(
    await seen({ kind: 'add-note', case: { id: 'c' }, visibility: 'customer', text: 'Hi' }),
  ).toMatchObject([{ name: 'text', label: 'Comment to the customer' }]);
});

test('it is sent again with what was edited, and that is audited; only what can be edited', async () => {
  const id = await refused();
  const bad = retryWrite(deps(), viewer('201'), id, { contactId: 'c2' });
  await expect(bad).rejects.toThrow('no such field');
  await retryWrite(deps(), viewer('201'), id, { shortDescription: 'Still broken' });
  const after = await viewWrite(database.db, viewer('201'), id);
  expect(after).toMatchObject({ state: 'waiting', reason: null });
  expect(after.fields[0]?.value).toBe('Still broken');
  await expect(retryWrite(deps(), viewer('201'), id, {})).rejects.toThrow('no attention any more');
  const { rows } = await database.pool.query<{ detail: object }>(
    `select detail from audit_entry where action = 'send write again'`,
  );
  expect(rows).toEqual([{ detail: { write: id, fields: ['shortDescription'] } }]);
});

test('who may not see numbers sends them all the same, and never their masks', async () => {
  const id = await refused();
  const action = { kind: 'add-note', case: { id: 'c' }, visibility: 'work-note' };
  const text = 'Ring +49 30 12345678';
  await sql`update outbox_write set kind = 'add-note', action = ${JSON.stringify({ ...action, text })} where id = ${id}`.execute(
    database.db,
  );
  const masked = { ...viewer('201'), numbersMasked: true };
  const send = (changed: string) => retryWrite(deps(), masked, id, { text: changed });
  await expect(send('Ring +49 ••• ••• 999 today')).rejects.toMatchObject({ code: 'invalid-input' });
  await send('Ring +49 ••• ••• 5678 today');
  const { fields } = await viewWrite(database.db, viewer('201'), id);
  expect(fields).toMatchObject([{ value: 'Ring +49 30 12345678 today' }]);
});

test('it is dropped, and whoever waits for it hears of it', async () => {
  const id = await refused();
  await dropWrite(deps(), viewer('202', 'administrator'), id);
  expect(settled).toMatchObject([{ id, outcome: 'dropped', record: null }]);
  await expect(dropWrite(deps(), viewer('201'), id)).rejects.toThrow('no attention any more');
});
