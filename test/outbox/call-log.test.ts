import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PartyFound } from '../../src/calls/call-match-store.ts';
import { CallRecorder } from '../../src/calls/call-recorder.ts';
import { receiveEvents } from '../../src/calls/receive-events.ts';
import { runningCalls } from '../../src/calls/store.ts';
import { callWebhooks } from '../../src/desk/call-webhooks.ts';
import { DeskHub } from '../../src/desk/desk-hub.ts';
import { noteMissedCalls } from '../../src/desk/note-missed-calls.ts';
import { noteTestShown } from '../../src/desk/note-test-shown.ts';
import { watchCalls } from '../../src/desk/watch-calls.ts';
import type { Viewer } from '../../src/organization/viewer.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { testLog } from '../../src/platform/log.testing.ts';
import { createNotifier } from '../../src/platform/notifier.ts';
import type { RunningNotifier } from '../../src/platform/notifier.ts';
import { placeTestCall, showTestCall } from '../../src/systems-check/place-test-call.ts';
import { presentTestCall } from '../../src/systems-check/test-call.ts';
import { createTestCaller } from '../../src/systems-check/test-caller.ts';
import type { TestCaller } from '../../src/systems-check/test-caller.ts';
import { newContact } from '../../src/desk/caller-contract.ts';
import { createCase } from '../../src/desk/create-case.ts';
import { createContact } from '../../src/desk/create-contact.ts';
import { finishWrapUp } from '../../src/desk/finish-wrap-up.ts';
import { logCalls } from '../../src/desk/log-calls.ts';
import { RingingPhones } from '../../src/desk/ringing.testing.ts';
import { fillMirror, readStream } from '../../src/desk/testing.ts';
import type { ReadStream } from '../../src/desk/testing.ts';
import { openWrites } from '../../src/desk/mend-store.ts';
import { retryWrite } from '../../src/desk/mend-write.ts';
import { newCase } from '../../src/desk/work-contract.ts';
import { callHandling } from '../../src/organization/call-handling.ts';
import { saveCallHandling } from '../../src/organization/call-handling-store.ts';
import { newId } from '../../src/platform/id.ts';
import { startOutboxOffice } from '../support/outbox.ts';
import type { OutboxOffice } from '../support/outbox.ts';
import { createNumberMask } from '../../src/directory/number-mask.ts';

const numberMask = createNumberMask(Buffer.alloc(32));

let office: OutboxOffice;
let phones: RingingPhones;
let ada: { sysId: string; number: string };

beforeAll(async () => {
  office = await startOutboxOffice();
  phones = new RingingPhones(office.db, office.company);
  ada = office.sandbox.lookups.uniqueContact();
  const raw = ada.number;
  await fillMirror(office.db, office.company, [{ id: ada.sysId, name: 'Ada Berg', raw, cases: 0 }]);
  await office.startPump();
  await office.startPump();
});
afterAll(() => office.close());
beforeEach(() => office.sandbox.faults.set([]));

/** Waits until nothing is to be looked at or sent any more. */
async function settled(): Promise<void> {
  for (;;) {
    await logCalls({ db: office.db });
    const { rows } = await sql<{ open: boolean }>`
      select exists (select from call_log_due)
        or exists (select from outbox_write where state in ('waiting', 'sending')) as open`.execute(
      office.db,
    );
    if (rows[0]?.open === false) return;
    await sleep(30);
  }
}

const interactionsOf = (callId: string) =>
  office.sandbox.records.find('interaction', `correlation_id=${callId}`);
const allInteractions = () => office.sandbox.records.find('interaction', '').length;
function notesOf(id: string | undefined): string {
  const entries = office.sandbox.instance.database.store('sys_journal_field');
  return [...entries.edited()]
    .filter((entry) => entries.value(entry, 'element_id') === id)
    .map((entry) => entries.value(entry, 'value'))
    .join('\n');
}

