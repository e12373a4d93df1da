import { afterEach, describe, expect, test, vi } from 'vitest';
import { createHttpClient } from '../../platform/http-client.ts';
import type { LinkError } from '../link-error.ts';
import type { LinkFound, LinkStep, PhoneEvent } from '../port.ts';
import { testThreecx } from './test-threecx.ts';
import { openThreecxLink } from './threecx-link.ts';
import type { ThreecxTiming } from './threecx-link.ts';
import { startThreecxServer } from './threecx-server.testing.ts';
import type { ThreecxServer, ThreecxServerOptions } from './threecx-server.testing.ts';
import { threecx } from './threecx.ts';
import { createTokenManager } from './token.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const timing = {
  ...{ connect: 20_000, pingEvery: 50, pingDeadline: 20_000 },
  ...{ request: 20_000, emptyFor: 600 },
};
const settingsFor = ({ url }: { url: string }) => ({ url, clientId: '900' });
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 60_000, interval: 10 });

async function started(options: ThreecxServerOptions = {}): Promise<ThreecxServer> {
  const server = await startThreecxServer(options);
  closers.push(() => server.close());
  return server;
}

/** A link to a stand-in and what it tells. */
async function linked(
  options: ThreecxServerOptions = {},
  apiKey = 'key',
  patience: Partial<ThreecxTiming> = {},
) {
  const server = await started(options);
  const events: PhoneEvent[] = [];
  const ups: LinkFound[] = [];
  const downs: LinkError[] = [];
  const sink = {
    events: async (told: PhoneEvent[]) => void events.push(...told),
    up: async (found: LinkFound) => void ups.push(found),
    down: async (reason: LinkError) => void downs.push(reason),
  };
  const link = openThreecxLink(settingsFor(server), { apiKey }, sink, { ...timing, ...patience });
  closers.push(() => link.close());
  return { server, link, events, ups, downs };
}

const outside = {
  party_dn_type: 'Wexternalline',
  party_dn: '10000',
  party_caller_id: '+12025550143',
  party_did: '+12025550101',
};
const ringing = (id: number, more: object = {}) => ({
  id,
  status: 'Ringing',
  callid: 7,
  legid: id,
  ...outside,
  ...more,
});
const brief = (events: PhoneEvent[]) =>
  events.map((event) => {
    if (event.type === 'snapshot') return `snapshot ${event.calls.join()}`;
    if (event.type === 'leg-ended') return `leg-ended ${event.leg} ${event.cause}`;
    if (event.type === 'call-started')
      return `call-started ${event.direction} ${event.from} > ${event.to}`;
    return 'extension' in event ? `${event.type} ${event.extension}` : event.type;
  });
const way = 'call-started inbound +12025550143 > +12025550101';

describe('calls', () => {
  test('two phones ring, one answers, the call ends', async () => {
    const { server, events, ups } = await linked();
    await until(() => expect(ups).toEqual([{ extensions: ['101', '102'], warnings: [] }]));
    server.put('800', ringing(1, { status: 'Connected' }));
    server.put('101', ringing(2, { on_behalf_of_dn: '800', on_behalf_of_dn_type: 'Wqueue' }));
    server.put('102', ringing(3, { on_behalf_of_dn: '800', on_behalf_of_dn_type: 'Wqueue' }));
    await until(() => expect(brief(events)).toContain('leg-ringing 102'));
    server.put('102', ringing(3, { status: 'Connected' }));
    await until(() => expect(brief(events)).toContain('leg-answered 102'));
    server.remove('101', 2);
    server.remove('800', 1);
    server.remove('102', 3);
    await until(() => expect(events.at(-1)).toMatchObject({ type: 'call-ended', cause: 'normal' }));
    expect(brief(events)).toEqual([
      'snapshot ',
      way,
      'queue-joined',
      way,
      'leg-ringing 101',
      way,
      'leg-ringing 102',
      way,
      'leg-answered 102',
      'leg-ended 101/2 answered-elsewhere',
      'leg-ended 102/3 normal',
      'call-ended',
    ]);
  });

  test('a phone dials out: the other side has no participant, yet its answer shows', async () => {
    const { server, events, ups } = await linked();
    await until(() => expect(ups).toHaveLength(1));
    const dialling = ringing(4, { status: 'Dialing' });
    server.put('101', dialling);
    await until(() => expect(brief(events)).toContain('leg-placed 101'));
    server.put('101', { ...dialling, status: 'Connected' });
    await until(() =>
      expect(brief(events).slice(1)).toEqual([
        'call-started outbound 101 > +12025550143',
        'leg-placed 101',
        'call-started outbound 101 > +12025550143',
        'leg-answered null',
      ]),
    );
    expect(events).toContainEqual(expect.objectContaining({ type: 'leg-placed', leg: '7' }));
  });

  test('a transfer leaves a gap without ending the call', async () => {
    const { server, events, ups } = await linked({}, 'key', { emptyFor: 3_000 });
    await until(() => expect(ups).toHaveLength(1));
    server.put('101', ringing(2, { status: 'Connected' }));
    await until(() => expect(brief(events)).toContain('leg-answered 101'));
    server.remove('101', 2);
    server.put('102', ringing(5, { referred_by_dn: '101' }));
    await until(() =>
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'transferred', from: '101', to: '102' }),
      ),
    );
    server.remove('102', 5);
    await until(() => expect(events.at(-1)?.type).toBe('call-ended'));
    expect(events.filter(({ type }) => type === 'call-ended')).toHaveLength(1);
  });

  test('frames that were lost are made up for', async () => {
    const { server, events, ups } = await linked();
    await until(() => expect(ups).toHaveLength(1));
    server.put('101', ringing(2));
    await until(() => expect(brief(events)).toContain('leg-ringing 101'));
    server.silently(() => server.remove('101', 2));
    server.skip();
    server.put('102', ringing(3, { callid: 8 }));
    await until(() =>
      expect(brief(events).slice(-4)).toEqual(
        ['leg-ringing 102', 'call-ended', 'snapshot 8'].toSpliced(0, 0, way),
      ),
    );
  });
});

