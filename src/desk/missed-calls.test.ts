import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CallRecorder } from '../calls/call-recorder.ts';
import { receiveEvents } from '../calls/receive-events.ts';
import { saveCallHandling } from '../organization/call-handling-store.ts';
import { callHandling } from '../organization/call-handling.ts';
import { setSeatTotals } from '../organization/organization-store.ts';
import type { Viewer } from '../organization/viewer.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { saveTeams } from '../organization/team-store.ts';
import { newId } from '../platform/id.ts';
import { testLog } from '../platform/log.testing.ts';
import { silentNotifier } from '../platform/notifier.testing.ts';
import type { CallEvent } from '../telephony/port.ts';
import { bookMissedCalls } from './book-missed-calls.ts';
import { setMissedCallClosed } from './close-missed-call.ts';
import { pageOfMissedCalls } from './list-missed-calls.ts';
import { missedQuery } from './missed-contract.ts';
import type { MissedCall } from './missed-contract.ts';
import { countOpen, listEntries, openConcerns } from './missed-list-store.ts';
import { missedReachOf, reaches } from './missed-reach.ts';
import { noteMissedCalls } from './note-missed-calls.ts';
import { settleMissedCases } from './settle-missed-cases.ts';
import { chosenCandidates } from './store.ts';
import { fillMirror, testCompany } from './testing.ts';
import type { TestCompany } from './testing.ts';
import { watchCalls } from './watch-calls.ts';

let database: TestDatabase;
let company: TestCompany;
let recorder: CallRecorder;
let now: number;
const clock = { now: () => new Date(now) };
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  // Monday, ten o'clock in Berlin.
  now = Date.UTC(2026, 10, 23, 9);
  company = await testCompany(database.db);
  await fillMirror(database.db, company, [
    { id: 'ada', name: 'Ada Berg', raw: '(030) 12 34 50', cases: 0 },
  ]);
  recorder = new CallRecorder({
    ...{ db: database.db, clock, log: testLog, choicesOf: chosenCandidates },
  });
});

const ada = '+4930123450';
const deps = () => ({ db: database.db, clock });
const pass = (seconds: number) => void (now += seconds * 1000);

/** Tells facts of a call, a second apart. */
async function tell(call: string, ...facts: object[]): Promise<void> {
  for (const fact of facts) {
    pass(1);
    await tellAll([{ call, at: clock.now(), ...fact } as CallEvent]);
  }
}

async function tellAll(events: CallEvent[]): Promise<void> {
  const watchers = [watchCalls, noteMissedCalls(0), recorder];
  const call = { ...deps(), notifier: silentNotifier, log: testLog, watchers };
  await receiveEvents(call, company, events);
}
const begins = (from: string | null, queue: string | null = null) => ({
  ...{ type: 'call-started', direction: 'inbound', from, to: '+4930901820', queue },
});
const dials = (from: string, to: string) => ({
  ...{ type: 'call-started', direction: 'outbound', from, to, queue: null },
});
const rings = (extension: string) => ({ type: 'leg-ringing', leg: extension, extension });
const answers = (extension: string) => ({ type: 'leg-answered', leg: extension, extension });
/** The far end of a call by us. */
const lifts = { type: 'leg-answered', leg: 'trunk', extension: null };
const ends = (cause = 'no-answer') => ({ type: 'call-ended', cause });

async function book(): Promise<void> {
  await recorder.flush();
  await bookMissedCalls({ db: database.db, log: testLog });
}

/** A call that rings at some phones and is not taken. */
async function miss(from: string | null, queue: string | null = null, ...phones: string[]) {
  const call = newId();
  await tell(call, begins(from, queue), ...phones.map(rings), ends());
  await book();
  return call;
}

function viewer(extension: '201' | '202' | '203' = '201', change: Partial<Viewer> = {}): Viewer {
  return {
    organizationId: company.organizationId,
    personId: company.people[extension],
    ...{ userId: 'u', name: '', email: '', role: 'agent', plan: 'Core', extension },
    mayNot: [],
    numbersMasked: false,
    ...change,
  };
}
const everybody = (change: Partial<Viewer> = {}) =>
  viewer('203', { role: 'supervisor', ...change });
const list = (who: Viewer, query: object = {}) =>
  pageOfMissedCalls(deps(), who, missedQuery.parse(query));
