import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CallRecorder } from '../calls/call-recorder.ts';
import { bookMissedCalls } from '../desk/book-missed-calls.ts';
import { setMissedCallClosed } from '../desk/close-missed-call.ts';
import { logCalls } from '../desk/log-calls.ts';
import { noteMissedCalls } from '../desk/note-missed-calls.ts';
import { RingingPhones } from '../desk/ringing.testing.ts';
import { saveNote } from '../desk/save-note.ts';
import { chosenCandidates } from '../desk/store.ts';
import { fillMirror, testCompany } from '../desk/testing.ts';
import type { TestCompany } from '../desk/testing.ts';
import { watchCalls } from '../desk/watch-calls.ts';
import { noteSave } from '../desk/work-contract.ts';
import { changesOf } from '../organization/audit-store.ts';
import { saveCallHandling } from '../organization/call-handling-store.ts';
import { callHandling } from '../organization/call-handling.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { testLog } from '../platform/log.testing.ts';
import { forgetCalls } from './forget-calls.ts';
import { previewRetention } from './preview-retention.ts';

let database: TestDatabase;
let company: TestCompany;
let phones: RingingPhones;
let recorder: CallRecorder;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  const { db } = database;
  company = await testCompany(db);
  const clock = { now: () => phones.clock.now() };
  recorder = new CallRecorder({ db, clock, log: testLog, choicesOf: chosenCandidates });
  phones = new RingingPhones(db, company, [watchCalls, noteMissedCalls(0), recorder]);
  await fillMirror(db, company, [{ id: 'ada', name: 'Ada Berg', raw: '030 123450', cases: 0 }]);
});

const number = '+49 30 123450';
const day = 86_400_000;
/** The ids of calls carry the machine's time, their facts the time of the test's clock: later than both. */
const after = (days: number) => ({
  now: () => new Date(Math.max(Date.now(), phones.clock.now().getTime()) + days * day + 60_000),
});

/** A call that is over and looked after: noted by the agent, wrapped up, written to the CRM. */
async function had({ wrapUp = true, delivered = true } = {}): Promise<string> {
  const callId = await phones.ring(number);
  await phones.answer(callId);
  const alice = phones.viewer('201', { plan: 'Core' });
  const note = noteSave.parse({ text: 'Scanner', base: 0, editor: 'window-a', step: 1 });
  await saveNote(phones.deps, alice, callId, note);
  phones.pass(60);
  await phones.hangUp(callId);
  if (wrapUp)
    await sql`update call_wrap_up set finished_at = now(), finished_by = 'limit' where call_id = ${callId}`.execute(
      database.db,
    );
  await lookAfter(delivered);
  return callId;
}

async function lookAfter(delivered = true): Promise<void> {
  await recorder.flush();
  await logCalls(database);
  await bookMissedCalls({ db: database.db, log: testLog });
  if (delivered)
    await sql`update outbox_write set state = 'delivered', settled_at = now()
      where organization_id = ${company.organizationId}`.execute(database.db);
}

async function missed(): Promise<string> {
  const callId = await phones.ring(number);
  await phones.hangUp(callId);
  phones.pass(60);
  await lookAfter();
  return callId;
}

const keep = (retention: object) =>
  saveCallHandling(database.db, company.organizationId, callHandling.parse({ retention }));
const forget = (days: number, limits?: { batch: number; mostBatches: number }) =>
  forgetCalls({ db: database.db, clock: after(days), log: testLog }, undefined, limits);

async function left(table: string): Promise<string[]> {
  const key = table === 'call' ? 'id' : 'call_id';
  const { rows } = await sql<{ id: string }>`
    select distinct ${sql.ref(key)} as id from ${sql.table(table)}
    where organization_id = ${company.organizationId} order by 1`.execute(database.db);
  return rows.map(({ id }) => id);
}
const preview = (days: number, kept: { calls?: number; notes?: number; events?: number }) =>
  previewRetention(
    { db: database.db, clock: after(days) },
    phones.viewer('201', { role: 'administrator' }),
    { calls: null, notes: null, events: null, ...kept },
  );

