import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { receiveEvents } from '../calls/receive-events.ts';
import { setNumbersMaskedFor } from '../organization/organization-store.ts';
import { updatePeople } from '../organization/person-store.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { testLog } from '../platform/log.testing.ts';
import { createNotifier } from '../platform/notifier.ts';
import type { RunningNotifier } from '../platform/notifier.ts';
import type { CallEvent } from '../telephony/port.ts';
import type { Viewer } from '../organization/viewer.ts';
import { peopleChannel } from './channel.ts';
import { chooseMatch } from './choose-match.ts';
import { DeskHub } from './desk-hub.ts';
import { dismissPop } from './dismiss-pop.ts';
import { fillMirror, readStream, testCompany } from './testing.ts';
import type { ReadStream, TestCompany } from './testing.ts';
import { createNumberMask } from '../directory/number-mask.ts';

const numberMask = createNumberMask(Buffer.alloc(32));

type Extension = keyof TestCompany['people'];

let database: TestDatabase;
let notifier: RunningNotifier;
let company: TestCompany;
let hub: DeskHub;
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
  company = await testCompany(database.db);
  hub = new DeskHub({ numberMask, db: database.db, notifier, clock, log: testLog });
});
afterEach(() => hub.close());

async function connect(extension: Extension, on = hub): Promise<ReadStream> {
  const read = readStream();
  on.attach(company.organizationId, company.people[extension], {
    stream: read.stream,
    stillSignedIn: async () => true,
  });
  await until(() => expect(read.states().length).toBeGreaterThan(0));
  return read;
}

let calls = 0;
interface TestCall {
  id: string;
  happens(...facts: object[]): Promise<void>;
}
/** Waits for what the stream is to bring; how long it takes is no matter here. */
const until = (check: () => void) => vi.waitFor(check, { timeout: 60_000 });

/** A call from the phone system; each fact happens a second after the one before. */
function newCall(): TestCall {
  const call = `c${(calls += 1)}`;
  return {
    id: call,
    async happens(...facts) {
      for (const fact of facts) {
        seconds += 1;
        const event = { call, at: clock.now(), ...fact } as CallEvent;
        await receiveEvents({ db: database.db, notifier, clock, log: testLog }, company, [event]);
      }
    },
  };
}
const from = (number: string) => ({
  type: 'call-started',
  direction: 'inbound',
  from: number,
  to: '+4930901820',
  queue: 'Support',
});
const rings = (extension: string) => ({ type: 'leg-ringing', leg: extension, extension });
const answers = (extension: string) => ({ type: 'call-answered', extension });
const over = (cause: string) => ({ type: 'call-ended', cause });

const viewer = (extension: Extension): Viewer => ({
  organizationId: company.organizationId,
  personId: company.people[extension],
  userId: 'u',
  name: '',
  email: '',
  role: 'agent',
  plan: 'View',
  extension,
  mayNot: [],
  numbersMasked: false,
});
const deps = () => ({ db: database.db, notifier, clock });
const last = <T>(list: T[]): T => {
  const item = list.at(-1);
  if (item === undefined) throw new Error('nothing yet');
  return item;
};