const open = async (who = everybody()) => (await list(who)).calls;
const closed = async (who = everybody()) => (await list(who, { state: 'closed' })).calls;

describe('an entry', () => {
  test('says who called, when, how often, in which queue and whose phones rang', async () => {
    await miss(ada, 'Sales', '201', '202');
    pass(600);
    const last = newId();
    await tell(last, begins('(030) 123450', 'Sales'), rings('202'), ends('cancelled'));
    await book();
    const [entry, ...more] = await open();
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      ...{ name: 'Ada Berg', times: 2, tries: 0, case: null, closed: null },
      caller: { e164: ada, anonymous: false },
      link: expect.stringContaining('ada'),
      calls: [
        { queue: 'Sales', result: 'abandoned', people: ['Bob Miller'] },
        { queue: 'Sales', result: 'missed', people: ['Alice Adams', 'Bob Miller'] },
      ],
    });
    expect(Date.parse(entry!.lastAt) - Date.parse(entry!.firstAt)).toBeGreaterThan(600_000);
  });

  test('comes once however often the end of a call is told, also by two nodes at a time', async () => {
    const call = await miss(ada, null, '201');
    await tell(call, ends('declined'), {
      type: 'leg-ended',
      leg: '201',
      extension: '201',
      cause: 'no-answer',
    });
    await Promise.all([book(), book()]);
    const other = newId();
    await tell(other, begins('+49891234567'), rings('201'), ends());
    await Promise.all([book(), book(), book()]);
    expect((await open()).map(({ times }) => times)).toEqual([1, 1]);
  });

  test('is made of no call in the house and of none whose end nobody saw', async () => {
    await miss('203', null, '201');
    await tell(newId(), begins(ada), rings('201'), ends('unknown'));
    await book();
    expect(await open()).toEqual([]);
  });

  test('of callers without a number: folded by queue, nothing to call back', async () => {
    await miss(null, 'Sales');
    await miss('anonymous', 'Sales');
    await miss('anonymous', 'Support');
    const entries = await open();
    expect(entries.map(({ times, caller }) => [times, caller.anonymous, caller.e164])).toEqual([
      [1, true, null],
      [2, true, null],
    ]);
    // Another one of them getting through says nothing.
    await tell(newId(), begins('anonymous', 'Sales'), rings('201'), answers('201'));
    await book();
    expect(await open()).toHaveLength(2);
  });
});

describe('an entry closes by itself', () => {
  test('when somebody calls back and is answered, at the answer', async () => {
    await miss(ada, null, '201');
    const call = newId();
    await tell(call, dials('202', '030 123450'), lifts);
    await book();
    expect(await open()).toEqual([]);
    expect(await closed()).toMatchObject([{ closed: { reason: 'called-back', by: 'Bob Miller' } }]);
  });

  test('not when nobody answers: that is a try, told with who tried', async () => {
    await miss(ada, null, '201');
    await tell(newId(), dials('202', ada), ends());
    await book();
    expect(await open()).toMatchObject([
      {
        times: 1,
        tries: 1,
        calls: [{ kind: 'tried', people: ['Bob Miller'] }, { kind: 'missed' }],
      },
    ]);
  });

  test('when the caller gets through', async () => {
    await miss(ada, null, '201');
    await tell(newId(), begins(ada), rings('202'), answers('202'));
    await book();
    expect(await closed()).toMatchObject([{ closed: { reason: 'got-through', by: 'Bob Miller' } }]);
  });

  test('when the caller is reached at another number that is theirs alone', async () => {
    const [mobile, desk, shared] = ['0171 2345678', '(030) 12 34 50', '(030) 99 99'];
    await fillMirror(database.db, company, [
      { id: 'ada', name: 'Ada Berg', raw: desk, cases: 0 },
      { id: 'eve', name: 'Eve Young', raw: shared, cases: 0 },
    ]);
    await database.pool.query(
      `insert into phone_number
        select organization_id, connection_id, owner_kind, owner_id, ordinal + n, part, field, label, raw, country, number, extension
        from phone_number, (values (1, '+491712345678'), (2, '+49309999')) as more (n, number)
        where organization_id = $1 and owner_id = 'ada'`,
      [company.organizationId],
    );
    await miss(mobile);
    await miss(shared);
    await tell(newId(), dials('202', desk), lifts);
    await book();
    expect(await closed()).toMatchObject([
      { caller: { e164: '+491712345678' }, closed: { reason: 'called-back', by: 'Bob Miller' } },
    ]);
    // Whose it is, Ada's or Eve's, nobody knows.
    expect(await open()).toMatchObject([{ caller: { e164: '+49309999' } }]);
    // Also where the call in vain is looked at after the other one.
    const early = newId();
    await tell(early, begins(mobile), rings('201'));
    await tell(newId(), begins(desk), rings('202'), answers('202'), ends('normal'));
    await book();
    await tell(early, ends('cancelled'));
    await book();
    expect(await open()).toHaveLength(1);
  });

  test('and the next missed call opens another one', async () => {
    await miss(ada, null, '201');
    await tell(newId(), begins(ada), rings('202'), answers('202'), ends('normal'));
    await miss(ada, null, '201');
    expect(await open()).toMatchObject([{ times: 1 }]);
    expect(await closed()).toMatchObject([{ times: 1 }]);
  });

  test('and never opens for who got through before it was looked at', async () => {
    await tell(newId(), begins(ada), rings('201'), ends('cancelled'));
    const again = newId();
    await tell(again, begins(ada), rings('201'), answers('201'));
    await book();
    expect([await open(), await closed()]).toEqual([[], []]);
    // Also where that call was looked at long before.
    const early = newId();
    await tell(early, begins('+49891234567'), rings('201'));
    await tell(newId(), begins('+49891234567'), rings('202'), answers('202'), ends('normal'));
    await book();
    await tell(early, ends('cancelled'));
    await book();
    expect(await open()).toEqual([]);
  });
});

