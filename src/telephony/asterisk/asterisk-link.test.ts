import { afterEach, describe, expect, test } from 'vitest';
import type { LinkError } from '../link-error.ts';
import type { LinkFound, LinkStep, PhoneEvent, PhoneLink } from '../port.ts';
import { block, startAmiServer } from './ami-server.testing.ts';
import type { AmiServer, AmiServerOptions } from './ami-server.testing.ts';
import { openAsteriskLink } from './asterisk-link.ts';
import { testAsterisk } from './test-asterisk.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const timing = { connect: 20_000, action: 20_000, pingEvery: 100, pingDeadline: 20_000 };
const settingsFor = (server: AmiServer) => ({
  host: '127.0.0.1',
  port: String(server.port),
  tls: 'no',
  username: 'ringside',
  login: 'md5',
  trunks: 'carrier',
  context: 'from-internal',
});

interface Told {
  events: PhoneEvent[];
  ups: LinkFound[];
  downs: LinkError[];
  link: PhoneLink;
  until(condition: () => boolean): Promise<void>;
}

async function linked(
  options: AmiServerOptions = {},
  patience: Partial<typeof timing> = {},
): Promise<Told & { server: AmiServer }> {
  const server = await startAmiServer(options);
  closers.push(() => server.close());
  const [events, ups, downs]: [PhoneEvent[], LinkFound[], LinkError[]] = [[], [], []];
  let poke: () => void = () => undefined;
  const sink = {
    events: async (more: PhoneEvent[]) => {
      events.push(...more);
      poke();
    },
    up: async (found: LinkFound) => {
      ups.push(found);
      poke();
    },
    down: async (reason: LinkError) => {
      downs.push(reason);
      poke();
    },
  };
  const link = openAsteriskLink(settingsFor(server), { secret: 'hush' }, sink, {
    ...timing,
    ...patience,
  });
  closers.push(() => link.close());
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise<void>((resolve) => (poke = resolve));
  };
  await until(() => ups.length + downs.length > 0);
  return { events, ups, downs, link, until, server };
}

const channel = {
  Channel: 'PJSIP/carrier-00000001',
  Uniqueid: '1795000000.1',
  Linkedid: '1795000000.1',
};
const newchannel = {
  Event: 'Newchannel',
  ...channel,
  CallerIDNum: '+12025550143',
  Exten: '+12025550101',
  Timestamp: '1795000000.5',
};