describe('a consultation', () => {
  const internal = (from: string, to: string) => ({
    type: 'call-started',
    direction: 'internal',
    from,
    to,
    queue: null,
  });

  test('shows the customer to the colleague who is asked, as chosen by whoever asks', async () => {
    await fillMirror(database.db, company, [
      { id: 'ada', name: 'Ada Berg', raw: '030 123450', cases: 1 },
      { id: 'otto', name: 'Otto Berg', raw: '030 123450', cases: 0 },
    ]);
    const [alice, bob] = [await connect('201'), await connect('202')];
    const customer = newCall();
    await customer.happens(from('+49 30 123450'), rings('201'), answers('201'));
    const consultation = newCall();
    await consultation.happens(internal('201', '202'), {
      type: 'leg-placed',
      leg: consultation.id,
      extension: '201',
    });
    await consultation.happens({ type: 'leg-ringing', leg: 'b', extension: '202' });
    await until(() => expect(bob.pops()).not.toEqual([]));
    expect(last(bob.pops())).toMatchObject({
      state: 'ringing',
      direction: 'internal',
      caller: { e164: '+4930123450' },
      askedBy: 'Alice Adams',
      match: { status: 'several', chosen: null },
    });
    const [own] = alice.pops().filter(({ direction }) => direction === 'internal');
    expect(own).toMatchObject({ caller: { raw: '202', display: 'Bob Miller (202)' } });
    const customersCall = alice.pops()[0]!;
    const otto = customersCall.match.candidates.find(({ name }) => name === 'Otto Berg')!.key;
    await chooseMatch(deps(), viewer('201'), customersCall.callId, otto);
    await until(() => expect(last(bob.pops()).match.chosen).toBe(otto));
    // The transfer makes one call of both: the colleague goes on with the customer's.
    await receiveEvents({ db: database.db, notifier, clock, log: testLog }, company, [
      { type: 'call-merged', call: consultation.id, into: customer.id, at: clock.now() },
    ]);
    await until(() =>
      expect(bob.gone()).toContainEqual(
        expect.objectContaining({ callId: own!.callId, reason: 'withdrawn' }),
      ),
    );
    await until(() =>
      expect(last(bob.pops())).toMatchObject({
        callId: customersCall.callId,
        askedBy: null,
        match: { chosen: otto },
      }),
    );
  });

  test('what the colleague chooses counts for whoever asks, unless they said who it is', async () => {
    await fillMirror(database.db, company, [
      { id: 'ada', name: 'Ada Berg', raw: '030 123450', cases: 1 },
      { id: 'otto', name: 'Otto Berg', raw: '030 123450', cases: 0 },
    ]);
    const [alice, bob] = [await connect('201'), await connect('202')];
    await newCall().happens(from('+49 30 123450'), rings('201'), answers('201'));
    await newCall().happens(internal('201', '202'), rings('202'));
    await until(() => expect(bob.pops()).not.toEqual([]));
    const { callId, match } = last(bob.pops());
    const [first, second] = match.candidates.map(({ key }) => key);
    await chooseMatch(deps(), viewer('202'), callId, first!);
    await until(() => expect(last(alice.pops())).toMatchObject({ match: { chosen: first } }));
    await chooseMatch(deps(), viewer('202'), callId, second!);
    await until(() => expect(last(bob.pops()).match.chosen).toBe(second));
    expect(last(alice.pops()).match.chosen).toBe(first);
  });
});