describe('what turns out later', () => {
  test('a call that was part of another leaves no entry', async () => {
    const part = await miss(ada, null, '201');
    const whole = newId();
    await tell(whole, begins(ada), rings('202'), answers('202'));
    await database.pool.query('delete from missed_call_due');
    expect(await open()).toHaveLength(1);
    await tell(part, { type: 'call-merged', into: whole });
    await book();
    expect([await open(), await closed()]).toEqual([[], []]);
  });

  test('of two calls that were one, one stays', async () => {
    const part = await miss(ada, null, '201');
    const whole = await miss(ada, null, '202');
    expect(await open()).toMatchObject([{ times: 2 }]);
    await tell(part, { type: 'call-merged', into: whole });
    await book();
    expect(await open()).toMatchObject([{ times: 1 }]);
  });

  test('an answer that is told after the end takes the call off', async () => {
    const call = await miss(ada, null, '201');
    await tell(call, answers('201'));
    await book();
    expect([await open(), await closed()]).toEqual([[], []]);
  });

  test('the number that is told late moves the call to its caller', async () => {
    const call = newId();
    await tell(call, rings('201'), ends());
    await book();
    expect(await open()).toMatchObject([{ caller: { anonymous: true } }]);
    await tell(call, begins(ada, 'Sales'));
    await book();
    expect(await open()).toMatchObject([{ caller: { e164: ada }, calls: [{ queue: 'Sales' }] }]);
  });

  test('entries go with their calls when those are deleted', async () => {
    await miss(ada, null, '201');
    await database.pool.query('delete from call where organization_id = $1', [
      company.organizationId,
    ]);
    expect(await open()).toEqual([]);
  });
});