describe('the link', () => {
  test('comes back after a loss and compares', async () => {
    const { server, events, ups, downs } = await linked();
    await until(() => expect(ups).toHaveLength(1));
    server.put('101', ringing(2, { status: 'Connected' }));
    server.put('102', ringing(3, { status: 'Connected', callid: 8 }));
    await until(() => expect(brief(events)).toContain('leg-answered 102'));
    server.silently(() => server.remove('101', 2));
    server.drop();
    await until(() => expect(ups).toHaveLength(2));
    expect(downs[0]?.code).toBe('closed');
    expect(brief(events).slice(-4)).toEqual([
      'leg-ended 101/2 normal',
      way,
      'call-ended',
      'snapshot 8',
    ]);
  });

  test('a token that another program killed is renewed', async () => {
    const { server, events, ups } = await linked();
    await until(() => expect(ups).toHaveLength(1));
    server.killToken();
    server.put('101', ringing(2));
    await until(() => expect(brief(events)).toContain('leg-ringing 101'));
    expect(server.requests.filter((request) => request.includes('token'))).toHaveLength(2);
  });

  test.each<[string, ThreecxServerOptions, string, string]>([
    ['a wrong key', {}, 'other', 'unauthorized'],
    ['no Call Control', { forbidden: true }, 'key', 'unauthorized'],
  ])('%s', async (_name, options, apiKey, code) => {
    const { downs, ups } = await linked(options, apiKey);
    await until(() => expect(downs[0]?.code).toBe(code));
    expect(ups).toEqual([]);
  });

  test('a peer that freezes is noticed', async () => {
    const { downs } = await linked({ alive: false }, 'key', { pingDeadline: 150 });
    await until(() => expect(downs[0]?.code).toBe('timeout'));
  });

  test.each<[string, string | Buffer, string]>([
    ['no JSON', 'hello', 'protocol-error'],
    ['another JSON', '{"sequence":"x"}', 'protocol-error'],
    ['binary', Buffer.from([0, 255, 1]), 'protocol-error'],
    ['a frame that is far too large', 'x'.repeat(100_000), 'too-large'],
  ])('%s', async (_name, frame, code) => {
    const { server, ups, downs } = await linked();
    await until(() => expect(ups).toHaveLength(1));
    for (const socket of server.sockets) socket.send(frame);
    await until(() => expect(downs[0]?.code).toBe(code));
    await until(() => expect(ups).toHaveLength(2));
  });

  test('nothing listens', async () => {
    const server = await startThreecxServer();
    await server.close();
    const downs: LinkError[] = [];
    const sink = {
      events: async () => {},
      up: async () => {},
      down: async (reason: LinkError) => void downs.push(reason),
    };
    const link = openThreecxLink(settingsFor(server), { apiKey: 'key' }, sink, timing);
    closers.push(() => link.close());
    await until(() => expect(downs[0]?.code).toBe('refused'));
  });
});

