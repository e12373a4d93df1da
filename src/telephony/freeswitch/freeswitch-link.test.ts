import { afterEach, describe, expect, test, vi } from 'vitest';
import type { LinkError } from '../link-error.ts';
import type { LinkFound, LinkStep, PhoneEvent } from '../port.ts';
import { EslConnection } from './esl-client.ts';
import { apiAnswer, eslEvent, reply, startEslServer } from './esl-server.testing.ts';
import type { EslServer, EslServerOptions } from './esl-server.testing.ts';
import { openFreeswitchLink } from './freeswitch-link.ts';
import { freeswitch } from './freeswitch.ts';
import { testFreeswitch } from './test-freeswitch.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const timing = { connect: 20_000, command: 20_000, askEvery: 50, askDeadline: 20_000 };
/** For a peer that never answers. */
const impatient = { connect: 300, command: 300, askDeadline: 300 };
const settingsFor = ({ port }: { port: number }) => ({
  host: '127.0.0.1',
  port: String(port),
  trunks: '127.0.0.10',
  domain: 'pbx.example.com',
  context: 'internal',
});

/** A link to a stand-in and what it tells. */
async function linked(
  options: EslServerOptions = {},
  password = 'ClueCon',
  patience: Partial<typeof timing> = {},
) {
  const server = await startEslServer(options);
  closers.push(() => server.close());
  const events: PhoneEvent[] = [];
  const ups: LinkFound[] = [];
  const downs: LinkError[] = [];
  const link = openFreeswitchLink(
    settingsFor(server),
    { password },
    {
      events: async (told) => void events.push(...told),
      up: async (found) => void ups.push(found),
      down: async (reason) => void downs.push(reason),
    },
    { ...timing, ...patience },
  );
  closers.push(() => link.close());
  return { server, link, events, ups, downs };
}

const until = (check: () => unknown) => vi.waitFor(check, { timeout: 60_000, interval: 10 });

describe('signing in', () => {
  test('asks for events, lists what is up, finds the extensions and stays', async () => {
    const { server, ups, events } = await linked();
    await until(() => expect(ups).toEqual([{ extensions: ['101', '102', '103'], warnings: [] }]));
    expect(server.received.slice(0, 4)).toEqual([
      'auth ClueCon',
      expect.stringMatching(
        /^event plain CHANNEL_CREATE .*CUSTOM valet_parking::info callcenter::info$/,
      ),
      'api show channels as json',
      'api list_users',
    ]);
    expect(events).toMatchObject([{ type: 'snapshot', calls: [] }]);
    await until(() => expect(server.received).toContain('api uptime'));
  });

  test.each<[string, EslServerOptions, string]>([
    ['a wrong password', { password: 'other' }, 'unauthorized'],
    [
      'an address that is not in the list',
      {
        greeting:
          'Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n',
      },
      'unauthorized',
    ],
    ['a peer that says nothing', { greeting: '' }, 'timeout'],
    ['another protocol', { greeting: 'SSH-2.0-OpenSSH_9.9\r\n' }, 'wrong-protocol'],
    ['binary', { greeting: Buffer.from('1503030002022801ff80fe0a', 'hex') }, 'wrong-protocol'],
  ])('%s', async (_name, options, code) => {
    const { downs, ups } = await linked(
      ...([options, 'ClueCon', code === 'timeout' ? impatient : {}] as const),
    );
    await until(() => expect(downs[0]?.code).toBe(code));
    expect(downs[0]?.fix).not.toBe('');
    expect(ups).toEqual([]);
  });

  test('nothing listens', async () => {
    const server = await startEslServer();
    await server.close();
    const downs: LinkError[] = [];
    const sink = {
      events: async () => {},
      up: async () => {},
      down: async (reason: LinkError) => void downs.push(reason),
    };
    const link = openFreeswitchLink(settingsFor(server), { password: 'x' }, sink, timing);
    closers.push(() => link.close());
    await until(() => expect(downs[0]?.code).toBe('refused'));
  });
});