describe('every call is written down when it ends, once', () => {
  test('with its journey, its contact and who had it last', async () => {
    const callId = await phones.ring(ada.number);
    await phones.answer(callId);
    await phones.transfer(callId, '201', '202');
    phones.pass(125);
    await phones.hangUp(callId);
    await settled();
    const [record, ...more] = interactionsOf(callId);
    expect(more).toEqual([]);
    expect(record).toMatchObject({
      type: 'phone',
      direction: 'inbound',
      state: 'closed_complete',
      contact: ada.sysId,
      opened_for: ada.sysId,
      assigned_to: 'user202',
    });
    expect(record?.['short_description']).toMatch(
      /^Inbound call from Ada Berg \(.*\): answered by Bob Miller, 2 min \d+ s$/,
    );
    const journey = notesOf(record?.['sys_id']).replaceAll(/\d\d:\d\d:\d\d/g, 'TIME');
    expect(journey).toContain(
      [
        'TIME Rang Alice Adams',
        'TIME Alice Adams answered',
        'TIME Rang Bob Miller',
        'Transferred (blind) by Alice Adams to Bob Miller',
        'TIME Bob Miller answered',
        'TIME Ended: answered, talked 2 min',
      ].join('\n'),
    );
  });

  test('also one that nobody knows and nobody took', async () => {
    const callId = await phones.ring('+4917612345678');
    await phones.hangUp(callId);
    await settled();
    expect(interactionsOf(callId)).toMatchObject([
      { state: 'closed_abandoned', contact: '', caller_phone_number: '+4917612345678' },
    ]);
  });

  test('what was never looked at because the hub was killed is looked at by the next', async () => {
    const before = allInteractions();
    office.sandbox.faults.set(['maintenance']);
    const callId = await phones.ring('+4917612345679');
    await phones.hangUp(callId);
    office.sandbox.faults.set([]);
    await settled();
    await Promise.all([logCalls({ db: office.db }), logCalls({ db: office.db })]);
    await settled();
    expect(interactionsOf(callId)).toHaveLength(1);
    expect(allInteractions()).toBe(before + 1);
  });

  test('as the organization wants it', async () => {
    const { organizationId } = office.company;
    const before = allInteractions();
    const internal = await phones.ring('203');
    await phones.hangUp(internal);
    const logging = { directions: ['inbound'], results: ['answered'], minimumSeconds: 30 };
    await saveCallHandling(office.db, organizationId, callHandling.parse({ logging }));
    const missed = await phones.ring(ada.number);
    await phones.hangUp(missed);
    const short = await phones.ring(ada.number);
    await phones.answer(short);
    await phones.hangUp(short);
    const outbound = await phones.ring(ada.number, '201', 'outbound');
    await phones.hangUp(outbound);
    await settled();
    expect(allInteractions()).toBe(before);
    await saveCallHandling(office.db, organizationId, callHandling.parse({}));
  });
});

test('a call that ServiceNow refuses to take needs the attention of whoever had it', async () => {
  office.sandbox.faults.set(['business-rule:interaction']);
  const { organizationId, people } = office.company;
  const callId = await phones.ring(ada.number);
  await phones.answer(callId);
  await phones.hangUp(callId);
  await settled();
  const list = (personId: string) => openWrites(office.db, organizationId, { personId });
  const [write, ...more] = await list(people['201']);
  expect([more, await list(people['202'])]).toEqual([[], []]);
  expect(write).toMatchObject({ kind: 'log-call', person: 'Alice Adams', state: 'attention' });
  expect(write?.reason).toContain('Business Rule');
  office.sandbox.faults.set([]);
  const mend = { db: office.db, clock: systemClock, onSettled: [] };
  const changes = { shortDescription: 'A call, in other words' };
  await retryWrite(mend, phones.viewer('201'), write!.id, changes);
  await settled();
  expect(interactionsOf(callId)).toMatchObject([{ short_description: 'A call, in other words' }]);
});

