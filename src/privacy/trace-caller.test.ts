import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CallRecorder } from '../calls/call-recorder.ts';
import { chooseMatch } from '../desk/choose-match.ts';
import { orderWrite } from '../desk/outbox-store.ts';
import { RingingPhones } from '../desk/ringing.testing.ts';
import { saveNote } from '../desk/save-note.ts';
import { chosenCandidates } from '../desk/store.ts';
import { fillMirror, testCompany } from '../desk/testing.ts';
import type { TestCompany } from '../desk/testing.ts';
import { watchCalls } from '../desk/watch-calls.ts';
import { noteSave } from '../desk/work-contract.ts';
import { changesOf } from '../organization/audit-store.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { testLog } from '../platform/log.testing.ts';
import { eraseCaller, exportTraces, summarizeTraces } from './trace-caller.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const ada = '+4930123450';
const shared = '+4940555555';
const otherNumber = '+49891234567';

/** An organization with a call of each of three numbers; Otto was chosen for the shared one. */
async function office() {
  const { db } = database;
  const company: TestCompany = await testCompany(db);
  const clock = { now: () => phones.clock.now() };
  const recorder = new CallRecorder({ db, clock, log: testLog, choicesOf: chosenCandidates });
  const phones: RingingPhones = new RingingPhones(db, company, [watchCalls, recorder]);
  await fillMirror(db, company, [
    { id: 'ada', name: 'Ada Berg', raw: ada, cases: 0 },
    { id: 'otto', name: 'Otto Berg', raw: shared, cases: 0 },
    { id: 'olga', name: 'Olga Berg', raw: shared, cases: 0 },
  ]);
  const had = async (number: string, chosen: string | null = null): Promise<string> => {
    const callId = await phones.ring(number);
    await phones.answer(callId);
    const alice = phones.viewer('201', { plan: 'Core' });
    const words = { text: `Note about ${number}`, base: 0, editor: 'window-a', step: 1 };
    await saveNote(phones.deps, alice, callId, noteSave.parse(words));
    if (chosen !== null) await chooseMatch(phones.deps, alice, callId, keyOf(chosen));
    phones.pass(60);
    await phones.hangUp(callId);
    await recorder.flush();
    return callId;
  };
  const keyOf = (id: string) => `contact:${company.connectionId}:${id}`;
  const calls = {
    ada: await had(ada),
    otto: await had(shared, 'otto'),
    open: await had(shared, 'olga'),
    other: await had(otherNumber),
  };
  const { organizationId, connectionId } = company;
  const write = (callId: string, text: string) =>
    orderWrite(db, {
      ...{ organizationId, connectionId, lane: callId, callId, personId: null, subject: 'Note' },
      action: { kind: 'add-note', case: { id: 'case1' }, visibility: 'work-note', text },
    });
  await write(calls.ada, 'Sent about Ada');
  await write(calls.otto, 'Sent about Otto');
  // What the hub's jobs do in the minutes after a call.
  await sql`update call_wrap_up set finished_at = now(), finished_by = 'limit' where organization_id = ${organizationId}`.execute(
    db,
  );
  await sql`delete from call_log_due where organization_id = ${organizationId}`.execute(db);
  const deliver = () =>
    sql`update outbox_write set state = 'delivered', settled_at = now(), record_type = 'case',
      record_id = 'case1', record_number = 'CS1' where organization_id = ${organizationId}`.execute(
      db,
    );
  const admin = phones.viewer('201', { role: 'administrator', name: 'Alice Adams' });
  return { company, phones, calls, keyOf, admin, deliver };
}

/** Hints (`notice`) name a call by its id alone, and are gone once every node has had the time to read them. */
const leftOut = ['contact', 'phone_number', 'search_posting', 'notice'];