describe('a ringing phone', () => {
  test('shows the caller to the agent whose extension rings, in every tab, and to nobody else', async () => {
    await fillMirror(database.db, company, [
      { id: 'ada', name: 'Ada Berg', raw: '(030) 12 34 50', cases: 2 },
    ]);
    const [tab, otherTab, colleague] = [
      await connect('201'),
      await connect('201'),
      await connect('202'),
    ];
    await newCall().happens(from('+49 30 123450'), rings('201'));
    await until(() => expect(last(tab.pops()).state).toBe('ringing'));
    await until(() => expect(otherTab.pops()).toEqual(tab.pops()));
    const pop = last(tab.pops());
    expect(pop).toMatchObject({
      caller: { e164: '+4930123450', country: 'DE' },
      dialled: '+49 30 901820',
      queue: 'Support',
      match: { status: 'one', candidates: [{ name: 'Ada Berg', openCaseCount: 2 }] },
      card: {
        numbers: [{ label: 'mobile phone', number: { display: '+49 30 123450' }, matches: true }],
        timeZone: { name: 'Europe/Berlin', from: 'country' },
        transfers: [],
        earlier: { calls: [], next: null },
      },
    });
    expect(pop.match.candidates[0]?.reason.text).toContain('as stored: (030) 12 34 50');
    expect(pop.match.candidates[0]?.link).toMatch(/^https:\/\/acme\.service-now\.com\//);
    expect(pop.match.candidates[0]?.openCases[0]?.link).toMatch(
      /^https:\/\/acme\.service-now\.com\//,
    );
    expect(colleague.pops()).toEqual([]);
  });

  test('of a group: who answers talks, the others are told who it was', async () => {
    const [alice, bob] = [await connect('201'), await connect('202')];
    const call = newCall();
    await call.happens(from('+491711234567'), rings('201'), rings('202'));
    await until(() => expect(last(bob.pops()).match.status).toBe('none'));
    await until(() => expect(alice.pops()).not.toEqual([]));
    await call.happens(answers('202'));
    await until(() => expect(last(bob.pops()).state).toBe('talking'));
    await until(() =>
      expect(alice.gone()).toEqual([
        { callId: last(bob.pops()).callId, reason: 'answered-elsewhere', by: 'Bob Miller' },
      ]),
    );
    await call.happens(over('normal'));
    await until(() =>
      expect(last(bob.pops())).toMatchObject({ state: 'ended', result: 'answered' }),
    );
    expect(alice.gone()).toHaveLength(1);
  });

  test('of a number that is hidden is masked on the stream, as soon as it is hidden', async () => {
    await fillMirror(database.db, company, [
      { id: 'ada', name: 'Ada Berg', raw: '030 123450', cases: 1 },
    ]);
    const alice = await connect('201');
    const call = newCall();
    await call.happens(from('+49 30 123450'), rings('201'));
    await until(() => expect(alice.pops()).toHaveLength(1));
    expect(last(alice.pops()).caller.display).toBe('+49 30 123450');
    const states = alice.states().length;
    const { organizationId } = company;
    await setNumbersMaskedFor(database.db, organizationId, 'agents');
    await notifier.publish(database.db, peopleChannel, { organizationId });
    await until(() => expect(alice.states().length).toBeGreaterThan(states));
    await call.happens(answers('201'));
    await until(() => expect(alice.pops()).toHaveLength(2));
    const told = [last(alice.states()), last(alice.pops())];
    expect(JSON.stringify(told).replaceAll(/[\s().-]/g, '')).not.toMatch(/0?30123450/);
    const { caller, match, card } = last(alice.pops());
    expect(caller).toMatchObject({
      display: '+49 ••• ••• 3450',
      e164: expect.stringMatching(/^ref:/),
    });
    expect(match.candidates[0]).toMatchObject({
      name: 'Ada Berg',
      reason: { raw: '••• ••• 3450' },
    });
    expect(card.numbers[0]?.number.e164).toBe(caller.e164);
    expect(numberMask.open(organizationId, caller.e164!)).toBe('+4930123450');
  });

  test('that nobody answers stays as missed, also after a reload and on another node', async () => {
    const alice = await connect('201');
    await newCall().happens(from('anonymous'), rings('201'), over('cancelled'));
    await until(() =>
      expect(last(alice.pops())).toMatchObject({ state: 'ended', result: 'abandoned' }),
    );
    const otherNode = new DeskHub({ numberMask, db: database.db, notifier, clock, log: testLog });
    const reloaded = await connect('201', otherNode);
    expect(last(reloaded.states()).pops).toEqual([last(alice.pops())]);
    expect(last(reloaded.states()).pops[0]?.match.status).toBe('anonymous');
    otherNode.close();
    seconds += 16 * 60;
    expect(last((await connect('201')).states()).pops).toEqual([]);
  });

  test('reaches whoever it concerns on another node too, and nobody else there', async () => {
    const line = await createNotifier({ connection: database.connection });
    const node = new DeskHub({ numberMask, db: database.db, notifier: line, clock, log: testLog });
    try {
      const bob = await connect('202', node);
      await newCall().happens(from('+491711234561'), rings('201'));
      const call = newCall();
      await call.happens(from('+491711234562'), rings('201'), rings('202'));
      await until(() => expect(last(bob.pops()).caller.e164).toBe('+491711234562'));
      await call.happens(answers('201'));
      await until(() => expect(bob.gone()).toMatchObject([{ reason: 'answered-elsewhere' }]));
      expect(bob.pops().filter(({ caller }) => caller.e164 !== '+491711234562')).toEqual([]);
      // Passed on from a node that has nothing to do with Bob.
      await call.happens(rings('202'), answers('202'));
      await until(() => expect(last(bob.pops())).toMatchObject({ state: 'talking' }));
    } finally {
      node.close();
      await line.close();
    }
  });

  test.each(['the same', 'another'])(
    'that turns out to be part of another call takes its own pop away, on %s node',
    async (where) => {
      const line =
        where === 'another' ? await createNotifier({ connection: database.connection }) : null;
      const node =
        line && new DeskHub({ numberMask, db: database.db, notifier: line, clock, log: testLog });
      const alice = await connect('201', node ?? hub);
      const [call, consultation] = [newCall(), newCall()];
      await call.happens(from('+491711234567'), rings('201'), answers('201'));
      await consultation.happens(from('+491717654321'), rings('201'));
      // Pops of two calls come in any order.
      const own = () => alice.pops().find(({ caller }) => caller.e164 === '+491717654321');
      await until(() => expect(own()).toBeDefined());
      await consultation.happens({ type: 'call-merged', into: call.id });
      const gone = { callId: own()?.callId, reason: 'withdrawn' };
      await until(() => expect(alice.gone()).toMatchObject([gone]));
      node?.close();
      await line?.close();
    },
  );

  test('of somebody in another organization is nobody’s business here', async () => {
    const mine = company;
    const alice = await connect('201');
    company = await testCompany(database.db);
    await newCall().happens(from('+491711234567'), rings('201'));
    company = mine;
    const call = newCall();
    await call.happens(from('+491717654321'), rings('201'));
    await until(() => expect(alice.pops()).not.toEqual([]));
    expect(alice.pops().map((pop) => pop.caller.e164)).toEqual(['+491717654321']);
  });

  test.each(['<script>alert(1)</script>', '^NQactive=true', '\u0007\u202e', '9'.repeat(10_000)])(
    'with a hostile number (%#) shows harmless text and matches nobody',
    async (number) => {
      const alice = await connect('201');
      await newCall().happens(from(number), rings('201'));
      await until(() => expect(alice.pops()).not.toEqual([]));
      const { caller, match } = last(alice.pops());
      expect(match.candidates).toEqual([]);
      expect(caller.raw.length).toBeLessThanOrEqual(64);
      expect(caller.raw).not.toMatch(/[\p{Cc}\u202e]/u);
    },
  );
});

describe('what the agent does', () => {
  test('choosing one of several shows in all tabs and goes along with a transfer', async () => {
    await fillMirror(database.db, company, [
      { id: 'ada', name: 'Ada Berg', raw: '+49 40 555555', cases: 0 },
      { id: 'bo', name: 'Bo Chen', raw: '040/555555', cases: 1 },
    ]);
    const [alice, bob] = [await connect('201'), await connect('202')];
    const call = newCall();
    await call.happens(from('+4940555555'), rings('201'), answers('201'));
    await until(() => expect(last(alice.pops()).state).toBe('talking'));
    const { callId, match } = last(alice.pops());
    expect(match).toMatchObject({ status: 'several', chosen: null });
    const key = `contact:${company.connectionId}:ada`;
    const pop = await chooseMatch(deps(), viewer('201'), callId, key);
    expect(pop.match.chosen).toBe(key);
    await until(() => expect(last(alice.pops()).match.chosen).toBe(key));
    await call.happens(rings('202'));
    await until(() => expect(last(bob.pops()).match.chosen).toBe(key));
    await expect(chooseMatch(deps(), viewer('201'), callId, 'contact:x:y')).rejects.toMatchObject({
      code: 'invalid-input',
      fields: [{ field: 'key' }],
    });
    await expect(chooseMatch(deps(), viewer('203'), callId, key)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('counts also while the call is as it was first told, and after a reload', async () => {
    await fillMirror(database.db, company, [
      { id: 'ada', name: 'Ada Berg', raw: '+49 40 555555', cases: 0 },
      { id: 'bo', name: 'Bo Chen', raw: '040/555555', cases: 1 },
    ]);
    const alice = await connect('201');
    const told = { call: 'at once', at: clock.now() };
    await receiveEvents({ ...deps(), log: testLog }, company, [
      { ...told, ...from('+4940555555') } as CallEvent,
      { ...told, ...rings('201') } as CallEvent,
    ]);
    await until(() => expect(alice.pops()).toHaveLength(1));
    const key = `contact:${company.connectionId}:ada`;
    await chooseMatch(deps(), viewer('201'), last(alice.pops()).callId, key);
    await until(() => expect(last(alice.pops()).match.chosen).toBe(key));
    const [pop] = last((await connect('201')).states()).pops;
    expect(pop?.match.chosen).toBe(key);
  });

  test('dismissing takes an ended pop away for good, from their own Desk alone', async () => {
    const [alice, bob] = [await connect('201'), await connect('202')];
    const call = newCall();
    await call.happens(from('+491711234567'), rings('201'), rings('202'));
    await until(() => expect(alice.pops()).not.toEqual([]));
    const { callId } = last(alice.pops());
    await expect(dismissPop(deps(), viewer('201'), callId)).rejects.toMatchObject({
      code: 'conflict',
    });
    await call.happens(over('cancelled'));
    await until(() => expect(last(alice.pops()).state).toBe('ended'));
    await dismissPop(deps(), viewer('201'), callId);
    await until(() => expect(alice.gone()).toEqual([{ callId, reason: 'dismissed', by: null }]));
    expect(last((await connect('201')).states()).pops).toEqual([]);
    expect(last((await connect('202')).states()).pops).toHaveLength(1);
    expect(bob.gone()).toEqual([]);
  });
});

describe('what an administrator does', () => {
  const change = async (personal: object) => {
    const base = {
      id: company.people['201'],
      role: 'agent',
      plan: 'View',
      extension: '201',
      active: true,
    } as const;
    await updatePeople(database.db, company.organizationId, [{ ...base, ...personal }]);
    await notifier.publish(database.db, peopleChannel, { organizationId: company.organizationId });
  };

  test('a seat that is taken away ends the pops and says why, a seat given brings them', async () => {
    const alice = await connect('201');
    await newCall().happens(from('+491711234567'), rings('201'));
    await until(() => expect(alice.pops()).toHaveLength(1));
    await change({ plan: null });
    await until(() => expect(last(alice.states())).toMatchObject({ blocked: 'no-plan', pops: [] }));
    await newCall().happens(from('+491711234568'), rings('201'));
    await change({ plan: 'Core' });
    await until(() => expect(last(alice.states())).toMatchObject({ blocked: null }));
    expect(last(alice.states()).pops).toHaveLength(2);
    expect(alice.pops()).toHaveLength(1);
  });

  test('another extension brings that extension’s calls', async () => {
    const alice = await connect('201');
    await newCall().happens(from('+491711234567'), rings('207'));
    await change({ extension: '207' });
    await until(() => expect(last(alice.states()).pops).toHaveLength(1));
  });

  test('who is deactivated is cut off', async () => {
    const [alice, bob] = [await connect('201'), await connect('202')];
    await change({ active: false });
    await until(() => expect(alice.closed()).toBe(true));
    expect(bob.closed()).toBe(false);
    expect(hub.streams).toBe(1);
  });

  test('a session that ended ends its stream though another is still being looked for', async () => {
    const [slow, gone] = [readStream(), readStream()];
    const late = Promise.withResolvers<boolean>();
    const { organizationId, people } = company;
    hub.attach(organizationId, people['202'], { ...slow, stillSignedIn: () => late.promise });
    hub.attach(organizationId, people['201'], { ...gone, stillSignedIn: async () => false });
    await until(() => expect(gone.states().length + slow.states().length).toBe(2));
    await notifier.publish(database.db, peopleChannel, { organizationId });
    await until(() => expect(gone.closed()).toBe(true));
    expect(slow.closed()).toBe(false);
    late.resolve(false);
    await until(() => expect(slow.closed()).toBe(true));
  });
});

test('a stream whose session ended is closed, and ticks show that the line is alive', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const ticking = new DeskHub({ numberMask, db: database.db, notifier, clock, log: testLog });
  try {
    const [gone, stays] = [readStream(), readStream()];
    const attach = (read: ReadStream, signedIn: boolean) =>
      ticking.attach(company.organizationId, company.people['201'], {
        stream: read.stream,
        stillSignedIn: async () => signedIn,
      });
    attach(gone, false);
    attach(stays, true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(stays.events.map(({ event }) => event)).toContain('tick');
    expect(gone.closed()).toBe(false);
    await vi.advanceTimersByTimeAsync(40_000);
    await until(() => expect(gone.closed()).toBe(true));
    expect(stays.closed()).toBe(false);
  } finally {
    ticking.close();
    vi.useRealTimers();
  }
});

test('a person has a bounded number of streams', async () => {
  for (let open = 0; open < 12; open += 1) await connect('201');
  expect(() => hub.admit(company.organizationId, company.people['201'])).toThrow(/too many/);
  hub.admit(company.organizationId, company.people['202']);
});
