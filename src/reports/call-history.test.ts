import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CallRecorder } from '../calls/call-recorder.ts';
import { receiveEvents } from '../calls/receive-events.ts';
import { DeskHub } from '../desk/desk-hub.ts';
import { chooseMatch } from '../desk/choose-match.ts';
import { saveNote } from '../desk/save-note.ts';
import { chosenCandidates, saveChoice } from '../desk/store.ts';
import { tagCase } from '../desk/tag-case.ts';
import { fillMirror, readStream, testCompany } from '../desk/testing.ts';
import type { TestCompany } from '../desk/testing.ts';
import { updateMappings } from '../organization/mapping-store.ts';
import { setSeatTotals } from '../organization/organization-store.ts';
import { newId } from '../platform/id.ts';
import { saveTeams } from '../organization/team-store.ts';
import { updatePeople } from '../organization/person-store.ts';
import type { Role } from '../organization/plan.ts';
import type { Viewer } from '../organization/viewer.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { testLog } from '../platform/log.testing.ts';
import { createNotifier } from '../platform/notifier.ts';
import type { RunningNotifier } from '../platform/notifier.ts';
import type { CallEvent } from '../telephony/port.ts';
import { callQuery, exportQuery } from './contract.ts';
import type { ListedCall } from './contract.ts';
import { exportCalls } from './export-calls.ts';
import { filtersFor } from './filters-for.ts';
import { pageOfCalls } from './list-calls.ts';
import { showCall } from './show-call.ts';
import { createNumberMask } from '../directory/number-mask.ts';

const numberMask = createNumberMask(Buffer.alloc(32));

type Extension = keyof TestCompany['people'];

let database: TestDatabase;
let notifier: RunningNotifier;
let company: TestCompany;
let recorder: CallRecorder;
let desks: DeskHub;
let seconds = 0;
const began = Date.UTC(2026, 10, 23, 9);
const clock = { now: () => new Date(began + seconds * 1000) };

beforeAll(async () => {
  database = await testDatabase();
  notifier = await createNotifier({ connection: database.connection });
});
afterAll(async () => {
  await notifier.close();
  await database.close();
});
beforeEach(async () => {
  seconds = 0;
  const { db } = database;
  company = await testCompany(db);
  recorder = new CallRecorder({ db, clock, log: testLog, choicesOf: chosenCandidates });
  desks = new DeskHub({ numberMask, db, notifier, clock, log: testLog, recorder });
  await fillMirror(db, company, [{ id: 'ada', name: 'Ada Berg', raw: '030 123450', cases: 0 }]);
});
afterEach(async () => {
  desks.close();
  await recorder.close();
});

const deps = () => ({ db: database.db, clock });
const viewer = (extension: Extension | null, role: Role = 'agent'): Viewer => ({
  organizationId: company.organizationId,
  personId: company.people[extension ?? '203'],
  userId: 'u',
  name: '',
  email: '',
  role,
  plan: role === 'agent' ? 'View' : null,
  extension,
  mayNot: [],
  numbersMasked: false,
});
const supervisor = () => viewer(null, 'supervisor');
const page = (query: object = {}, who = supervisor()) =>
  pageOfCalls(deps(), who, callQuery.parse(query));
const numbers = (calls: readonly ListedCall[]) => calls.map(({ party }) => party.display);

let made = 0;
/** A call of the phone system; its facts happen a second after each other. */
async function call(...facts: object[]): Promise<{ happens(...more: object[]): Promise<void> }> {
  const id = `history-${(made += 1)}`;
  const happens = async (...more: object[]) => {
    for (const fact of more) {
      seconds += 1;
      const event = { call: id, at: clock.now(), ...fact } as CallEvent;
      const bookings = { db: database.db, notifier, clock, log: testLog, watchers: [recorder] };
      await receiveEvents(bookings, company, [event]);
    }
  };
  await happens(...facts);
  return { happens };
}
const from = (number: string, queue: string | null = null) => ({
  ...{ type: 'call-started', direction: 'inbound', from: number, to: '+4930901820', queue },
});
const rings = (extension: string) => ({ type: 'leg-ringing', leg: extension, extension });
const lifts = (extension: string) => ({ type: 'leg-answered', leg: extension, extension });
const over = (cause = 'normal') => ({ type: 'call-ended', cause });
const answered = (number: string, extension: string, queue: string | null = null) =>
  call(from(number, queue), rings(extension), lifts(extension), over());