async function textOf(organizationId: string): Promise<string> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where column_name = 'organization_id' and table_schema = current_schema()`.execute(database.db);
  let all = '';
  for (const { name } of tables) {
    const { rows } = await sql<{ text: string }>`
      select coalesce(string_agg(t::text, E'\n'), '') as text from ${sql.table(name)} as t
      where organization_id = ${organizationId}`.execute(database.db);
    if (!leftOut.includes(name)) all += rows[0]!.text;
  }
  return all;
}

test('all that is held of a number is exported, and nothing of anybody else', async () => {
  const { phones, admin, calls, company } = await office();
  const { name, summary, rows } = await exportTraces(phones.deps, admin, '030 12 34 50');
  expect(name).toBe(ada);
  expect(summary).toMatchObject({
    counts: { calls: 1, notes: 1, writes: 1 },
    busy: 1,
    mirrored: 1,
  });
  expect(rows['calls']).toMatchObject([{ id: calls.ada, from_number: ada }]);
  expect(rows['notes']).toMatchObject([{ text: `Note about ${ada}` }]);
  expect(rows['writes']).toMatchObject([{ action: { text: 'Sent about Ada' } }]);
  expect(rows['found']).toMatchObject([{ e164: ada }]);
  const text = JSON.stringify(rows);
  expect(text).not.toContain('555555');
  expect(text).not.toContain(company.organizationId);
});

test('a record of the CRM is named once, with the number that any of its traces has', async () => {
  const { phones, admin, calls, company, deliver } = await office();
  const { organizationId, connectionId } = company;
  await deliver();
  await sql`update outbox_write set record_number = null where organization_id = ${organizationId}`.execute(
    database.db,
  );
  await sql`insert into call_case (organization_id, call_id, connection_id, case_id, lane, number, short_description, tagged_at)
    values (${organizationId}, ${calls.ada}, ${connectionId}, 'case1', 'lane', 'CS1', 'Leaks', now())`.execute(
    database.db,
  );
  const { kept } = await summarizeTraces(phones.deps, admin, ada);
  expect(kept).toEqual([{ connectionId, type: 'case', id: 'case1', number: 'CS1' }]);
});

test('what waits for the CRM is not erased, nor without the number typed; then nothing is left here', async () => {
  const { phones, admin, calls, company, deliver } = await office();
  const erase = (confirm: string) => eraseCaller(phones.deps, admin, { who: ada, confirm });
  await expect(erase('yes')).rejects.toMatchObject({ code: 'invalid-input' });
  await expect(erase(ada)).rejects.toMatchObject({ code: 'conflict' });
  await deliver();
  expect(await textOf(company.organizationId)).toContain('Sent about Ada');
  const erased = await erase(ada);
  expect(erased).toMatchObject({ counts: { calls: 1, notes: 1, writes: 1 }, mirrored: 1 });
  expect(erased.kept).toEqual([
    { connectionId: company.connectionId, type: 'case', id: 'case1', number: 'CS1' },
  ]);
  const left = await textOf(company.organizationId);
  for (const trace of [ada, 'Ada Berg', 'Sent about Ada', calls.ada])
    expect(left).not.toContain(trace);
  for (const other of [otherNumber, shared, 'Sent about Otto']) expect(left).toContain(other);
  const audit = await changesOf(database.db, company.organizationId, {
    ...{ q: 'erase', from: null, to: null, before: null, limit: 5 },
  });
  expect(audit).toMatchObject([{ action: 'erase traces', detail: { calls: 1 } }]);
  const { counts } = await summarizeTraces(phones.deps, admin, ada);
  expect(Object.values(counts).every((many) => many === 0)).toBe(true);
});

test('of a contact go their own calls, and their name where they were one of several', async () => {
  const { phones, admin, calls, company, keyOf, deliver } = await office();
  await deliver();
  const who = keyOf('otto');
  const erased = await eraseCaller(phones.deps, admin, { who, confirm: 'Otto Berg' });
  expect(erased.counts).toMatchObject({ calls: 1, writes: 1, choices: 2 });
  const left = await textOf(company.organizationId);
  for (const trace of ['Otto Berg', who, 'Sent about Otto', calls.otto])
    expect(left).not.toContain(trace);
  for (const other of ['Olga Berg', calls.open, calls.ada]) expect(left).toContain(other);
});

test('it is for administrators, and for their own organization', async () => {
  const { phones, admin, keyOf } = await office();
  const other = await office();
  const agent = phones.viewer('201', { role: 'supervisor' });
  await expect(summarizeTraces(phones.deps, agent, ada)).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(exportTraces(phones.deps, agent, ada)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(eraseCaller(phones.deps, agent, { who: ada, confirm: ada })).rejects.toMatchObject({
    code: 'forbidden',
  });
  const theirs = other.keyOf('ada');
  await expect(summarizeTraces(phones.deps, admin, theirs)).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(summarizeTraces(phones.deps, admin, 'nobody')).rejects.toMatchObject({
    code: 'invalid-input',
  });
  await other.deliver();
  await eraseCaller(other.phones.deps, other.admin, { who: ada, confirm: ada });
  expect((await summarizeTraces(phones.deps, admin, ada)).counts.calls).toBe(1);
  expect((await summarizeTraces(phones.deps, admin, keyOf('ada'))).name).toBe('Ada Berg');
});