describe('the link to an Asterisk', () => {
  test('tells which phones there are, the trunk not among them', async () => {
    const { ups } = await linked();
    expect(ups).toEqual([{ extensions: ['101'], warnings: [] }]);
  });

  test('learns the phones of an Asterisk that lets in before it has read them', async () => {
    let reading = true;
    const lists = ['DeviceStateList', 'ExtensionStateList', 'QueueStatus'];
    const { ups, until, server } = await linked({
      answer: ({ Action = '', ActionID = '' }) =>
        reading && lists.includes(Action)
          ? block({ Response: 'Success', ActionID, EventList: 'start' }) +
            block({ Event: 'ListComplete', ActionID, EventList: 'Complete', ListItems: '0' })
          : undefined,
    });
    expect(ups).toEqual([{ extensions: [], warnings: [] }]);
    reading = false;
    server.send({ Event: 'FullyBooted', Status: 'Fully Booted' });
    await until(() => ups.length > 1);
    expect(ups[1]).toEqual({ extensions: ['101'], warnings: [] });
  });

  test('names the rights that are missing and what will not work', async () => {
    const { ups } = await linked({
      answer: ({ Action, ActionID = '' }) =>
        Action === 'ListCommands'
          ? block({
              Response: 'Success',
              ActionID,
              Originate: 'x',
              QueueStatus: 'x',
              Redirect: 'x',
            })
          : undefined,
    });
    expect(ups[0]?.warnings).toEqual([
      expect.stringContaining('write = reporting is missing'),
      expect.stringContaining('write = agent is missing'),
    ]);
  });

  test('a call goes on over a loss of the link, and one that is gone is not in the snapshot', async () => {
    let up: Record<string, string>[] = [];
    const told = await linked({
      answer({ Action, ActionID = '' }) {
        if (Action !== 'CoreShowChannels') return undefined;
        const listed = up.map((one) => block({ Event: 'CoreShowChannel', ActionID, ...one }));
        const end = block({
          Event: 'CoreShowChannelsComplete',
          ActionID,
          EventList: 'Complete',
          ListItems: String(up.length),
        });
        return `${block({ Response: 'Success', ActionID })}${listed.join('')}${end}`;
      },
    });
    told.server.send(newchannel);
    await told.until(() => told.events.some(({ type }) => type === 'call-started'));
    up = [channel];
    told.server.drop();
    await told.until(() => told.ups.length === 2);
    expect(told.downs[0]?.code).toBe('closed');
    expect(told.events.at(-1)).toMatchObject({ type: 'snapshot', calls: ['1795000000.1'] });
    expect(told.events.filter(({ type }) => type === 'call-started')).toHaveLength(1);
    up = [];
    told.server.drop();
    await told.until(() => told.ups.length === 3);
    expect(told.events.at(-1)).toMatchObject({ type: 'snapshot', calls: [] });
  });

  test('a restarted Asterisk closes all, also what looks the same', async () => {
    let time = '12:00:00';
    const told = await linked({
      answer({ Action, ActionID = '' }) {
        if (Action !== 'CoreStatus') return undefined;
        return block({
          Response: 'Success',
          ActionID,
          CoreStartupDate: '2026-11-23',
          CoreStartupTime: time,
        });
      },
    });
    told.server.send(newchannel);
    await told.until(() => told.events.some(({ type }) => type === 'call-started'));
    told.events.length = 0;
    time = '12:05:00';
    told.server.drop();
    await told.until(() => told.ups.length === 2);
    expect(told.events[0]).toMatchObject({ type: 'snapshot', calls: [] });
  });

  test('a frozen Asterisk is noticed by the Ping', async () => {
    let frozen = false;
    const answer = () => (frozen ? null : undefined);
    const told = await linked({ answer }, { pingDeadline: 300 });
    frozen = true;
    await told.until(() => told.downs.length > 0);
    expect(told.downs[0]?.code).toBe('timeout');
    frozen = false;
    const before = told.ups.length;
    await told.until(() => told.ups.length > before);
  });

  test('what could not be kept is told anew after a reconnect', async () => {
    const server = await startAmiServer();
    closers.push(() => server.close());
    let broken = true;
    const kept: PhoneEvent[] = [];
    const downs: LinkError[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    let ups = 0;
    const link = openAsteriskLink(
      settingsFor(server),
      { secret: 'hush' },
      {
        async events(events) {
          if (broken && events.some(({ type }) => type === 'call-started')) {
            broken = false;
            throw new Error('The database is away.');
          }
          kept.push(...events);
        },
        up: async () => {
          ups += 1;
          if (ups === 1) server.send(newchannel);
          else resolve();
        },
        down: async (reason) => void downs.push(reason),
      },
      timing,
    );
    closers.push(() => link.close());
    await promise;
    expect(downs[0]?.code).toBe('failed');
    server.send(newchannel);
    while (!kept.some(({ type }) => type === 'call-started'))
      await new Promise((next) => setTimeout(next, 10));
  });
});

describe('placing a call', () => {
  test('rings the phone first and dials then, with an id of our own', async () => {
    const { link, server } = await linked({
      answer({ Action, ActionID = '', ChannelId = '' }) {
        if (
          Action !== 'Originate' ||
          !ChannelId.startsWith('ringside-') ||
          ChannelId.includes('rights')
        )
          return undefined;
        const response = { Response: 'Success', Reason: '4', Uniqueid: ChannelId };
        return (
          block({ Response: 'Success', ActionID }) +
          block({ Event: 'OriginateResponse', ...response })
        );
      },
    });
    const outcome = await link.originate?.({ extension: '101', number: '+12025550188' });
    const action = server.received.findLast(({ Action }) => Action === 'Originate');
    expect(outcome).toEqual({ ok: true, call: action?.['ChannelId'] });
    expect(action).toMatchObject({
      Channel: 'PJSIP/101',
      Context: 'from-internal',
      Exten: '+12025550188',
      CallerID: '"Call +12025550188" <101>',
    });
  });

  test.each([
    ['3', /did not pick up/],
    ['5', /busy/],
    ['8', /no line free/],
    ['0', /cannot be reached/],
  ])('a failure of reason %s is told in words', async (Reason, words) => {
    const { link } = await linked({
      answer({ Action, ActionID = '', ChannelId = '' }) {
        if (Action !== 'Originate') return undefined;
        const response = { Response: 'Failure', Reason, Uniqueid: ChannelId };
        return (
          block({ Response: 'Success', ActionID }) +
          block({ Event: 'OriginateResponse', ...response })
        );
      },
    });
    const outcome = await link.originate?.({ extension: '101', number: '117' });
    expect(outcome).toMatchObject({ ok: false, message: expect.stringMatching(words) });
  });

  test('what is no number never reaches the phone system', async () => {
    const { link, server } = await linked();
    const sent = server.received.filter(({ Action }) => Action === 'Originate').length;
    for (const number of [
      '101\r\nAction: Logoff',
      '',
      '1'.repeat(33),
      '101@evil',
      '101,1,x',
      'ABC',
    ])
      await expect(link.originate?.({ extension: '101', number })).rejects.toMatchObject({
        code: 'invalid-input',
      });
    expect(server.received.filter(({ Action }) => Action === 'Originate')).toHaveLength(sent);
  });
});

describe('the test of a phone system', () => {
  const walk = async (server: AmiServer, secret: string) => {
    const steps: LinkStep[] = [];
    const signal = AbortSignal.timeout(60_000);
    for await (const step of testAsterisk(settingsFor(server), { secret }, signal, timing))
      steps.push(step);
    return steps.map(({ id, status }) => `${id} ${status}`);
  };

  test('walks all steps', async () => {
    const server = await startAmiServer();
    closers.push(() => server.close());
    const all = ['connect', 'signed-in', 'rights', 'extensions', 'heartbeat'];
    expect(await walk(server, 'hush')).toEqual(all.map((id) => `${id} pass`));
  });

  test('skips what a failure makes pointless', async () => {
    const server = await startAmiServer();
    closers.push(() => server.close());
    expect(await walk(server, 'wrong')).toEqual([
      'connect pass',
      'signed-in fail',
      'rights skip',
      'extensions skip',
      'heartbeat skip',
    ]);
  });

  test('a user who is told of no calls fails', async () => {
    const server = await startAmiServer({
      answer: ({ Action, ActionID = '' }) =>
        Action === 'Originate' ? block({ Response: 'Success', ActionID }) : undefined,
    });
    closers.push(() => server.close());
    expect(await walk(server, 'hush')).toContain('rights fail');
  });
});
