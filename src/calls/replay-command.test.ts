import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { RingsideError } from '../platform/errors.ts';
import { phoneSystemKind } from '../telephony/registry.ts';
import { createLedger } from './ledger.ts';
import { noTime, present } from './replay-command.ts';

const banner = 'Asterisk Call Manager/11.0.0\r\n';
const captures = join(import.meta.dirname, '../../test/captures');

type Expected = Partial<Omit<ReturnType<typeof present>, 'rang'>> & {
  rang: string[];
  rangAnyOrder?: true;
  open?: Record<string, string>;
};

interface Recording {
  name: string;
  kind: 'asterisk' | 'freeswitch';
  bytes: Buffer;
  expected: Expected[];
}

const recordings: Recording[] = readdirSync(captures, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: folder }) => {
    const expected = JSON.parse(
      readFileSync(join(captures, folder, 'expected.json'), 'utf8'),
    ) as Record<string, Expected[]>;
    return Object.entries(expected).map(([file, calls]) => ({
      name: `${folder}/${file}`,
      kind: file.endsWith('.ami.txt') ? ('asterisk' as const) : ('freeswitch' as const),
      bytes: readFileSync(join(captures, folder, file)),
      expected: calls,
    }));
  });

function callsOf(kind: string, chunks: Iterable<Buffer>) {
  const stream = phoneSystemKind(kind)?.readStream?.({ trunks: ['trunk-carrier', '127.0.0.10'] });
  if (!stream) throw new Error(`no stream of ${kind}`);
  const ledger = createLedger();
  for (const chunk of chunks) for (const event of stream.push(chunk, noTime)) ledger.receive(event);
  for (const event of stream.end()) ledger.receive(event);
  return ledger.calls().map(present);
}

function* cut(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Every event twice in a row, as a source that repeats itself would send it. */
function doubled({ kind, bytes }: Recording): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    let end = bytes.indexOf(kind === 'asterisk' ? '\r\n\r\n' : '\n\n', at);
    if (end < 0) break;
    const head = bytes.toString('utf8', at, end);
    end += kind === 'asterisk' ? 4 : 2 + Number(/Content-Length: (\d+)/.exec(head)?.[1] ?? 0);
    const part = bytes.subarray(at, end);
    const banner = kind === 'asterisk' && at === 0 ? bytes.indexOf('\n') + 1 : 0;
    parts.push(part, part.subarray(banner));
    at = end;
  }
  return Buffer.concat(parts);
}

/** Fails unless the calls are the expected ones, by the rules of test/captures/README.md. */
function expectCalls(actual: ReturnType<typeof present>[], expected: Expected[]): void {
  const comparable = (call: Expected, wanted: Expected) => {
    const skipped = new Set([
      'rangAnyOrder',
      'open',
      'callId',
      'startedAt',
      'answeredAt',
      'endedAt',
      ...Object.keys(wanted.open ?? {}),
    ]);
    const rang = wanted.rangAnyOrder ? call.rang.toSorted() : call.rang;
    return Object.fromEntries(
      Object.entries({ ...call, rang }).filter(([field]) => !skipped.has(field)),
    );
  };
  expect(actual.map((call, n) => comparable(call, expected[n] ?? { rang: [] }))).toEqual(
    expected.map((call) => comparable(call, call)),
  );
  expect(new Set(actual.map((call) => call.callId)).size).toBe(actual.length);
  for (const { callId, startedAt, answeredAt, endedAt, answeredBy } of actual) {
    expect(callId).not.toBe('');
    const times = [startedAt, answeredAt, endedAt].filter((time) => time !== null);
    expect(times).toEqual(times.toSorted());
    if (answeredBy === null) expect(answeredAt).toBeNull();
  }
}

describe(`${recordings.length} recorded streams`, { timeout: 60_000 }, () => {
  let folded = 0;
  afterAll(() => {
    console.info(
      `${folded} of ${recordings.length} recorded streams fold into their calls, five ways each`,
    );
  });
  test('are there', () => {
    expect(recordings.length).toBeGreaterThan(100);
  });
  test.each(recordings)('$name', (recording) => {
    const { kind, bytes, expected } = recording;
    const whole = callsOf(kind, [bytes]);
    expectCalls(whole, expected);
    expect(callsOf(kind, cut(bytes, 1))).toEqual(whole);
    expect(callsOf(kind, cut(bytes, 7))).toEqual(whole);
    expect(callsOf(kind, [doubled(recording)])).toEqual(whole);
    expect(callsOf(kind, [Buffer.concat([bytes, bytes])])).toEqual(whole);
    folded += 1;
  });
});