describe('a link that was lost', () => {
  const row = (uuid: string, more: object = {}) => ({
    uuid,
    direction: 'inbound',
    created_epoch: '1795447405',
    name: 'sofia/internal/+12025550143@127.0.0.10',
    callstate: 'ACTIVE',
    call_uuid: uuid,
    initial_cid_num: '+12025550143',
    initial_dest: '+12025550101',
    ...more,
  });
  const agent = row('b', {
    direction: 'outbound',
    name: 'sofia/internal/101@127.0.0.21:5062',
    call_uuid: 'a',
    presence_id: '101@127.0.0.1',
    initial_dest: '101',
  });

  test('comes back and lists: what is up goes on, answered already; what is gone is not in the snapshot', async () => {
    const listings = [[row('a'), agent], [row('a'), agent], []];
    let turn = 0;
    const { server, events, ups, downs } = await linked({
      answer(command) {
        if (command !== 'api show channels as json') return undefined;
        const rows = listings[turn++] ?? [];
        return apiAnswer(JSON.stringify({ row_count: rows.length, rows }));
      },
    });
    await until(() => expect(ups).toHaveLength(1));
    const started = new Date(1795447405_000);
    expect(events).toMatchObject([
      {
        type: 'call-started',
        call: 'a',
        at: started,
        direction: 'inbound',
        from: '+12025550143',
        to: '+12025550101',
      },
      { type: 'leg-ringing', call: 'a', leg: 'b', extension: '101' },
      { type: 'leg-answered', call: 'a', leg: 'b', extension: '101' },
      { type: 'snapshot', calls: ['a'] },
    ]);
    server.drop();
    await until(() => expect(ups).toHaveLength(2));
    expect(events.slice(4)).toMatchObject([{ type: 'snapshot', calls: ['a'] }]);
    server.drop();
    await until(() => expect(ups).toHaveLength(3));
    expect(events.slice(5)).toMatchObject([{ type: 'snapshot', calls: [] }]);
    expect(downs.map(({ code }) => code)).toEqual(['closed', 'closed']);
  });

  test('a peer that freezes is noticed', async () => {
    let frozen = false;
    const answer = () => (frozen ? null : undefined);
    const { ups, downs } = await linked({ answer }, 'ClueCon', { askDeadline: 300 });
    await until(() => expect(ups).not.toEqual([]));
    frozen = true;
    await until(() => expect(downs[0]?.code).toBe('timeout'));
    frozen = false;
    const before = ups.length;
    await until(() => expect(ups.length).toBeGreaterThan(before));
  });

  test.each<[string, Buffer | string, string]>([
    [
      'a body longer than it says',
      'Content-Length: 3\nContent-Type: text/event-plain\n\nEvent-Name: X\n\n',
      'protocol-error',
    ],
    ['a message without a type', 'Event-Name: X\n\n', 'protocol-error'],
    ['a farewell', 'Content-Type: text/disconnect-notice\n\n', 'closed'],
    ['a line without an end', Buffer.alloc(7 * 1024 * 1024, 'x'), 'too-large'],
    [
      'a body of 1 GB',
      Buffer.concat([
        Buffer.from('Content-Type: api/response\nContent-Length: 1073741824\n\n'),
        Buffer.alloc(7 * 1024 * 1024),
      ]),
      'too-large',
    ],
  ])('%s', async (_name, bytes, code) => {
    const { server, ups, downs } = await linked();
    await until(() => expect(ups).toHaveLength(1));
    server.send(bytes);
    await until(() => expect(downs[0]?.code).toBe(code));
    await until(() => expect(ups).toHaveLength(2));
  });

  test('a list that is not whole closes no call', async () => {
    const { downs, events } = await linked({
      answer: (command) =>
        command === 'api show channels as json'
          ? apiAnswer('{"row_count":2,"rows":[]}')
          : undefined,
    });
    await until(() => expect(downs[0]?.code).toBe('protocol-error'));
    expect(events).toEqual([]);
  });
});