describe('a test call of the Systems Check', () => {
  let notifier: RunningNotifier;
  let hub: DeskHub;
  let caller: TestCaller;
  /** Waits for no browser for long. */
  let hasty: TestCaller;
  let asked = 0;
  const told: string[] = [];
  let seen: PartyFound[] = [];
  beforeAll(async () => {
    const { db } = office;
    notifier = await createNotifier({ connection: office.connection });
    const recorder = {
      matched: (party: Omit<PartyFound, 'at'>) => void seen.push({ ...party, at: new Date() }),
      sent: () => expect.unreachable('a pop went out'),
      reconsider: () => undefined,
    };
    const shared = { db, notifier, clock: systemClock, log: testLog };
    hub = new DeskHub({ numberMask, ...shared, recorder, refreshCaller: () => void (asked += 1) });
    const watchers = [
      ...[watchCalls, noteMissedCalls(0), new CallRecorder({ ...shared, choicesOf })],
      callWebhooks(async (_trx, _organization, event) => void told.push(event)),
    ];
    caller = createTestCaller({ ...shared, watchers }, 60_000);
    hasty = createTestCaller({ ...shared, watchers }, 2_000);
  });
  afterAll(async () => {
    await Promise.all([caller.stop(), hasty.stop()]);
    hub.close();
    await notifier.close();
  });
  const choicesOf = async () => new Map<string, string>();
  const administrator = (): Viewer => phones.viewer('203', { role: 'administrator', name: 'Ann' });
  const deps = () => ({ db: office.db, clock: systemClock, testCaller: caller });
  const place = () => placeTestCall(deps(), administrator(), office.company.phoneSystemId);
  async function ended() {
    for (;;) {
      const test = await showTestCall(deps(), administrator());
      if (test?.finishedAt) return presentTestCall(test);
      await sleep(20);
    }
  }
  const open = (extension: '201' | '203') => {
    const read = readStream();
    hub.attach(office.company.organizationId, office.company.people[extension], {
      stream: read.stream,
      stillSignedIn: async () => true,
    });
    return read;
  };
  const tests = ({ events }: ReadStream) => events.filter(({ event }) => event === 'test');
  /** Rows of every table where something follows from calls. */
  async function traces(): Promise<number> {
    await settled();
    const { rows } = await sql<{ n: number }>`
      select ((select count(*) from call) + (select count(*) from call_record) + (select count(*) from call_match)
        + (select count(*) from call_phone) + (select count(*) from call_event) + (select count(*) from missed_call)
        + (select count(*) from missed_call_due) + (select count(*) from outbox_write)
        + (select count(*) from call_log))::int as n`.execute(office.db);
    return rows[0]!.n;
  }

  test('comes to the browser of whoever placed it, hop by hop, and to ServiceNow and the lists not at all', async () => {
    const before = await traces();
    const requests = office.sandbox.requests.list().length;
    const [own, colleague] = [open('203'), open('201')];
    await vi.waitFor(() => expect(own.states().length * colleague.states().length).toBe(1), 60_000);
    const { test: begun, joined } = await place();
    expect(joined).toBe(false);
    expect((await place()).joined).toBe(true);
    await vi.waitFor(
      () => expect(tests(own)).toEqual([{ event: 'test', data: { id: begun.id } }]),
      60_000,
    );
    const { rows } = await sql<{ up: number }>`
      select count(*)::int as up from call where test_id = ${begun.id}`.execute(office.db);
    expect(rows).toEqual([{ up: 1 }]);
    const running = await runningCalls(office.db, office.company.organizationId);
    expect(running.filter(({ testId }) => testId !== null)).toEqual([]);
    const strangers = noteTestShown(deps(), phones.viewer('201'), begun.id, 'Safari');
    await expect(strangers).rejects.toMatchObject({ code: 'not-found' });
    await noteTestShown(deps(), administrator(), begun.id, 'Firefox on Linux');
    const end = await ended();
    // After more than a second it counts as late.
    const status = expect.stringMatching(/passed|warned/) as string;
    expect(end).toMatchObject({ id: begun.id, status, startedBy: 'Ann' });
    expect(end.hops.map(({ id, status }) => [id, status])).toEqual([
      ...[
        ['received', 'pass'],
        ['committed', 'pass'],
        ['matched', 'pass'],
      ],
      ...[
        ['streamed', 'pass'],
        ['shown', expect.stringMatching(/pass|warn/)],
      ],
    ]);
    const times = end.hops.map(({ ms }) => ms ?? -1);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(0);
    expect(end.hops[2]?.detail).toMatch(/record/);
    await noteTestShown(deps(), administrator(), begun.id, 'x').then(
      () => expect.unreachable('it is over'),
      (error: unknown) => expect(error).toMatchObject({ code: 'not-found' }),
    );
    expect(tests(colleague)).toEqual([]);
    expect([own.pops(), colleague.pops(), told, seen, asked]).toEqual([[], [], [], [], 0]);
    expect(await traces()).toBe(before);
    expect(office.sandbox.requests.list().length).toBe(requests);
  });

  test('that no browser shows, or none listens for, says so and does not hang', async () => {
    caller = hasty;
    const own = open('203');
    await vi.waitFor(() => expect(own.states()).toHaveLength(1), 60_000);
    await place();
    const unanswered = await ended();
    expect(unanswered.status).toBe('failed');
    expect(unanswered.hops.at(-1)).toMatchObject({ status: 'fail', code: 'not-shown', ms: null });
    hub.close();
    await vi.waitFor(() => expect(hub.streams).toBe(0), 60_000);
    hub = new DeskHub({ numberMask, db: office.db, notifier, clock: systemClock, log: testLog });
    await place();
    const closed = await ended();
    expect(closed.status).toBe('failed');
    expect(closed.hops.map(({ status, code }) => code ?? status)).toEqual([
      ...['pass', 'pass', 'pass', 'no-stream', 'skip'],
    ]);
  });

  test('is written down, told and listed nowhere though it ends as calls end', async () => {
    const before = await traces();
    const call = { call: 'test 1', at: new Date(), test: newId() };
    await receiveEvents(
      {
        ...{ db: office.db, notifier, clock: systemClock, log: testLog },
        watchers: [noteMissedCalls(0)],
      },
      office.company,
      [
        {
          ...call,
          type: 'call-started',
          direction: 'inbound',
          from: ada.number,
          to: null,
          queue: null,
        },
        { ...call, type: 'leg-ringing', leg: '201', extension: '201' },
        { ...call, type: 'call-ended', cause: 'cancelled' },
      ],
    );
    // The call, its leg and its journal are there, marked, and nothing else.
    expect(await traces()).toBe(before + 1 + 3);
    expect(await showTestCall(deps(), administrator())).not.toBeNull();
    // No test goes on that it could belong to: whoever places one next deletes it.
    await place();
    await ended();
    expect(await traces()).toBe(before);
  });
});

