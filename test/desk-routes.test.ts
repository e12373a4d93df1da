import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ShownNote } from '../src/calls/call-phone-store.ts';
import { deskState } from '../src/desk/contract.ts';
import { DeskHub } from '../src/desk/desk-hub.ts';
import { deskRoutes } from '../src/desk/routes.ts';
import { viewerOf } from '../src/http/authentication.ts';
import { testHub, testPassword } from '../src/http/testing.ts';
import type { TestClient, TestHub } from '../src/http/testing.ts';
import { testLog } from '../src/platform/log.testing.ts';
import { createNotifier } from '../src/platform/notifier.ts';
import type { RunningNotifier } from '../src/platform/notifier.ts';
import { createNumberMask } from '../src/directory/number-mask.ts';

const numberMask = createNumberMask(Buffer.alloc(32));

let hub: TestHub;
let notifier: RunningNotifier;
let desks: DeskHub;
let administrator: TestClient;
let agent: TestClient;
const shown: ShownNote[] = [];

beforeAll(async () => {
  // The routes are mounted while the hub is made; what they use is there at the first request.
  const routes = deskRoutes({
    get db() {
      return hub.database.db;
    },
    get clock() {
      return hub.clock;
    },
    get notifier() {
      return notifier;
    },
    get hub() {
      return desks;
    },
    viewerOf,
    clientOf: () => ({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' }),
    recorder: { shown: (notes) => void shown.push(...notes) },
    stillSignedIn: async () => true,
  });
  hub = await testHub({ routes: [routes] });
  const { db, connection } = hub.database;
  notifier = await createNotifier({ connection });
  desks = new DeskHub({ numberMask, db, notifier, clock: hub.clock, log: testLog });
  administrator = await hub.organization('Acme', 'admin@acme.example');
  const email = 'bob@acme.example';
  const person = { name: 'Bob Miller', email, role: 'agent', plan: null, extension: '202' };
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

const call = '01a2098b-2071-7016-a82d-e66d7eeb8ea9';

describe('the Desk over HTTP', () => {
  test('a browser says which pops it shows', async () => {
    const path = '/api/v1/desk/pops/shown';
    expect((await hub.visitor().post(path, { callIds: [call] })).statusCode).toBe(401);
    expect((await agent.post(path, { callIds: ['x'] })).json()).toMatchObject({
      code: 'invalid-input',
      errors: [{ field: 'callIds.0' }],
    });
    expect((await agent.post(path, { callIds: [] })).statusCode).toBe(400);
    expect((await agent.post(path, { callIds: [call] })).statusCode).toBe(204);
    expect(shown).toMatchObject([{ callId: call, browser: 'Firefox on Linux' }]);
  });

  test.each(['/api/v1/desk/stream', '/api/v1/desk/pops', '/api/v1/lookup?number=1'])(
    '%s needs somebody signed in',
    async (path) => {
      const answer = await hub.visitor().get(path);
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ code: 'unauthenticated' });
    },
  );

  test('the stream begins with the state', async () => {
    const url = await hub.app.listen({ port: 0, host: '127.0.0.1' });
    const stop = new AbortController();
    const answer = await fetch(`${url}/api/v1/desk/stream`, {
      headers: { cookie: agent.cookie },
      signal: stop.signal,
    });
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (/event: state\ndata: .*\n\n/.test(text)) break;
    }
    stop.abort();
    await vi.waitFor(() => expect(desks.streams).toBe(0), 60_000);
    const state = deskState.parse(JSON.parse(/data: (.*)\n/.exec(text)?.[1] ?? ''));
    expect(state).toMatchObject({ pops: [], blocked: 'no-plan' });
    expect((await agent.get('/api/v1/desk/pops')).json()).toMatchObject({ blocked: 'no-plan' });
  });

  test('a HEAD request opens no stream', async () => {
    const headers = { cookie: agent.cookie };
    const answer = await hub.app.inject({ method: 'HEAD', url: '/api/v1/desk/stream', headers });
    expect([404, 405]).toContain(answer.statusCode);
    expect(desks.streams).toBe(0);
  });

  test('a look-up needs the View plan, or an administrator', async () => {
    const refused = await agent.get('/api/v1/lookup?number=030123456');
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'plan-required' });
    const answer = await administrator.get('/api/v1/lookup?number=%2B4930123456');
    expect(answer.json()).toMatchObject({
      caller: { e164: '+4930123456' },
      match: { status: 'none' },
    });
  });

  test.each([
    ['no number', ''],
    ['an empty number', '?number='],
    ['two numbers', '?number=1&number=2'],
    ['more than 10,000 characters', `?number=${'9'.repeat(10_001)}`],
  ])('a look-up with %s is refused, naming the field', async (_, query) => {
    const answer = await administrator.get(`/api/v1/lookup${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid-input', errors: [{ field: 'number' }] });
  });

  test.each([
    '<script>alert(1)</script>',
    '^NQactive=true',
    '\u0007\u202e',
    '9'.repeat(10_000),
    'x',
  ])('a look-up of hostile text (%#) finds nobody', async (number) => {
    const answer = await administrator.get(`/api/v1/lookup?number=${encodeURIComponent(number)}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json().match.candidates).toEqual([]);
    expect(answer.json().caller.raw.length).toBeLessThanOrEqual(64);
  });

  test('choosing and dismissing: bad input, no plan, a call that is not there', async () => {
    const wrongId = await administrator.post('/api/v1/desk/pops/nonsense/match', { key: 'k' });
    expect(wrongId.statusCode).toBe(400);
    expect(wrongId.json()).toMatchObject({ errors: [{ field: 'callId' }] });
    const noKey = await administrator.post(`/api/v1/desk/pops/${call}/match`, {});
    expect(noKey.json()).toMatchObject({ code: 'invalid-input', errors: [{ field: 'key' }] });
    const noPlan = await agent.post(`/api/v1/desk/pops/${call}/dismiss`);
    expect(noPlan.json()).toMatchObject({ code: 'plan-required' });
  });
});
