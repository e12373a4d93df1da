import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CallRecorder } from '../src/calls/call-recorder.ts';
import { receiveEvents } from '../src/calls/receive-events.ts';
import { bookMissedCalls } from '../src/desk/book-missed-calls.ts';
import { DeskHub } from '../src/desk/desk-hub.ts';
import { missedCallRoutes } from '../src/desk/missed-call-routes.ts';
import type { MissedCall, MissedPage } from '../src/desk/missed-contract.ts';
import { noteMissedCalls } from '../src/desk/note-missed-calls.ts';
import { chosenCandidates } from '../src/desk/store.ts';
import { readStream } from '../src/desk/testing.ts';
import { viewerOf } from '../src/http/authentication.ts';
import { testHub, testPassword } from '../src/http/testing.ts';
import type { TestClient, TestHub } from '../src/http/testing.ts';
import { insertPhoneSystem } from '../src/organization/phone-system-store.ts';
import { newId } from '../src/platform/id.ts';
import { testLog } from '../src/platform/log.testing.ts';
import { createNotifier } from '../src/platform/notifier.ts';
import type { RunningNotifier } from '../src/platform/notifier.ts';
import type { CallEvent } from '../src/telephony/port.ts';
import { createNumberMask } from '../src/directory/number-mask.ts';

const numberMask = createNumberMask(Buffer.alloc(32));

let hub: TestHub;
let notifier: RunningNotifier;
let desks: DeskHub;
let administrator: Awaited<ReturnType<TestHub['organization']>>;
let agent: TestClient;
const phoneSystemId = newId();

beforeAll(async () => {
  // The routes are mounted while the hub is made; what they use is there at the first request.
  const routes = missedCallRoutes({
    get db() {
      return hub.database.db;
    },
    get clock() {
      return hub.clock;
    },
    viewerOf,
  });
  hub = await testHub({ routes: [routes] });
  const { db, connection } = hub.database;
  notifier = await createNotifier({ connection });
  desks = new DeskHub({ numberMask, db, notifier, clock: hub.clock, log: testLog });
  administrator = await hub.organization('Acme', 'admin@acme.example');
  const system = { id: phoneSystemId, kind: 'webhook', name: 'Office' } as const;
  const tokenHash = Buffer.from(newId());
  await insertPhoneSystem(db, administrator.organizationId, { ...system, tokenHash });
  const email = 'bob@acme.example';
  const person = { name: 'Bob Miller', email, role: 'agent', plan: 'View', extension: '202' };
  const { invitationUrl } = (await administrator.post('/api/v1/people', person)).json();
  const token = new URL(invitationUrl).pathname.split('/').at(-1);
  agent = hub.visitor();
  await agent.post(`/api/v1/invitations/${token}`, { password: testPassword });
});
afterAll(async () => {
  desks.close();
  await notifier.close();
  await hub.close();
});

/** Somebody calls, and nobody takes the call. */
async function miss(from: string): Promise<void> {
  const { db } = hub.database;
  const { organizationId } = administrator;
  const [call, at] = [newId(), hub.clock.now()];
  const log = testLog;
  const recorder = new CallRecorder({ db, clock: hub.clock, log, choicesOf: chosenCandidates });
  const watchers = [noteMissedCalls(0), recorder];
  const events = [
    { call, at, type: 'call-started', direction: 'inbound', from, to: '+4930901820', queue: null },
    { call, at, type: 'leg-ringing', leg: '202', extension: '202' },
    { call, at, type: 'call-ended', cause: 'no-answer' },
  ] as CallEvent[];
  const source = { organizationId, phoneSystemId };
  await receiveEvents({ db, notifier, clock: hub.clock, log, watchers }, source, events);
  await recorder.flush();
  await bookMissedCalls({ db, log });
}

const path = '/api/v1/desk/missed-calls';
const list = async (query = ''): Promise<MissedPage> =>
  (await administrator.get(`${path}${query}`)).json();

describe('missed calls over HTTP', () => {
  test('are listed, closed, opened again, and counted on the live stream', async () => {
    const stream = readStream();
    desks.attach(administrator.organizationId, administrator.personId, {
      ...{ stream: stream.stream, stillSignedIn: async () => true },
    });
    const told = () =>
      stream.events.flatMap(({ event, data }) =>
        event === 'missed' ? [(data as { open: number }).open] : [],
      );
    await vi.waitFor(() => expect(told()).toEqual([0]), { timeout: 60_000 });
    await miss('+4930123450');
    await vi.waitFor(() => expect(told()).toEqual([0, 1]), { timeout: 60_000 });
    // The list changed, though it is as long as before.
    await miss('+4930123450');
    await vi.waitFor(() => expect(told()).toEqual([0, 1, 1]), { timeout: 60_000 });
    const { scope, open, calls } = await list();
    expect({ scope, open }).toEqual({ scope: 'all', open: 1 });
    expect(calls).toMatchObject([{ times: 2, caller: { e164: '+4930123450' } }]);

    const entry = `${path}/${calls[0]!.id}`;
    const closed = await administrator.put(entry, { closed: true });
    expect(closed.statusCode).toBe(200);
    expect(closed.json<MissedCall>().closed).toMatchObject({ reason: 'by-hand' });
    await vi.waitFor(() => expect(told().at(-1)).toBe(0), { timeout: 60_000 });
    expect((await list('?state=closed')).calls).toHaveLength(1);
    await administrator.put(entry, { closed: false });
    expect((await list()).open).toBe(1);
    stream.stream.close();
  });

  test('need the plan; bad questions are told which field, what is not there is not found', async () => {
    const refused = await agent.get(path);
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'plan-required']);
    expect(refused.json().detail).toContain('needs the Core plan');
    expect((await agent.put(`${path}/${newId()}`, { closed: true })).statusCode).toBe(403);
    expect((await administrator.put(`${path}/${newId()}`, { closed: true })).statusCode).toBe(404);
    for (const [query, field] of [
      ['?scope=everything', 'scope'],
      ['?state=lost', 'state'],
      ['?after=yesterday', 'after'],
    ] as const) {
      const answer = await administrator.get(`${path}${query}`);
      expect([answer.statusCode, answer.json().errors[0].field]).toEqual([400, field]);
    }
    expect((await hub.visitor().get(path)).statusCode).toBe(401);
  });
});