describe('the history', () => {
  test('holds every call that is over, also one that reached no extension, with who called', async () => {
    await call(from('+49 30 123450', 'Support'), over('cancelled'));
    await answered('030 123451', '201');
    await recorder.flush();
    const { calls, running, next, scope } = await page();
    expect([running, next, scope]).toEqual([[], null, 'all']);
    expect(calls).toMatchObject([
      {
        result: 'answered',
        name: '',
        party: { e164: '+4930123451' },
        answeredBy: { extension: '201', name: 'Alice Adams' },
      },
      { result: 'abandoned', name: 'Ada Berg', queue: 'Support', answeredBy: null },
    ]);
  });

  test('shows what is up before all else, and lets nothing be lost by a node that dies', async () => {
    const up = await call(from('+49 30 123450'), rings('201'));
    // Named although nobody's Desk is open, so that nothing was kept of a match.
    const { running } = await page();
    expect(running).toMatchObject([{ party: { display: '+49 30 123450' }, name: 'Ada Berg' }]);
    const story = await showCall(deps(), supervisor(), running[0]!.id);
    expect(story.found).toMatchObject({ status: 'one', candidates: [{ name: 'Ada Berg' }] });
    await up.happens(over('cancelled'));
    // Nobody flushed: as after a kill -9, all that is there is what the bookings wrote.
    expect((await page()).calls).toMatchObject([{ result: 'abandoned', name: '' }]);
    const { db } = database;
    const heir = new CallRecorder({ db, clock, log: testLog, choicesOf: chosenCandidates });
    expect(await heir.sweep()).toBeGreaterThan(0);
    expect((await page()).calls).toMatchObject([{ name: 'Ada Berg' }]);
    expect((await page({ scope: 'mine' }, viewer('201'))).calls).toHaveLength(1);
  });

  test('a consultation that was merged is no call of its own', async () => {
    const customer = await call(from('030 123450'), rings('201'), lifts('201'));
    await call(
      { type: 'call-started', direction: 'internal', from: '201', to: '202', queue: null },
      rings('202'),
      lifts('202'),
      { type: 'call-merged', into: `history-${made}` },
    );
    await customer.happens(over());
    await recorder.flush();
    const { calls } = await page();
    expect(calls).toHaveLength(1);
    const story = await showCall(deps(), supervisor(), calls[0]!.id);
    expect(story.pops.map(({ extension }) => extension)).toEqual(['201', '202']);
    expect(story.steps.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'An internal call from Alice Adams (201) to Bob Miller (202)',
        'It becomes part of the call that it was about',
      ]),
    );
  });

  test('filters by direction, result, queue, person, number, name and dates', async () => {
    await answered('030 123450', '201', 'Support');
    await answered('030 555000', '202', 'Sales');
    await call(from('+43 1 5550000'), rings('201'), over('cancelled'));
    await call(
      {
        type: 'call-started',
        direction: 'outbound',
        from: '201',
        to: '+49 30 777000',
        queue: null,
      },
      { type: 'leg-placed', leg: '201', extension: '201' },
      over('busy'),
    );
    await recorder.flush();
    const of = async (query: object) => numbers((await page(query)).calls);
    const all = ['+49 30 777000', '+43 1 5550000', '+49 30 555000', '+49 30 123450'];
    expect(await of({})).toEqual(all);
    expect(await of({ direction: 'outbound' })).toEqual(['+49 30 777000']);
    expect(await of({ results: 'abandoned,busy' })).toEqual(all.slice(0, 2));
    expect(await of({ queue: 'Sales' })).toEqual(['+49 30 555000']);
    expect(await of({ personId: company.people['202'] })).toEqual(['+49 30 555000']);
    expect(await of({ personId: company.people['201'], results: 'answered' })).toEqual([
      '+49 30 123450',
    ]);
    for (const q of ['030 123450', '+49 30 1234', '030 1234', 'ada', 'BERG', 'ada ber'])
      expect([q, await of({ q })]).toEqual([q, ['+49 30 123450']]);
    expect(await of({ q: '+49' })).toEqual([all[0], all[2], all[3]]);
    expect(await of({ q: 'nobody' })).toEqual([]);
    const [newest] = (await page()).calls;
    expect(await of({ from: newest!.startedAt })).toEqual(all.slice(0, 1));
    expect(await of({ to: newest!.startedAt })).toEqual(all.slice(1));
  });

  test('goes page by page, whatever is called meanwhile', async () => {
    for (let made = 0; made < 60; made += 1) await call(from(`+49 30 12${made + 100}`), over());
    const first = await page();
    expect(first.calls).toHaveLength(50);
    await call(from('+49 30 999999'), over());
    const second = await page({ after: first.next });
    expect([second.calls.length, second.next]).toEqual([10, null]);
    const seen = new Set([...first.calls, ...second.calls].map(({ id }) => id));
    expect(seen.size).toBe(60);
    await expect(page({ after: 'nowhere' })).rejects.toThrow('not the place of a page');
  });

  test('agents see their own calls and those of the queues that ring them, and no others', async () => {
    await answered('030 100', '201', 'Support');
    await answered('030 200200', '202', 'Support');
    await answered('030 300300', '202', 'Sales');
    await answered('030 400400', '202');
    await recorder.flush();
    const alice = viewer('201');
    expect(numbers((await page({ scope: 'mine' }, alice)).calls)).toEqual(['030 100']);
    const team = ['+49 30 200200', '030 100'];
    expect(numbers((await page({ scope: 'all' }, alice)).calls)).toEqual(team);
    expect(numbers((await page({ personId: company.people['202'] }, alice)).calls)).toEqual(
      team.slice(0, 1),
    );
    expect(numbers((await page({ q: '030 400400' }, alice)).calls)).toEqual([]);
    expect(numbers((await page({ queue: 'Sales' }, alice)).calls)).toEqual([]);
    const { calls } = await page();
    const hidden = calls.find(({ party }) => party.display === '+49 30 400400')!;
    await expect(showCall(deps(), alice, hidden.id)).rejects.toThrow('no such call');
    expect((await showCall(deps(), viewer('202'), hidden.id)).call.id).toBe(hidden.id);
    expect(await filtersFor(deps(), alice)).toMatchObject({ queues: ['Support'], people: [] });
    expect(await filtersFor(deps(), supervisor())).toMatchObject({ queues: ['Sales', 'Support'] });
    await expect(page({}, { ...alice, plan: null })).rejects.toThrow('View plan');
  });

  test('members of a team see one another’s calls, and a supervisor of a team those alone', async () => {
    const { db } = database;
    const { organizationId, people } = company;
    await setSeatTotals(db, organizationId, { Core: 1 });
    await answered('030 100100', '201');
    await answered('030 200200', '202');
    await answered('030 300300', '203');
    await call(from('030 400400'), rings('202'), lifts('202'));
    await recorder.flush();
    await updatePeople(db, organizationId, [change('203', { role: 'supervisor' })]);
    const sue = viewer('203', 'supervisor');
    const shown = async (who: Viewer, query: object = {}) => {
      const { scope, running, calls } = await page(query, who);
      return [scope, ...numbers([...running, ...calls])];
    };
    const [a, b, c, up] = ['+49 30 100100', '+49 30 200200', '+49 30 300300', '+49 30 400400'];
    expect(await shown(viewer('201'))).toEqual(['team', a]);
    expect(await shown(sue)).toEqual(['all', up, c, b, a]);
    const team = { id: newId(), name: 'First', memberIds: [people['201'], people['202']] };
    const other = { id: newId(), name: 'Other', memberIds: [people['203']], supervisorIds: [] };
    await saveTeams(db, organizationId, [{ ...team, supervisorIds: [people['203']] }, other]);
    expect(await shown(viewer('201'))).toEqual(['team', up, b, a]);
    expect(await shown({ ...viewer('201'), mayNot: ['team-calls'] })).toEqual(['mine', a]);
    expect(await shown(sue, { scope: 'all' })).toEqual(['team', up, c, b, a]);
    expect(await shown(sue, { teamId: team.id })).toEqual(['team', b, a]);
    expect(await shown(viewer('203', 'administrator'), { teamId: other.id })).toEqual(['all', c]);
    expect(await shown(viewer('201'), { teamId: other.id })).toEqual(['team']);
    expect(await filtersFor(deps(), sue)).toMatchObject({
      scopes: ['mine', 'team'],
      teams: [{ name: 'First' }],
      people: [{ name: 'Alice Adams' }, { name: 'Bob Miller' }, { name: 'Carla Cruz' }],
    });
    await saveTeams(db, organizationId, [
      { ...team, memberIds: [people['201']], supervisorIds: [people['203']] },
    ]);
    expect(await shown(sue)).toEqual(['team', c, a]);
    const [{ id }] = (await page({}, viewer('203', 'administrator'))).calls.filter(
      ({ party }) => party.display === b,
    ) as [ListedCall];
    await expect(showCall(deps(), sue, id)).rejects.toThrow('no such call');
    await setSeatTotals(db, organizationId, { Core: 0 });
    await expect(page({ teamId: team.id }, sue)).rejects.toMatchObject({ code: 'plan-required' });
    expect((await filtersFor(deps(), sue)).teams).toEqual([]);
  });

  test('who gets an extension later does not see the calls of who had it before', async () => {
    await answered('030 123450', '201');
    await recorder.flush();
    await updatePeople(database.db, company.organizationId, [
      change('201', { extension: null }),
      change('203', { extension: '201' }),
    ]);
    const heir = { ...viewer('201'), personId: company.people['203'] };
    expect((await page({ scope: 'mine' }, heir)).calls).toEqual([]);
    const [listed] = (await page()).calls;
    expect(listed).toMatchObject({ answeredBy: { name: 'Alice Adams' } });
    await expect(showCall(deps(), heir, listed!.id)).rejects.toThrow('no such call');
  });

  test('a choice of one of several counts in the history too, also one made after the call', async () => {
    await fillMirror(database.db, company, [
      { id: 'ada', name: 'Ada Berg', raw: '030 123450', cases: 0, company: 'Nordwind' },
      { id: 'otto', name: 'Otto Berg', raw: '030 123450', cases: 0, company: 'Nordwind' },
      { id: 'one', name: 'One Sun', raw: '030 123455', cases: 0, company: 'Nordwind' },
      { id: 'two', name: 'Two Sun', raw: '030 123455', cases: 0, company: 'Sonne' },
    ]);
    await answered('030 123455', '201');
    await answered('030 123450', '201');
    await recorder.flush();
    const [listed, apart] = (await page()).calls;
    // Who of them it was nobody said, but all of them are of one company.
    expect(listed).toMatchObject({ name: '', company: 'Nordwind' });
    expect(apart).toMatchObject({ name: '', company: '' });
    const otto = `contact:${company.connectionId}:otto`;
    const action = { db: database.db, notifier, clock };
    await chooseMatch(action, viewer('201'), listed!.id, otto);
    // The hub of this node hears of the choice.
    await vi.waitFor(async () => {
      await recorder.flush();
      expect((await page()).calls[0]?.name).toBe('Otto Berg');
    }, 60_000);
    expect((await page({ q: 'Otto' })).calls).toMatchObject([{ name: 'Otto Berg' }]);
  });

  test('shows the note, the wrap-up code and the case of a call, also to whoever is called by the same caller', async () => {
    const { db } = database;
    await fillMirror(db, company, [{ id: 'ada', name: 'Ada Berg', raw: '030 123450', cases: 1 }]);
    await answered('030 123450', '201');
    await recorder.flush();
    const { id } = (await page()).calls[0]!;
    const action = { db, notifier, clock };
    await tagCase(action, viewer('201'), id, `case:${company.connectionId}:ada0`);
    const text = `=1+1 ${'very '.repeat(50)}hostile <b>text</b>`;
    const save = { text, base: 0, editor: 'window-a', step: 1 };
    await saveNote(action, viewer('201'), id, save);
    const [listed] = (await page()).calls;
    expect(listed).toMatchObject({
      notes: [{ by: 'Alice Adams', text: text.slice(0, 200), cut: true }],
      wrapUpCodes: [],
      case: { number: 'CS0000', shortDescription: 'Scanner loses its connection' },
    });
    const story = await showCall(deps(), supervisor(), id);
    expect(story.call.notes).toEqual([{ by: 'Alice Adams', text, cut: false }]);
    const csv = await exportCalls(deps(), supervisor(), exportQuery.parse({}));
    expect(csv).toContain(',Wrap-up code,Case,Notes');
    expect(csv).toContain(`,CS0000,Alice Adams: ${text}`);

    await expect(showCall(deps(), viewer('202'), id)).rejects.toThrow('no such call');
    const other = await call(from('030 999999'), rings('202'));
    await recorder.flush();
    await expect(showCall(deps(), viewer('202'), id)).rejects.toThrow('no such call');
    await other.happens(over());
    const read = readStream();
    desks.attach(company.organizationId, company.people['202'], {
      stream: read.stream,
      stillSignedIn: async () => true,
    });
    await vi.waitFor(() => expect(read.states()).toHaveLength(1), { timeout: 60_000 });
    await call(from('030 123450'), rings('202'));
    await vi.waitFor(() => expect(read.pops()).not.toEqual([]), { timeout: 60_000 });
    expect(read.pops()[0]?.card.earlier.calls).toMatchObject([{ id, case: { number: 'CS0000' } }]);
    await recorder.flush();
    expect((await showCall(deps(), viewer('202'), id)).call.notes).toMatchObject([{ text }]);
    await expect(showCall(deps(), viewer('203'), id)).rejects.toThrow('no such call');
  });

  test('supervisors take it away as CSV in their own time zone; no cell is a formula', async () => {
    await answered('=HYPERLINK("http://x")', '201', '=1+1');
    await recorder.flush();
    const withheld = { ...viewer('201'), mayNot: ['export-history' as const] };
    await expect(exportCalls(deps(), withheld, exportQuery.parse({}))).rejects.toMatchObject({
      code: 'permission-required',
    });
    const query = exportQuery.parse({ timeZone: 'Asia/Tokyo' });
    const csv = await exportCalls(deps(), supervisor(), query);
    expect(csv.split('\r\n')[1]).toContain('2026-11-23 18:00:01');
    expect(csv).toContain("'=1+1");
    expect(csv).not.toMatch(/(^|,)"?=/m);
    const wrong = exportQuery.parse({ timeZone: 'Mars' });
    await expect(exportCalls(deps(), supervisor(), wrong)).rejects.toThrow('time zone');
  });
});