describe('calls placed from the Desk', () => {
  test('the phone that rings first is not being called', async () => {
    const { server, link, events, ups } = await linked();
    await until(() => expect(ups).toHaveLength(1));
    const placed = link.originate?.({ extension: '101', number: '+1 202 555 0143' });
    expect(await placed).toEqual({ ok: true, call: '77' });
    server.put('101', ringing(9, { callid: 77 }));
    await until(() =>
      expect(brief(events).slice(1)).toEqual([
        'call-started outbound 101 > +12025550143',
        'leg-placed 101',
      ]),
    );
  });

  test('also where it is looked at late, and speaks already', async () => {
    const { server, link, events, ups } = await linked();
    await until(() => expect(ups).toHaveLength(1));
    await link.originate?.({ extension: '101', number: '+1 202 555 0143' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    closers.push(async () => vi.useRealTimers());
    server.put('101', ringing(9, { callid: 77, status: 'Connected' }));
    await until(() =>
      expect(brief(events).slice(1)).toEqual([
        'call-started outbound 101 > +12025550143',
        'leg-placed 101',
        'leg-answered null',
      ]),
    );
  });

  test('a refusal is told in words, and what is no number is not sent', async () => {
    const { server, link, ups } = await linked();
    await until(() => expect(ups).toHaveLength(1));
    expect(await link.originate?.({ extension: '101', number: '999' })).toMatchObject({
      ok: false,
      message: expect.stringContaining('Not answered'),
    });
    const sent = server.requests.length;
    for (const number of ['../900/makecall', '1;2', 'sip:x', ''])
      await expect(link.originate?.({ extension: '101', number })).rejects.toMatchObject({
        code: 'invalid-input',
      });
    expect(server.requests).toHaveLength(sent);
  });
});

describe('one token', () => {
  const http = createHttpClient();
  const count = ({ requests }: ThreecxServer) =>
    requests.filter((request) => request === 'POST /connect/token').length;

  test.each([
    ['seconds', 3600, 3600],
    ['minutes', 60, 3600],
  ])('expires_in in %s', async (_unit, expiresIn, seconds) => {
    const server = await started({ expiresIn });
    let now = 0;
    const settings = { url: server.url, clientId: '900', apiKey: 'key' };
    const manager = createTokenManager(settings, () => now);
    const [a, b] = await Promise.all([manager.token(http), manager.token(http)]);
    expect([a, b, count(server)]).toEqual(['token-1', 'token-1', 1]);
    now = (seconds - 31) * 1000;
    expect(await manager.token(http)).toBe('token-1');
    now = (seconds - 29) * 1000;
    expect(await manager.token(http)).toBe('token-2');
    expect(await manager.token(http, 'token-1')).toBe('token-2');
    expect(await manager.token(http, 'token-2')).toBe('token-3');
  });

  test('a test beside a link that is up asks for no token of its own', async () => {
    const { server, ups } = await linked();
    await until(() => expect(ups).toHaveLength(1));
    expect(await walk(server, 'key')).toEqual(
      ['connect', 'signed-in', 'rights', 'extensions', 'heartbeat'].map((id) => `${id} pass`),
    );
    expect(count(server)).toBe(1);
  });
});

async function walk(server: { url: string }, apiKey: string) {
  const steps: LinkStep[] = [];
  const signal = AbortSignal.timeout(60_000);
  for await (const step of testThreecx(settingsFor(server), { apiKey }, signal, timing))
    steps.push(step);
  return steps.map(({ id, status }) => `${id} ${status}`);
}

test('the test stops at what fails', async () => {
  const server = await started();
  const rest = ['rights skip', 'extensions skip', 'heartbeat skip'];
  expect(await walk(server, 'wrong')).toEqual(['connect pass', 'signed-in fail', ...rest]);
});

test('settings are mended, and what is wrong is named', () => {
  expect(
    threecx.link?.parseSettings({ url: 'acme.3cx.eu/#/login', clientId: '900', apiKey: 'k' }, []),
  ).toMatchObject({
    ok: true,
    settings: { url: 'https://acme.3cx.eu', clientId: '900' },
    secrets: { apiKey: 'k' },
  });
  const parsed = threecx.link?.parseSettings({ url: 'ftp://x', clientId: 'a b' }, []);
  expect(parsed?.ok === false && parsed.errors.map(({ field }) => field)).toEqual([
    'url',
    'clientId',
    'apiKey',
  ]);
});
