import { Kysely, PostgresDialect } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CallRecorder } from '../calls/call-recorder.ts';
import { saveCallHandling } from '../organization/call-handling-store.ts';
import { callHandling } from '../organization/call-handling.ts';
import { setAgentsMayNot } from '../organization/organization-store.ts';
import { updatePeople } from '../organization/person-store.ts';
import { caseById } from '../directory/case-store.ts';
import { callerNumber } from '../directory/phone-number.ts';
import type { Database } from '../platform/database/database.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { newId } from '../platform/id.ts';
import { testLog } from '../platform/log.testing.ts';
import { chooseMatch } from './choose-match.ts';
import { createCase } from './create-case.ts';
import { earlierRows } from './earlier-call-store.ts';
import { finishWrapUp } from './finish-wrap-up.ts';
import { moreEarlierCalls } from './more-earlier-calls.ts';
import { RingingPhones } from './ringing.testing.ts';
import { saveNote } from './save-note.ts';
import { sendNote } from './send-note.ts';
import { chosenCandidates } from './store.ts';
import { tagCase } from './tag-case.ts';
import { fillMirror, testCompany } from './testing.ts';
import type { TestCompany } from './testing.ts';
import { watchCalls } from './watch-calls.ts';
import { newCase, noteSave } from './work-contract.ts';

let database: TestDatabase;
let company: TestCompany;
let phones: RingingPhones;
let recorder: CallRecorder;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  company = await testCompany(database.db);
  const { db } = database;
  recorder = new CallRecorder({ db, clock, log: testLog, choicesOf: chosenCandidates });
  phones = new RingingPhones(db, company, [watchCalls, recorder]);
  await fillMirror(database.db, company, [
    { id: 'ada', name: 'Ada Berg', raw: '(030) 12 34 50', cases: 2 },
    { id: 'otto', name: 'Otto Berg', raw: '040 555555', cases: 0 },
    { id: 'olga', name: 'Olga Berg', raw: '040 555555', cases: 0 },
  ]);
});

afterEach(() => recorder.close());

const clock = { now: () => phones.clock.now() };
const ada = '+49 30 123450';
const shared = '+49 40 555555';
const alice = () => phones.viewer('201', { name: 'Alice Adams' });
const bob = () => phones.viewer('202', { name: 'Bob Miller' });
const keyOf = (id: string) => `case:${company.connectionId}:${id}`;
let step = 0;
const typed = (text: string, base = 0) =>
  noteSave.parse({ text, base, editor: 'window-a', step: (step += 1) });

/** A call that is over; `during` is what the agent does while they talk. */
async function had(
  number: string,
  during: (callId: string) => Promise<unknown> = async () => undefined,
): Promise<string> {
  const callId = await phones.ring(number);
  await phones.answer(callId);
  await during(callId);
  phones.pass(65);
  await phones.hangUp(callId);
  await recorder.flush();
  return callId;
}