describe('what is known later goes into the same record', () => {
  const alice = () => phones.viewer('201', { name: 'Alice Adams' });
  const ofOne = (callId: string) => {
    const [record, ...more] = interactionsOf(callId);
    expect(more).toEqual([]);
    return record;
  };

  test('a case that is made, the note and the wrap-up', async () => {
    const callId = await phones.ring(ada.number);
    await phones.answer(callId);
    await createCase(
      phones.deps,
      alice(),
      callId,
      newCase.parse({ request: newId(), shortDescription: 'Scanner broken' }),
    );
    await phones.hangUp(callId);
    await settled();
    const first = ofOne(callId);
    await finishWrapUp(phones.deps, alice(), callId, {
      ...{ request: newId(), codeId: null, secondsWorked: 300 },
      note: { text: 'Sends a new one', base: 0, editor: 'a', step: 1 },
    });
    await settled();
    const record = ofOne(callId);
    expect(record?.['sys_id']).toBe(first?.['sys_id']);
    const [made] = office.sandbox.records.find(
      'sn_customerservice_case',
      'short_description=Scanner broken',
    );
    expect(
      office.sandbox.records.find(
        'interaction_related_record',
        `interaction=${record?.['sys_id']}`,
      ),
    ).toMatchObject([{ document_id: made?.['sys_id'] }]);
    const notes = notesOf(record?.['sys_id']);
    expect(notes.split('Alice Adams answered')).toHaveLength(2);
    expect(notes).toContain('Time worked by Alice Adams: 5 min');
    expect(notes).toContain('Note by Alice Adams: Sends a new one');
  });

  test('that two calls were one', async () => {
    const before = allInteractions();
    const whole = await phones.ring(ada.number);
    const part = await phones.ring(ada.number, '202');
    await phones.answer(part, '202');
    await phones.hangUp(part);
    await settled();
    await phones.merge(part, whole);
    await phones.hangUp(whole);
    await settled();
    expect(allInteractions()).toBe(before + 1);
    expect(notesOf(ofOne(part)?.['sys_id'])).toContain('Bob Miller answered');
  });

  test('who it was', async () => {
    const unknown = await phones.ring('+4917612340000');
    await phones.answer(unknown);
    await phones.hangUp(unknown);
    await settled();
    expect(ofOne(unknown)?.['contact']).toBe('');
    const contact = newContact.parse({ firstName: 'Uwe', lastName: 'Neumann', field: 'phone' });
    await createContact(phones.deps, alice(), unknown, contact);
    await settled();
    const [made] = office.sandbox.records.find(
      'customer_contact',
      'first_name=Uwe^last_name=Neumann',
    );
    expect(ofOne(unknown)?.['contact']).toBe(made?.['sys_id']);
  });
});
