import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoAgents, setUpDemo } from '../sandbox/demo/set-up-demo.ts';
import { startSandbox } from '../sandbox/server.ts';
import type { Pop } from '../src/desk/contract.ts';
import { startHub } from '../src/main.ts';
import { loadConfig } from '../src/platform/config.ts';
import { silentLog } from '../src/platform/log.ts';
import { startAmiServer } from '../src/telephony/asterisk/ami-server.testing.ts';
import { percentiles, report } from './row.ts';
import { signIn } from './sign-in.ts';

/**
 * From the last byte of DialBegin written to the manager socket to the pop read from the agent's live stream over HTTP, through a
 * whole hub on its embedded PostgreSQL, with a stand-in for Asterisk:
 *
 *     node bench/ring.ts [calls a second, 20] [seconds, 15]
 *
 * The phones of two agents ring in turns, for half a second each; every caller has a number of the CRM.
 */

const [rate = 20, seconds = 15] = process.argv.slice(2).map(Number);
const contacts = 2_000;
const ringMs = 500;
const password = 'bench-bench-bench-1234';
const trunk = 'carrier';

const times: number[] = [];
/** When the DialBegin of a call was written, by its caller. */
const awaited = new Map<string, { since: number; measured: boolean }>();

const folder = await mkdtemp(join(tmpdir(), 'ringside-bench-'));
const stop = new AbortController();
const closers: (() => unknown)[] = [];
try {
  const sandbox = await startSandbox({ port: 0, contacts, seed: 5 });
  closers.push(() => sandbox.close());
  const asterisk = await startAmiServer();
  closers.push(() => asterisk.close());
  const config = loadConfig({
    PATH: process.env['PATH'],
    RINGSIDE_DATA_DIR: join(folder, 'data'),
    RINGSIDE_PORT: '0',
    RINGSIDE_ALLOW_PRIVATE: '127.0.0.1',
  });
  const hub = await startHub(config, { log: silentLog, webFolder: null });
  closers.push(() => hub.close());
  await setUpDemo({
    ...{ hubUrl: hub.url, sandboxUrl: sandbox.url, password, stop: stop.signal },
    asterisk: {
      ...{ host: '127.0.0.1', port: String(asterisk.port), tls: 'no' },
      ...{ username: 'bench', secret: 'hush', trunks: trunk, context: 'internal' },
    },
    say: () => undefined,
  });
  for (const { email } of demoAgents) await readPops(hub.url, email);
  while (!asterisk.received.some(({ Action }) => Action === 'DeviceStateList')) await sleep(50);
  await sleep(2_000);
  const callers = sandbox.lookups.uniqueContacts().map(({ number }) => number);
  await ringFor(callers, asterisk.send);
} finally {
  stop.abort();
  for (const close of closers.toReversed()) await close();
  await rm(folder, { recursive: true, force: true });
}

/** Reads an agent's live stream as a browser does. */
async function readPops(url: string, email: string): Promise<void> {
  const cookie = await signIn(url, email, password);
  const request = http.get(new URL('/api/v1/desk/stream', url), { headers: { cookie } });
  request.on('error', () => undefined);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`The live stream said ${response.statusCode}.`);
  closers.push(() => request.destroy());
  let event = '';
  const lines = createInterface({ input: response }).on('error', () => undefined);
  lines.on('line', (line) => {
    if (line.startsWith('event: ')) event = line.slice(7);
    else if (line.startsWith('data: ') && event === 'pop') seen(JSON.parse(line.slice(6)) as Pop);
  });
}

type Tell = (event: Record<string, string>) => void;

async function ringFor(callers: string[], tell: Tell): Promise<void> {
  const warmUp = 2 * rate;
  const count = warmUp + rate * seconds;
  if (callers.length < rate * 5) throw new Error(`Only ${callers.length} callers.`);
  const begin = performance.now();
  for (let call = 0; call < count; call += 1) {
    await sleep(Math.max(0, begin + (call * 1_000) / rate - performance.now()));
    ring(call, callers[call % callers.length]!, tell, call >= warmUp);
  }
  await sleep(ringMs + 2_000);
  report({
    what: `DialBegin on the AMI socket to the pop on the live stream, ${rate} calls/s`,
    ...percentiles(times),
    ...(awaited.size > 0 ? { note: `${awaited.size} pops never came` } : {}),
  });
  if (awaited.size > 0 || times.length === 0) process.exitCode = 1;
}

function seen(pop: Pop): void {
  const known = awaited.get(pop.caller.e164 ?? '');
  if (known === undefined || pop.state !== 'ringing') return;
  awaited.delete(pop.caller.e164 ?? '');
  if (known.measured) times.push(performance.now() - known.since);
}

/** What Asterisk tells of a call from outside that rings a phone until the caller gives up. */
function ring(call: number, from: string, tell: Tell, measured: boolean): void {
  const second = 1_800_000_000 + call;
  const Timestamp = () => String(Date.now() / 1_000);
  const { extension } = demoAgents[call % demoAgents.length]!;
  const caller = channel(`PJSIP/${trunk}-${hex(2 * call)}`, `${second}.${2 * call}`);
  const phone = channel(`PJSIP/${extension}-${hex(2 * call + 1)}`, `${second}.${2 * call + 1}`);
  const both = { ...caller, Linkedid: caller.Uniqueid };
  const other = { ...phone, Linkedid: caller.Uniqueid };
  const numbers = { CallerIDNum: from, Exten: '+12025550101' };
  tell({ Event: 'Newchannel', ...both, ...numbers, Timestamp: Timestamp() });
  tell({ Event: 'Newchannel', ...other, CallerIDNum: extension, Timestamp: Timestamp() });
  const dest = Object.fromEntries(
    Object.entries(other).map(([key, value]) => [`Dest${key}`, value]),
  );
  tell({
    ...{ Event: 'DialBegin', Timestamp: Timestamp() },
    ...{ ...both, ...numbers, ...dest, DialString: extension },
  });
  awaited.set(from, { since: performance.now(), measured });
  setTimeout(() => {
    for (const one of [other, both])
      tell({ Event: 'Hangup', ...one, Cause: '16', Timestamp: Timestamp() });
  }, ringMs);
}

function channel(Channel: string, Uniqueid: string) {
  return { Channel, Uniqueid };
}

function hex(count: number): string {
  return count.toString(16).padStart(8, '0');
}