test('cases and contacts are found by their ids: behind the fence PostgreSQL uses no index for coalesce()', async () => {
  const asked: string[] = [];
  const spy: Database = new Kysely({
    dialect: new PostgresDialect({ pool: database.pool }),
    log: ({ query }) => void asked.push(query.sql),
  });
  const { organizationId, connectionId } = company;
  const place = { startedAt: clock.now(), callId: newId() };
  const of = { e164: '+4930123450', candidateKey: null };
  await earlierRows(spy, organizationId, [{ ...of, before: place }], { limit: 6, noteLength: 9 });
  await caseById(spy, organizationId, connectionId, 'case');
  expect(asked).toHaveLength(2);
  for (const text of asked) expect(text).not.toMatch(/[=<>] *coalesce\(/);
});

describe('the earlier calls of a caller', () => {
  test('come with the pop, newest first, with what was done, whoever did it', async () => {
    const codes = [{ id: newId(), label: 'Solved', active: true }];
    await saveCallHandling(
      database.db,
      company.organizationId,
      callHandling.parse({ wrapUp: { codes } }),
    );
    await updatePeople(database.db, company.organizationId, [
      { id: company.people['201'], role: 'agent', plan: 'Core', extension: '201', active: true },
    ]);
    const core = { ...alice(), plan: 'Core' as const };
    const missed = await phones.ring(ada);
    await phones.hangUp(missed);
    await recorder.flush();
    const first = await had(ada, async (callId) => {
      await tagCase(phones.deps, alice(), callId, keyOf('ada0'));
      const sending = { request: newId(), note: typed('Printer on fire') };
      const { work } = await sendNote(phones.deps, alice(), callId, sending);
      await saveNote(phones.deps, alice(), callId, typed('Out by noon', work.note.version));
    });
    const finish = { request: newId(), codeId: codes[0]!.id, secondsWorked: null };
    await finishWrapUp(phones.deps, core, first, finish);
    await had('+49 30 777777');
    const now = await phones.ring(ada, '202');
    const { card } = await phones.pop(now, '202');
    expect(card.earlier.next).toBeNull();
    expect(card.earlier.calls).toMatchObject([
      {
        id: first,
        direction: 'inbound',
        result: 'answered',
        secondsTalked: 66,
        agent: 'Alice Adams',
        otherParty: '',
        wrapUpCodes: ['Solved'],
        case: {
          number: 'CS0000',
          link: expect.stringContaining('sn_customerservice_case.do?sys_id=ada0'),
        },
        notes: [{ by: 'Alice Adams', text: 'Printer on fire\nOut by noon', cut: false }],
      },
      { id: missed, result: 'missed', secondsTalked: null, agent: null, notes: [], case: null },
    ]);
    await setAgentsMayNot(database.db, company.organizationId, ['earlier-calls']);
    expect((await phones.pop(now, '202')).card.earlier).toEqual({ calls: [], next: null });
    await setAgentsMayNot(database.db, company.organizationId, []);
  });

  test('of who calls again at once are there, before anybody has looked up whose call that was', async () => {
    const first = await phones.ring(ada);
    const { organizationId } = company;
    recorder.matched({
      ...{ organizationId, callId: first, candidates: [] },
      number: callerNumber(ada, 'DE'),
    });
    await recorder.flush();
    await phones.hangUp(first);
    const { card } = await phones.pop(await phones.ring(ada));
    expect(card.earlier.calls.map(({ id }) => id)).toEqual([first]);
  });

  test('a new case has no link until it is made, and none counts that was given up', async () => {
    const request = newCase.parse({ request: newId(), shortDescription: 'Printer' });
    await had(ada, (callId) => createCase(phones.deps, alice(), callId, request));
    const earlier = async () => (await phones.pop(await phones.ring(ada))).card.earlier.calls[0];
    expect((await earlier())?.case).toEqual({
      number: '',
      shortDescription: 'Printer',
      link: null,
    });
    await database.pool.query(
      `update outbox_write set state = 'delivered', record_type = 'case', record_id = 'new1', record_number = 'CS77'
       where organization_id = $1`,
      [company.organizationId],
    );
    expect((await earlier())?.case).toMatchObject({ number: 'CS77' });
    await database.pool.query(
      `update outbox_write set state = 'dropped', record_id = null where organization_id = $1`,
      [company.organizationId],
    );
    expect((await earlier())?.case).toBeNull();
  });

  test('of several with the number are all calls with it, and who they were with is said', async () => {
    const otto = `contact:${company.connectionId}:otto`;
    await had(shared, (callId) => chooseMatch(phones.deps, alice(), callId, otto));
    await had(shared);
    const now = await phones.ring(shared);
    const parties = async () =>
      (await phones.pop(now)).card.earlier.calls.map(({ otherParty }) => otherParty);
    expect(await parties()).toEqual(['', 'Otto Berg']);
    await chooseMatch(phones.deps, alice(), now, otto);
    expect(await parties()).toEqual(['', '']);
    await chooseMatch(phones.deps, alice(), now, `contact:${company.connectionId}:olga`);
    expect(await parties()).toEqual(['', 'Otto Berg']);
  });

  test('are found by the record too, whatever number was used, and never before or beside it', async () => {
    const earlier = await had('+49 171 5550000');
    const { pool } = database;
    await pool.query('update call_record set candidate_key = $1 where call_id = $2', [
      `contact:${company.connectionId}:ada`,
      earlier,
    ]);
    const now = await had(ada);
    await had(ada);
    const pop = await phones.pop(now);
    expect(pop.card.earlier.calls.map(({ id }) => id)).toEqual([earlier]);
    for (const nobody of ['anonymous', '<script>'])
      expect((await phones.pop(await phones.ring(nobody))).card.earlier.calls).toEqual([]);
  });

  test('are five; more are asked for page by page, by whoever has the call', async () => {
    const first = await had(ada);
    // 25 more before it.
    const columns =
      'phone_system_id, direction, from_number, to_number, result, cause, last_event_at';
    await database.pool.query(
      `with earlier as (
        insert into call (organization_id, id, source_id, started_at, ${columns})
        select organization_id, gen_random_uuid(), 'earlier' || n, started_at - make_interval(mins => n), ${columns}
        from call, generate_series(1, 25) n where id = $1
        returning *
      )
      insert into call_record (organization_id, call_id, started_at, direction, result, e164)
      select organization_id, id, started_at, direction, result, '+4930123450' from earlier`,
      [first],
    );
    const long = 'x'.repeat(4000);
    await had(ada, (callId) => saveNote(phones.deps, alice(), callId, typed(long)));
    const now = await phones.ring(ada);
    const { calls, next } = (await phones.pop(now)).card.earlier;
    expect(calls).toHaveLength(5);
    expect(calls[0]?.notes[0]).toMatchObject({ text: long.slice(0, 600), cut: true });
    expect(calls[1]?.id).toBe(first);
    const page = await moreEarlierCalls(database.db, alice(), now, next!);
    expect(page.calls).toHaveLength(20);
    const last = await moreEarlierCalls(database.db, alice(), now, page.next!);
    expect([last.calls.length, last.next]).toEqual([2, null]);
    const all = [...calls, ...page.calls, ...last.calls];
    expect(all).toEqual(all.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt)));
    expect(new Set(all.map(({ id }) => id)).size).toBe(27);
    const whole = await moreEarlierCalls(database.db, alice(), now, undefined);
    expect(whole.calls[0]?.notes[0]).toMatchObject({ text: long, cut: false });
    await expect(moreEarlierCalls(database.db, bob(), now, next!)).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(moreEarlierCalls(database.db, alice(), now, 'x')).rejects.toMatchObject({
      code: 'invalid-input',
      fields: [{ field: 'after' }],
    });
  });

  test('stay within the organization', async () => {
    await had(ada, (callId) => saveNote(phones.deps, alice(), callId, typed('Ours')));
    const other = await testCompany(database.db);
    const elsewhere = new RingingPhones(database.db, other);
    elsewhere.pass(3600);
    const pop = await elsewhere.pop(await elsewhere.ring(ada));
    expect(pop.card.earlier.calls).toEqual([]);
  });
});