describe('why a pop came or did not', () => {
  const reasonsOf = async () => {
    await recorder.flush();
    const { calls, running } = await page();
    return showCall(deps(), viewer(null, 'administrator'), [...running, ...calls][0]!.id);
  };

  test('which browser got it and when it showed it', async () => {
    const read = readStream();
    desks.attach(company.organizationId, company.people['201'], {
      stream: read.stream,
      stillSignedIn: async () => true,
    });
    await vi.waitFor(() => expect(read.states()).toHaveLength(1), 60_000);
    await call(from('030 123450'), rings('201'));
    await vi.waitFor(() => expect(read.pops()).not.toEqual([]), { timeout: 60_000 });
    const { callId } = read.pops()[0]!;
    seconds += 1;
    const note = { organizationId: company.organizationId, callId, at: clock.now() };
    recorder.shown([
      { ...note, personId: company.people['201'], browser: 'Firefox on Linux' },
      // Not theirs: of no effect.
      { ...note, personId: company.people['202'], browser: 'Somebody' },
    ]);
    const story = await reasonsOf();
    expect(story.pops).toMatchObject([
      {
        verdict: 'shown',
        person: 'Alice Adams',
        browsers: 1,
        shownIn: 'Firefox on Linux',
        text: 'Alice Adams saw the pop in Firefox on Linux, 1.0 s after the first ring.',
        mend: null,
      },
    ]);
    expect(story.found).toMatchObject({
      status: 'one',
      e164: '+4930123450',
      candidates: [{ name: 'Ada Berg', reason: expect.stringContaining('mobile phone') }],
      chosen: `contact:${company.connectionId}:ada`,
      text: null,
    });
    // It is still up: the list says who it is all the same.
    expect((await page()).running).toMatchObject([{ name: 'Ada Berg', endedAt: null }]);
    expect(story.steps.map(({ text }) => text)).toEqual([
      'A call from outside from +49 30 123450 to +49 30 901820',
      'It rings at Alice Adams (201)',
      'The pop goes to Alice Adams',
      'Alice Adams sees it in Firefox on Linux',
    ]);

    // Nobody's number, until an agent says whose: from then on that is told, and not to attach it.
    const told = read.pops().length;
    await call(from('+49 30 987654'), rings('201'));
    await vi.waitFor(() => expect(read.pops().length).toBeGreaterThan(told), { timeout: 60_000 });
    const { call: unknown, found } = await reasonsOf();
    expect(found).toMatchObject({ status: 'none', chosen: null, mend: { to: '/desk' } });
    const candidateKey = `contact:${company.connectionId}:ada`;
    const choice = { callId: unknown.id, candidateKey, personId: company.people['201'] };
    await saveChoice(database.db, company.organizationId, { ...choice, at: clock.now() });
    const linked = await reasonsOf();
    expect(linked.call.name).toBe('Ada Berg');
    expect(linked.found).toMatchObject({
      text: expect.stringMatching(/^No record .* Since then the call is linked with Ada Berg\.$/),
      mend: null,
    });
  });

  test('nobody’s extension, no plan, no mapping, no browser: as it was then, and how to mend it', async () => {
    const { db } = database;
    await updatePeople(db, company.organizationId, [change('202', { plan: null })]);
    const unmapped = { personId: company.people['203'], connectionId: company.connectionId };
    await updateMappings(db, company.organizationId, [{ ...unmapped, crmUserId: null }]);
    await call(from('anonymous'), rings('201'), rings('202'), rings('203'), rings('299'));
    await recorder.flush();
    await updateMappings(db, company.organizationId, [{ ...unmapped, crmUserId: 'user203' }]);
    const story = await reasonsOf();
    expect(story.pops.map(({ text, mend }) => [text, mend?.to])).toEqual([
      ['Alice Adams had the Desk open in no browser while the call was up.', '/desk'],
      [
        'Bob Miller had no plan; pops need the View plan or a higher one.',
        '/admin/organization#crm-user-mappings',
      ],
      ['Carla Cruz was not mapped to a ServiceNow user. That has been mended since.', undefined],
      [
        'Extension 299 belonged to nobody, so the call had no Desk to pop on.',
        '/admin/organization#crm-user-mappings',
      ],
    ]);
    const forAgent = await showCall(deps(), viewer('201'), story.call.id);
    expect(forAgent.pops[1]!.mend).toEqual({
      text: 'Ask an administrator: Choose a plan for Bob Miller.',
      to: null,
    });
  });

  test('a call that reached no extension, and numbers that find nobody', async () => {
    await call(from('anonymous', 'Support'), over('cancelled'));
    expect(await reasonsOf()).toMatchObject({
      text: 'The call reached no extension: it waited in the queue Support. So it popped for nobody.',
      found: { text: 'The caller withheld the number, so nobody could be looked up.' },
    });
    await call(from('+49 30 99'), over('cancelled'));
    expect((await reasonsOf()).found!.text).toContain("'+49 30 99' is no telephone number");
    await call(from('+49 30 987654'), over('cancelled'));
    expect((await reasonsOf()).found).toMatchObject({
      text: 'No record in ServiceNow had the number +4930987654 in any of its telephone fields.',
      mend: { to: '/desk' },
    });
    await call(from('+49 30 987654'), { type: 'call-answered', extension: null }, over());
    expect((await reasonsOf()).text).toContain('not at which extension');
  });
});

function change(extension: Extension, to: object) {
  const person = {
    ...{ name: { 201: 'Alice Adams', 202: 'Bob Miller', 203: 'Carla Cruz' }[extension] },
    ...{ email: `${extension}@acme.example`, role: 'agent' as const, plan: 'View' as const },
    ...{ extension, active: true },
  };
  return { id: company.people[extension], ...person, ...to };
}