/** What other releases and drivers write otherwise. None of it may change what a stream folds into. */
const variations: Record<string, (text: string) => string> = {
  'no Linkedid, as in early releases of 12 and 13': (text) =>
    text.replaceAll(/^\w*Linked[Ii][dD]: .*\r\n/gm, ''),
  chan_iax2: (text) =>
    text
      .replaceAll(/\bP?J?SIP\/([\w-]+)-([0-9a-f]{8})\b/g, (_all, peer: string, serial: string) => {
        return `IAX2/${peer}-${Number.parseInt(serial, 16) + 1}`;
      })
      .replaceAll(/\bP?J?SIP\//g, 'IAX2/'),
  'names of states and causes in another language': (text) =>
    text.replaceAll(/^(\w*ChannelStateDesc|Cause-txt): .*\r\n/gm, '$1: Verbunden\r\n'),
  'a system name in every id': (text) =>
    text.replaceAll(/^(?!Timestamp)(.*?)\b(1795\d{6}\.\d+)\b/gm, '$1pbx-1-$2'),
  'no noise, no answers and no FullyBooted': (text) =>
    text
      .split(/(?<=\r\n\r\n)/)
      .filter(
        (block) =>
          !/^(Response: Success|Event: (FullyBooted|Newexten|VarSet|CEL|TestEvent|Newstate|Bridge(Create|Destroy|Merge)|New\w+id|QueueMember\w*|DeviceStateChange))/m.test(
            block,
          ) || /^Variable: MIXMONITOR/m.test(block),
      )
      .join(''),
};

describe('streams of other releases and drivers', { timeout: 60_000 }, () => {
  const streams = recordings.filter(({ kind }) => kind === 'asterisk');
  const meant = (bytes: Buffer) =>
    callsOf('asterisk', [bytes]).map(({ callId: _id, ...call }) => call);
  const asRecorded = new Map(streams.map(({ name, bytes }) => [name, meant(bytes)]));
  test.each(Object.entries(variations))('%s', (_name, vary) => {
    let changed = 0;
    for (const { name, bytes } of streams) {
      const varied = Buffer.from(vary(bytes.toString('utf8')));
      if (!varied.equals(bytes)) changed += 1;
      expect({ name, calls: meant(varied) }).toEqual({ name, calls: asRecorded.get(name) });
    }
    expect(changed).toBeGreaterThan(streams.length / 2);
  });

  test('FreeSWITCH: a list of channels in the stream ends what it does not list', () => {
    const recording = recordings.find(({ name }) => name.includes('1.11.3-dev/01-'))!;
    const text = recording.bytes.toString('utf8');
    const middle = text.lastIndexOf(
      'Content-Length',
      text.indexOf('Event-Name: CHANNEL_BRIDGE') + 9_000,
    );
    const answer = (body: string) =>
      `Content-Type: api/response\nContent-Length: ${body.length}\n\n${body}`;
    const [call] = callsOf('freeswitch', [
      Buffer.from(text.slice(0, middle)),
      Buffer.from(answer('{"row_count":0}')),
    ]);
    expect(call).toMatchObject({ result: 'unknown', answeredBy: '101' });
    expect(call!.endedAt! >= call!.answeredAt!).toBe(true);
    const whole = callsOf('freeswitch', [recording.bytes]);
    const other = answer('{"row_count":1,"rows":[{"uuid":"x","b_uuid":"y"}]}');
    const [before, after] = [text.slice(0, middle), text.slice(middle)];
    expect(callsOf('freeswitch', [Buffer.from(before + other + after)])).toEqual(whole);
  });
});

describe('times', () => {
  test('are those of the stream', () => {
    const recording = recordings.find((one) => one.name.includes('22.10.1/01-'));
    const [call] = callsOf('asterisk', [recording?.bytes ?? Buffer.alloc(0)]);
    expect(call).toMatchObject({
      callId: '1795444672.3',
      startedAt: '2026-11-23T14:37:52.951Z',
      answeredAt: '2026-11-23T14:37:53.558Z',
      endedAt: '2026-11-23T14:37:54.362Z',
    });
  });
  test('are null where the stream tells none', () => {
    const recording = recordings.find((one) => one.name.includes('22.10.1/09-'));
    const text = recording?.bytes.toString('utf8').replaceAll(/Timestamp: .*\r\n/g, '') ?? '';
    const [call] = callsOf('asterisk', [Buffer.from(text)]);
    expect(call).toMatchObject({
      answeredBy: '102',
      startedAt: null,
      answeredAt: null,
      endedAt: null,
    });
  });
});

describe('damaged streams', { timeout: 60_000 }, () => {
  const small = recordings.filter((recording) => recording.bytes.length < 60_000);

  test('cut off, mangled or mixed up, they end in calls or in a named error', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...small),
        fc.array(fc.record({ at: fc.nat(60_000), bytes: fc.uint8Array({ maxLength: 20 }) }), {
          maxLength: 30,
        }),
        fc.nat(60_000),
        ({ kind, bytes }, damages, length) => {
          const damaged = Buffer.from(bytes.subarray(0, length));
          for (const { at, bytes: noise } of damages)
            damaged.set(
              noise.slice(0, Math.max(0, damaged.length - at)),
              Math.min(at, damaged.length),
            );
          try {
            callsOf(kind, cut(damaged, 997));
          } catch (error) {
            expect(error).toBeInstanceOf(RingsideError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('blocks in any order make no call twice, and end none before it starts', () => {
    const streams = small.filter(({ kind }) => kind === 'asterisk');
    fc.assert(
      fc.property(fc.constantFrom(...streams), fc.infiniteStream(fc.nat()), ({ bytes }, random) => {
        const keyed = bytes
          .toString('utf8')
          .split(/(?<=\r\n\r\n)/)
          .map((block) => ({ block, key: random.next().value ?? 0 }));
        const blocks = keyed.toSorted((a, b) => a.key - b.key).map(({ block }) => block);
        const calls = callsOf('asterisk', [Buffer.from(`${banner}${blocks.join('')}`)]);
        expect(new Set(calls.map((call) => call.callId)).size).toBe(calls.length);
        for (const { startedAt, endedAt } of calls) {
          if (startedAt !== null && endedAt !== null) expect(startedAt <= endedAt).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  const endless = Buffer.alloc(64 * 1024, 'x');
  test.each([
    ['asterisk', [Buffer.from(`${banner}Event: `)]],
    ['asterisk', [Buffer.from(banner)]],
    [
      'freeswitch',
      [Buffer.from('Content-Type: text/event-plain\nContent-Length: 999999999999\n\n')],
    ],
    ['freeswitch', [Buffer.from('Content-Type: auth/request\n\nX: ')]],
  ])('%s: what never ends is not kept', (kind, begin) => {
    const before = process.memoryUsage().rss;
    callsOf(
      kind,
      (function* () {
        yield* begin;
        for (let n = 0; n < 3_000; n += 1) yield endless;
      })(),
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });
});

describe('ringside replay', { timeout: 60_000 }, () => {
  const folder = mkdtemp(join(tmpdir(), 'ringside-replay-'));
  afterAll(async () => rm(await folder, { recursive: true }));
  const run = async (file: string | Buffer, ...options: string[]) => {
    const path = typeof file === 'string' ? join(captures, file) : join(await folder, 'stream');
    if (typeof file !== 'string') writeFileSync(path, file);
    const args = [join(import.meta.dirname, '../../bin/ringside.mjs'), 'replay', path, ...options];
    try {
      return { ...(await promisify(execFile)(process.execPath, args)), code: 0 };
    } catch (error) {
      return error as { stdout: string; stderr: string; code: number };
    }
  };
  const asterisk = ['--kind', 'asterisk', '--trunk', 'trunk-carrier', '--json'];

  test('prints one JSON object a line, in the order in which the calls started', async () => {
    const { stdout, stderr, code } = await run(
      'asterisk-22.10.1/27-two-parallel-inbound-calls.ami.txt',
      ...asterisk,
    );
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect([stderr, code]).toEqual(['', 0]);
    expect(lines.map((call) => call['from'])).toEqual(['+12025550143', '+12025550177']);
    expect(Object.keys(lines[0] ?? {})).toEqual([
      'direction',
      'from',
      'to',
      'queue',
      'result',
      'answeredBy',
      'rang',
      'transfers',
      'held',
      'callId',
      'startedAt',
      'answeredAt',
      'endedAt',
    ]);
  });

  test('prints nothing for a stream without calls', async () => {
    expect(await run('asterisk-22.10.1/34-register-unregister.ami.txt', ...asterisk)).toMatchObject(
      { stdout: '', code: 0 },
    );
  });

  test('takes a stream that was cut off', async () => {
    const bytes = readFileSync(
      join(captures, 'asterisk-22.10.1/01-inbound-answered-caller-hangs-up.ami.txt'),
    );
    const { stdout, code } = await run(bytes.subarray(0, bytes.length / 2), ...asterisk);
    expect([JSON.parse(stdout), code]).toMatchObject([{ result: 'unknown', endedAt: null }, 0]);
  });

  test.each([
    [
      'the other kind',
      'freeswitch-1.11.3-dev/01-inbound-answered-caller-hangs-up.esl-plain.txt',
      'Asterisk Manager Interface',
    ],
    ['nothing', Buffer.alloc(0), 'Asterisk Manager Interface'],
    [
      'noise',
      Buffer.from(Array.from({ length: 100_000 }, (_, n) => (n * 7919) % 251)),
      'Asterisk Manager Interface',
    ],
    ['no file', 'nowhere.txt', 'ENOENT'],
  ])('refuses %s', async (_name, file, message) => {
    const { stdout, stderr, code } = await run(file, ...asterisk);
    expect([stdout, code]).toEqual(['', 1]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  test('says so when it is called in a wrong way', async () => {
    expect(await run('x', '--kind', 'carrier-pigeon')).toMatchObject({ code: 2 });
    expect(await run('x')).toMatchObject({ code: 2 });
  });
});
