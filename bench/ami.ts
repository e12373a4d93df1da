import { fork } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createLedger } from '../src/calls/ledger.ts';
import { noTime } from '../src/calls/replay-command.ts';
import { phoneSystemKind } from '../src/telephony/registry.ts';
import type { AmiClientName, AmiClientResult } from './ami-client.ts';
import { amiPackages, installAmiPackages } from './ami-packages.ts';
import type { AmiPackage } from './ami-packages.ts';
import { amiStream, banner, recordings, trunk } from './captured-stream.ts';
import { percentiles, report } from './row.ts';

/**
 * How many events of phone systems are parsed and folded into calls per second, on recorded streams; for AMI beside the packages
 * of npm, which only parse, on the same bytes over the same loopback:
 *
 *     node bench/ami.ts [rounds of the recordings, 30] [passes, 3]
 *
 * Each client runs in a process of its own; of the passes, one client after the other, the one in the middle counts.
 */

const [rounds = 30, passes = 3] = process.argv.slice(2).map(Number);
const clientMs = 120_000;
const chunkBytes = 65_536;

const stream = amiStream(rounds);
const events = stream.eventsPerRound * rounds;
const callsPerRound = replayed('asterisk', [trunk], [amiStream(1).bytes]);

measureReplay('AMI in memory, parsed and folded (ringside replay)', 'asterisk', [
  Buffer.concat([Buffer.from(banner), amiStream(1).bytes]),
]);
measureReplay(
  'ESL in memory, parsed and folded (ringside replay)',
  'freeswitch',
  recordings('freeswitch-1.11.3-dev', '*.esl-plain.txt'),
);
await measureClients();

function replayed(kind: string, trunks: string[], streams: Buffer[]): number {
  let calls = 0;
  for (const bytes of streams) {
    const ledger = createLedger();
    const source = phoneSystemKind(kind)!.readStream!({ trunks });
    for (let at = 0; at < bytes.length; at += chunkBytes)
      for (const event of source.push(bytes.subarray(at, at + chunkBytes), noTime))
        ledger.receive(event);
    for (const event of source.end()) ledger.receive(event);
    calls += ledger.calls().length;
  }
  return calls;
}

/** Each round begins anew, as a replay of a file does. */
function measureReplay(what: string, kind: string, streams: Buffer[]): void {
  const trunks = kind === 'asterisk' ? [trunk] : ['127.0.0.10'];
  const count = streams.reduce(
    (sum, bytes) => sum + (bytes.toString('latin1').match(/^Event(-Name)?: /gm)?.length ?? 0),
    0,
  );
  for (let round = 0; round < 3; round += 1) replayed(kind, trunks, streams);
  const times = Array.from({ length: rounds }, () => {
    const begin = performance.now();
    replayed(kind, trunks, streams);
    return performance.now() - begin;
  });
  const ms = times.reduce((sum, time) => sum + time, 0);
  report({
    what: `${what}, 1,000 events`,
    ...percentiles(times.map((time) => (time / count) * 1_000)),
    rate: ((count * rounds) / ms) * 1_000,
  });
}

async function measureClients(): Promise<void> {
  const names: AmiClientName[] = ['ringside', 'ringside-parser'];
  let packages = '';
  try {
    packages = await installAmiPackages();
    names.push(...(Object.keys(amiPackages) as AmiPackage[]));
  } catch (error) {
    const { message } = error as Error;
    const reason = message.trim().split('\n').slice(0, 3).join(' ');
    report({ what: 'SKIPPED: the AMI packages of npm cannot be had', note: reason });
  }
  const results = new Map<AmiClientName, AmiClientResult[]>(names.map((name) => [name, []]));
  for (let pass = 0; pass < passes; pass += 1)
    for (const name of names) results.get(name)!.push(await runClient(name, packages));
  const middle = new Map([...results].map(([name, each]) => [name, middleOf(each)]));
  const ours = middle.get('ringside')!;
  for (const [name, result] of middle) {
    const told = result.events === events ? '' : `told ${result.events} of ${events} events`;
    report({
      what: `${titleOf(name)}, 1,000 events`,
      ...percentiles(result.perThousand),
      rate: result.perSecond,
      ratio: ours.perSecond / result.perSecond,
      note: told,
    });
  }
  const wrong = ours.calls.find((calls) => calls !== callsPerRound);
  if (ours.events !== events || wrong !== undefined || ours.calls.length !== rounds) {
    console.error(`Ringside folded ${wrong} calls of a round, not ${callsPerRound}.`);
    process.exitCode = 1;
  }
}

function titleOf(name: AmiClientName): string {
  if (name === 'ringside') return 'AMI over loopback: Ringside, parsed and folded';
  if (name === 'ringside-parser') return 'AMI over loopback: Ringside, parsed only';
  return `AMI over loopback: ${name} ${amiPackages[name]}, parsed only`;
}

function middleOf(results: AmiClientResult[]): AmiClientResult {
  const sorted = results.toSorted((a, b) => a.perSecond - b.perSecond);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Serves the stream once, to one client, and answers what it counted. */
async function runClient(name: AmiClientName, packages: string): Promise<AmiClientResult> {
  const server = net.createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const settings = [port, stream.eventsPerRound, rounds].map(String);
  const child = fork(join(import.meta.dirname, 'ami-client.ts'), [name, ...settings, packages], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), clientMs);
  const exited = once(child, 'exit');
  try {
    const [result] = (await Promise.race([once(child, 'message'), exited])) as [unknown];
    if (typeof result !== 'object' || result === null)
      throw new Error(`The client ${name} ended without a result.`);
    await exited;
    return result as AmiClientResult;
  } finally {
    clearTimeout(timer);
    child.kill();
    server.close();
  }
}

/** A manager interface that knows one action: whoever signs in is told the whole stream a moment later. */
function serve(socket: net.Socket): void {
  socket.on('error', () => undefined);
  socket.write(banner);
  socket.once('data', (action) => {
    const [, id = ''] = /^actionid: *(.*?)\r$/im.exec(action.toString()) ?? [];
    const answer = ['Response: Success', `ActionID: ${id}`, 'Message: Authentication accepted'];
    socket.write(`${answer.join('\r\n')}\r\n\r\n`);
    // One of the packages drops what comes together with the answer.
    setTimeout(() => socket.write(stream.bytes), 200);
  });
}