describe('calls placed from the Desk', () => {
  const job = (call: string, body: string) =>
    eslEvent(
      {
        'Event-Name': 'BACKGROUND_JOB',
        'Job-Command': 'originate',
        'Job-Command-Arg': `{origination_uuid=${call}}user/101@pbx.example.com +12025550188 XML internal`,
      },
      body,
    );
  /** Answers the job of an originate with these words. */
  const saying = (words: string): EslServerOptions => ({
    answer(command, socket) {
      const call = /^bgapi originate .*origination_uuid=([\w-]+)/.exec(command)?.[1];
      if (call === undefined) return undefined;
      socket.write(reply('+OK Job-UUID: 7'));
      socket.write(job(call, words));
      return null;
    },
  });

  test('ring the phone, then dial', async () => {
    const { server, link, ups } = await linked(saying('+OK x\n'));
    await until(() => expect(ups).toHaveLength(1));
    const outcome = await link.originate?.({ extension: '101', number: '+1 202 555 0188' });
    expect(outcome).toEqual({ ok: true, call: expect.any(String) });
    expect(server.received.find((command) => command.startsWith('bgapi'))).toBe(
      `bgapi originate {origination_uuid=${outcome?.ok ? outcome.call : ''},cti_ref=ringside,origination_caller_id_number=+12025550188,originate_timeout=25}user/101@pbx.example.com +12025550188 XML internal`,
    );
  });

  test.each([
    ['-ERR NO_ANSWER\n', /did not pick up/],
    ['-ERR USER_BUSY\n', /busy or declined/],
    ['-ERR USER_NOT_REGISTERED\n', /cannot be reached/],
    ['-ERR CHAN_NOT_IMPLEMENTED\n', /CHAN_NOT_IMPLEMENTED/],
  ])('%j is told in words', async (words, message) => {
    const { link, ups } = await linked(saying(words));
    await until(() => expect(ups).toHaveLength(1));
    const outcome = await link.originate?.({ extension: '101', number: '117' });
    expect(outcome).toMatchObject({ ok: false, message: expect.stringMatching(message) });
  });

  test('what is no number never reaches the phone system', async () => {
    const { server, link, ups } = await linked();
    await until(() => expect(ups).toHaveLength(1));
    for (const number of [
      '1\n\napi fsctl shutdown',
      '1&park',
      '{a=b}1',
      '1^^:x',
      '',
      '1'.repeat(33),
    ]) {
      const place = { extension: '101', number };
      await expect(link.originate?.(place)).rejects.toMatchObject({ code: 'invalid-input' });
      const ring = { extension: number, number: '117' };
      await expect(link.originate?.(ring)).rejects.toMatchObject({ code: 'invalid-input' });
    }
    expect(server.received.filter((command) => command.startsWith('bgapi'))).toEqual([]);
  });

  test('no command holds a line break or NUL', async () => {
    const server = await startEslServer();
    closers.push(() => server.close());
    const options = { host: '127.0.0.1', port: server.port, onEvents: () => undefined };
    const connection = new EslConnection(options);
    closers.push(async () => connection.close());
    for (const line of ['api a\napi b', 'api a\rb', 'api a\u0000b'])
      await expect(connection.command(line)).rejects.toMatchObject({ code: 'invalid-input' });
    await connection.greeted;
    expect(server.received).toEqual([]);
  });
});

describe('the test of a phone system', () => {
  const walk = async (server: EslServer, password: string) => {
    const steps: LinkStep[] = [];
    const signal = AbortSignal.timeout(60_000);
    for await (const step of testFreeswitch(settingsFor(server), { password }, signal, timing))
      steps.push(step);
    return steps.map(({ id, status }) => `${id} ${status}`);
  };

  test('walks all steps, or skips what a failure makes pointless', async () => {
    const server = await startEslServer();
    closers.push(() => server.close());
    const all = ['connect', 'signed-in', 'rights', 'extensions', 'heartbeat'];
    expect(await walk(server, 'ClueCon')).toEqual(all.map((id) => `${id} pass`));
    expect(await walk(server, 'wrong')).toEqual([
      'connect pass',
      'signed-in fail',
      ...all.slice(2).map((id) => `${id} skip`),
    ]);
  });
});

test('settings are mended, and what is wrong is named', () => {
  const typed = { host: ' pbx ', port: '', password: 'p', trunks: 'acme , acme 10.0.0.1' };
  expect(freeswitch.link?.parseSettings(typed, [])).toEqual({
    ok: true,
    settings: {
      host: 'pbx',
      port: '8021',
      trunks: 'acme, 10.0.0.1',
      domain: '',
      context: 'default',
    },
    secrets: { password: 'p' },
    notes: [],
  });
  const wrong = {
    host: 'http://pbx',
    port: '70000',
    domain: 'a}b',
    trunks: '',
    x: '1',
    password: 'a\nb',
  };
  const parsed = freeswitch.link?.parseSettings(wrong, []);
  expect(parsed?.ok === false && parsed.errors.map(({ field }) => field)).toEqual([
    'x',
    'host',
    'port',
    'password',
    'trunks',
    'domain',
  ]);
});