describe('whose list it is', () => {
  const names = (entries: readonly MissedCall[]) => entries.map(({ caller }) => caller.e164);

  test('agents see what rang them, their queues and what rang nobody; supervisors all', async () => {
    await miss('+4930111111', 'Sales', '201');
    await miss('+4930222222', 'Sales');
    await miss('+4930333333', 'Support');
    await miss('+4930444444');
    await miss('+4930555555', null, '202');
    expect(names((await list(viewer(), { scope: 'mine' })).calls)).toEqual(['+4930111111']);
    expect(names(await open(viewer()))).toEqual(['+4930444444', '+4930222222', '+4930111111']);
    expect(names(await open(viewer('202')))).toEqual(['+4930555555', '+4930444444']);
    expect(await open()).toHaveLength(5);
    // What nobody may ask for is narrowed, and told.
    expect((await list(viewer(), { scope: 'all' })).scope).toBe('team');
  });

  test('of a team: its members see them, and the list can be narrowed to it', async () => {
    await miss('+4930111111', null, '201');
    await miss('+4930222222', null, '202');
    await miss('+4930333333', null, '203');
    const { people, organizationId } = company;
    const team = { id: newId(), name: 'First', supervisorIds: [] };
    await setSeatTotals(database.db, organizationId, { Core: 1 });
    await saveTeams(database.db, organizationId, [
      { ...team, memberIds: [people['201'], people['202']] },
    ]);
    expect(names(await open(viewer('201')))).toEqual(['+4930222222', '+4930111111']);
    expect(names(await open(viewer('203')))).toEqual(['+4930333333']);
    const narrowed = await list(everybody(), { teamId: team.id });
    expect([narrowed.open, names(narrowed.calls)]).toEqual([2, ['+4930222222', '+4930111111']]);
    expect(narrowed.teams).toEqual([{ id: team.id, name: 'First' }]);
  });

  test('counts for the screens are those of the list', async () => {
    await saveTeams(database.db, company.organizationId, [
      { id: newId(), name: 'A', memberIds: [company.people['201']], supervisorIds: [] },
      { id: newId(), name: 'B', memberIds: Object.values(company.people), supervisorIds: [] },
    ]);
    await miss('+4930111111', 'Sales', '201', '202');
    await miss('+4930222222', 'Sales', '203');
    await miss('+4930444444');
    await miss('+4930444444', 'Support');
    await miss('+4930555555', null, '202');
    const { db } = database;
    const entries = await openConcerns(db, company.organizationId);
    for (const [role, id] of [
      ...Object.values(company.people).map((person) => ['agent', person] as const),
      ['supervisor', company.people['203']] as const,
    ])
      for (const scope of ['mine', 'team', 'all'] as const) {
        const who = { id, role, mayNot: [] };
        const { reach } = await missedReachOf(deps(), company.organizationId, who, scope);
        const count = entries.filter((entry) => reaches(reach, entry)).length;
        expect([scope, count]).toEqual([scope, await countOpen(db, company.organizationId, reach)]);
      }
  });

  test('another organization sees nothing, and a plan below Core is told what it takes', async () => {
    await miss(ada, null, '201');
    const other = await testCompany(database.db);
    expect(await open(everybody({ organizationId: other.organizationId }))).toEqual([]);
    await expect(open(viewer('201', { plan: 'View' }))).rejects.toMatchObject({
      code: 'plan-required',
    });
  });

  test('page by page, none twice', async () => {
    const events = Array.from({ length: 53 }, (_, n) => {
      const [call, at] = [newId(), clock.now()];
      return [
        { call, at, ...begins(`+49301000${100 + n}`) },
        { call, at, ...ends() },
      ] as CallEvent[];
    });
    await tellAll(events.flat());
    await book();
    const first = await list(everybody());
    const second = await list(everybody(), { after: first.next });
    expect([first.open, first.calls.length, second.calls.length, second.next]).toEqual([
      53,
      50,
      3,
      null,
    ]);
    expect(new Set([...names(first.calls), ...names(second.calls)]).size).toBe(53);
    await expect(list(everybody(), { after: 'nowhere' })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });
});

describe('closing by hand', () => {
  test('is told with who did it, and can be undone', async () => {
    await miss(ada, null, '201');
    const [{ id }] = (await open()) as [MissedCall];
    const done = await setMissedCallClosed(deps(), viewer(), id, true);
    expect(done.closed).toMatchObject({ reason: 'by-hand', by: 'Alice Adams' });
    expect(await setMissedCallClosed(deps(), viewer('201'), id, true)).toEqual(done);
    expect(await open()).toEqual([]);
    await setMissedCallClosed(deps(), viewer(), id, false);
    expect(await open()).toMatchObject([{ id, closed: null }]);
  });

  test('cannot be undone over a later call of the same number, nor by who may not see it', async () => {
    await miss(ada, null, '201');
    const [{ id }] = (await open()) as [MissedCall];
    await expect(setMissedCallClosed(deps(), viewer('202'), id, true)).rejects.toMatchObject({
      code: 'not-found',
    });
    await setMissedCallClosed(deps(), viewer(), id, true);
    await miss(ada, null, '201');
    await expect(setMissedCallClosed(deps(), viewer(), id, false)).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

test('the list begins with what the rules call urgent, page by page, as long as the plan is there', async () => {
  const { db } = database;
  const { organizationId } = company;
  await fillMirror(db, company, [
    { id: 'ada', name: 'Ada Berg', raw: '(030) 12 34 50', cases: 0 },
    { id: 'eve', name: 'Eve Young', raw: '030 777000', cases: 1 },
  ]);
  await database.pool.query(`update crm_case set priority_rank = 1`);
  await setSeatTotals(db, organizationId, { View: 1, Core: 1, Engage: 1, Enterprise: 0 });
  const priorities = [
    { priority: 'urgent', when: 'open-case', casePriority: 1 },
    { priority: 'low', when: 'queue', values: ['info'] },
    { priority: 'high', when: 'number', values: ['030 90 18 20'] },
  ];
  await saveCallHandling(db, organizationId, callHandling.parse({ priorities }));
  await miss('030 777000', null, '201');
  await miss(ada, 'Info', '201');
  await miss('030 555', 'Sales', '201');
  const shown = async () =>
    (await open()).map(({ caller, priority }) => [caller.raw, priority?.level, priority?.why]);
  expect(await shown()).toEqual([
    ['030 777000', 'urgent', 'open case of priority 1'],
    ['030 555', 'high', 'number +49 30 901820'],
    [ada, 'low', 'queue Info'],
  ]);
  // A more urgent call raises the entry, a less urgent one does not lower it.
  await miss(ada, 'Sales', '201');
  await miss(ada, 'Info', '201');
  expect((await shown()).map(([, level]) => level)).toEqual(['urgent', 'high', 'high']);
  const place = { priority: 1, at: new Date(3e12), id: 'ffffffff-ffff-4fff-bfff-ffffffffffff' };
  const reach = { kind: 'all' } as const;
  const after = await listEntries(db, organizationId, reach, {
    open: true,
    after: place,
    limit: 9,
    members: null,
  });
  expect(after.map(({ priority }) => priority)).toEqual([1, 1]);
  // Without the plan the rules rest.
  await setSeatTotals(db, organizationId, { View: 1, Core: 1, Engage: 0, Enterprise: 0 });
  await miss('030 888', null, '201');
  expect((await shown()).find(([raw]) => raw === '030 888')).toEqual([
    '030 888',
    undefined,
    undefined,
  ]);
});

describe('a case by rule', () => {
  const seats = { View: 1, Core: 1, Engage: 1, Enterprise: 0 };
  beforeEach(() => setSeatTotals(database.db, company.organizationId, seats));

  async function rules(missedCalls: object, more: object = {}): Promise<void> {
    const settings = callHandling.parse({
      missedCalls: { openCase: true, ...missedCalls },
      ...more,
    });
    await saveCallHandling(database.db, company.organizationId, settings);
  }

  async function orders() {
    const { rows } = await database.pool.query(
      `select id, kind, action, lane, call_id, person_id, depends_on from outbox_write
        where organization_id = $1 and kind <> 'log-call' order by position`,
      [company.organizationId],
    );
    return rows;
  }

  test('is ordered once, for the caller, and repeats become notes on it', async () => {
    await rules({});
    const call = await miss(ada, 'Sales', '201');
    const [order, ...more] = await orders();
    expect(more).toEqual([]);
    expect(order).toMatchObject({
      ...{ kind: 'create-case', person_id: null },
      action: {
        values: {
          shortDescription: 'Missed call from Ada Berg',
          description: expect.stringMatching(
            /^Nobody answered the call of 23 Nov 2026, 10:00 \(Europe\/Berlin\)\.\nNumber: \+49 30 123450\nQueue: Sales$/,
          ),
          ...{ channel: 'phone', contactId: 'ada' },
        },
      },
    });
    await tell(call, ends('declined'));
    await book();
    expect(await orders()).toHaveLength(1);
    expect(await open()).toMatchObject([{ case: { number: '', state: 'on-its-way' } }]);

    pass(3600);
    await miss(ada, 'Sales', '201');
    const [, note] = await orders();
    expect(note).toMatchObject({
      ...{ kind: 'add-note', lane: order.lane, depends_on: [order.id] },
      action: {
        visibility: 'work-note',
        text: expect.stringMatching(/^Called again, 23 Nov 2026, 11:00/),
      },
    });
    expect(await open()).toMatchObject([{ times: 2, case: { state: 'on-its-way' } }]);
  });

  test('is one within the hours, also when the entry was closed meanwhile, and another one after them', async () => {
    await rules({ foldHours: 2 });
    await miss(ada);
    await tell(newId(), begins(ada), rings('201'), answers('201'), ends('normal'));
    pass(3600);
    await miss(ada);
    expect((await orders()).map(({ kind }) => kind)).toEqual(['create-case', 'add-note']);
    expect(await open()).toMatchObject([{ times: 1, case: { state: 'on-its-way' } }]);
    pass(2 * 3600);
    await miss(ada);
    expect((await orders()).map(({ kind }) => kind)).toEqual([
      ...['create-case', 'add-note', 'create-case'],
    ]);
  });

  test('shows its number once the CRM has it; one that was given up is made again', async () => {
    await rules({});
    await miss(ada);
    const [{ id, action }] = (await orders()) as [{ id: string; action: never }];
    const settled = {
      ...{ organizationId: company.organizationId, connectionId: company.connectionId, id, action },
      ...{ lane: '', callId: null, personId: null, subject: '' },
    };
    const record = { type: 'case' as const, id: 'c1', number: 'CS0001234' };
    await settleMissedCases(database.db, { ...settled, outcome: 'delivered', record });
    const [entry] = await open();
    expect(entry?.case).toMatchObject({ number: 'CS0001234', state: 'in-crm' });
    expect(entry?.case?.link).toContain('c1');
    await settleMissedCases(database.db, { ...settled, outcome: 'dropped', record: null });
    expect(await open()).toMatchObject([{ case: null }]);
    await miss(ada);
    expect((await orders()).map(({ kind }) => kind)).toEqual(['create-case', 'create-case']);
  });

  test('uses the template that was chosen', async () => {
    const id = newId();
    await rules(
      { templateId: id, knownOnly: false },
      {
        caseTemplates: [
          { id, name: 'Missed', shortDescription: 'Call back {caller} ({queue})', priority: '2' },
        ],
      },
    );
    await miss('+49891234567');
    expect((await orders())[0].action.values).toEqual({
      ...{ shortDescription: 'Call back +49 89 1234567', channel: 'phone', priority: '2' },
    });
  });

  test('only for whom and when the rules say', async () => {
    const openingHours = [{ weekday: 0, from: '09:00', to: '17:00' }];
    await rules({ when: 'closed', queues: ['Sales'] }, { openingHours });
    await miss(ada, 'Sales');
    now = Date.UTC(2026, 10, 23, 20);
    await miss(ada, 'Support');
    await miss('+49891234567', 'Sales');
    expect(await orders()).toEqual([]);
    await miss(ada, 'Sales');
    expect(await orders()).toHaveLength(1);
  });

  test('not for a call that somebody tagged with a case while it rang', async () => {
    await rules({});
    const call = newId();
    await tell(call, begins(ada), rings('201'));
    await database.pool.query(
      `insert into call_case (organization_id, call_id, connection_id, case_id, lane, number, short_description, tagged_at)
        select organization_id, id, $2, 'c9', '', 'CS9', '', started_at from call where organization_id = $1`,
      [company.organizationId, company.connectionId],
    );
    await tell(call, ends());
    await book();
    expect(await orders()).toEqual([]);
    expect(await open()).toHaveLength(1);
  });

  test('not without the plan', async () => {
    await rules({});
    await setSeatTotals(database.db, company.organizationId, { ...seats, Engage: 0 });
    await miss(ada, null, '201');
    expect(await orders()).toEqual([]);
    expect(await open()).toHaveLength(1);
  });

  test('is there or not together with the entry', async () => {
    await rules({});
    const call = newId();
    await tell(call, begins(ada), ends());
    await recorder.flush();
    // Whoever books is cut off at the last step.
    await database.pool.query(`
      create function cut_off() returns trigger language plpgsql as $$ begin raise 'cut off'; end $$;
      create trigger cut_off before insert on missed_case for each row execute function cut_off()`);
    try {
      await bookMissedCalls({ db: database.db, log: testLog });
      expect([await open(), await orders()]).toEqual([[], []]);
    } finally {
      await database.pool.query('drop trigger cut_off on missed_case; drop function cut_off()');
    }
    await database.pool.query('update missed_call_due set due_at = clock_timestamp()');
    await book();
    expect([await open(), await orders()]).toMatchObject([
      [{ times: 1 }],
      [{ kind: 'create-case' }],
    ]);
  });
});