test('calls are kept for ever until somebody says otherwise, then go when they are old enough', async () => {
  const callId = await had();
  await forget(3650);
  expect(await left('call')).toEqual([callId]);
  await keep({ calls: 30 });
  await forget(29);
  expect(await left('call')).toEqual([callId]);
  await forget(30);
  for (const table of ['call', 'leg', 'call_event', 'call_record', 'call_note', 'outbox_write'])
    expect(await left(table), table).toEqual([]);
  const changes = await changesOf(database.db, company.organizationId, {
    ...{ q: 'delete old calls', from: null, to: null, before: null, limit: 10 },
  });
  expect(changes).toMatchObject([{ personName: 'Ringside', detail: { calls: 1 } }]);
});

test('a call stays while it goes on, waits for the CRM, is wrapped up or waits for a call back', async () => {
  const open = await phones.ring(number);
  const unwrapped = await had({ wrapUp: false });
  const waiting = await had({ delivered: false });
  const waited = await missed();
  await sql`update outbox_write set state = 'attention', settled_at = now()
    where call_id = ${waiting}`.execute(database.db);
  await keep({ calls: 30, notes: 30, events: 30 });
  expect(await preview(31, { calls: 30, notes: 30 })).toMatchObject({ calls: 0, held: 3 });
  await forget(31);
  expect(await left('call')).toEqual([open, unwrapped, waited, waiting].toSorted());
  expect(await left('call_note')).toEqual([unwrapped, waiting].toSorted());
  expect(await left('call_event')).toEqual([open]);
  expect(await left('outbox_write')).toContain(waiting);

  await sql`update outbox_write set state = 'dropped' where call_id = ${waiting}`.execute(
    database.db,
  );
  const { rows } = await sql<{ id: string }>`select id from missed_call
    where organization_id = ${company.organizationId}`.execute(database.db);
  const alice = phones.viewer('201', { role: 'administrator', plan: 'Core' });
  await setMissedCallClosed(phones.deps, alice, rows[0]!.id, true);
  await forget(31);
  expect(await left('call')).toEqual([open, unwrapped].toSorted());
  expect(await left('outbox_write')).not.toContain(waiting);
});

test('notes and events go before their call, and what was written of them', async () => {
  const callId = await had();
  await sql`insert into outbox_write (organization_id, id, connection_id, lane, call_id, subject, kind, action, state)
    values (${company.organizationId}, gen_random_uuid(), ${company.connectionId}, 'x', ${callId}, 'Note', 'add-note',
      '{}', 'dropped')`.execute(database.db);
  await keep({ calls: null, notes: 40, events: 35 });
  expect(await preview(36, { notes: 40, events: 35 })).toEqual({
    ...{ calls: 0, held: 0, notes: 0, journals: 1 },
  });
  await forget(36);
  expect([await left('call_note'), await left('call_event')]).toEqual([[callId], []]);
  expect(await preview(41, { notes: 40, events: 35 })).toMatchObject({ notes: 1, journals: 0 });
  await forget(41);
  expect([await left('call_note'), await left('call')]).toEqual([[], [callId]]);
  const { rows } =
    await sql`select from outbox_write where call_id = ${callId} and kind = 'add-note'`.execute(
      database.db,
    );
  expect(rows).toEqual([]);
});

test('a night does so much and the next the rest; other organizations keep what they keep', async () => {
  const calls = [await had(), await had(), await had()];
  await keep({ calls: 30 });
  const [ours, theirs] = [company, await testCompany(database.db)];
  company = theirs;
  phones = new RingingPhones(database.db, theirs, [watchCalls, recorder]);
  const other = await had();
  company = ours;
  await forget(31, { batch: 1, mostBatches: 2 });
  expect(await left('call')).toEqual([calls[2]]);
  await forget(31, { batch: 1, mostBatches: 2 });
  expect(await left('call')).toEqual([]);
  company = theirs;
  expect(await left('call')).toEqual([other]);
});
