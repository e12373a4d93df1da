import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { picture } from './picture.ts';
import { heading, lineOf } from './row.ts';
import type { Row } from './row.ts';

/**
 * `npm run bench [-- --quick]`: measures what the budgets of docs/architecture.md speak of, on this machine, one part after the
 * other, prints one table and keeps it in bench/results/latest.json and as a picture in latest.svg. Each part is a program of its own
 * and may be run alone; one that fails or takes too long is a row that says so, and the others go on. `--quick` is to be done within three
 * minutes on a quiet machine of two cores. How cost grows with nodes and contacts: bench/scale.ts.
 */
type Part = [script: string, ...settings: number[]];
const quick = process.argv.includes('--quick');
const parts: Part[] = quick
  ? [
      ['start.ts', 2],
      ['page.ts', 1],
      ['lookup.ts', 10_000, 2_000],
      ['http-lookup.ts', 100_000, 300],
      ['pop.ts', 50, 500, 3],
      ['pop.ts', 200, 500, 3],
      ['ring.ts', 5, 4],
      ['ami.ts', 10, 1],
      ['search.ts', 100_000, 20],
      ['mirror.ts', 5_000],
    ]
  : [
      ['start.ts'],
      ['page.ts'],
      ['secret-box.ts'],
      ['lookup.ts', 1_000_000],
      ['http-lookup.ts', 100_000],
      ['http-lookup.ts', 1_000_000],
      ['pop.ts', 10],
      ['pop.ts', 50],
      ['pop.ts', 200],
      ['ring.ts'],
      ['ami.ts'],
      ['search.ts', 1_000_000],
      ['mirror.ts', 1_000_000],
    ];
const longestMs = quick ? 120_000 : 900_000;
const results = join(import.meta.dirname, 'results');

const started = new Date();
const loadBefore = loadavg()[0]!;
const [cpu] = cpus();
console.log(`Node ${process.versions.node}, ${cpus().length} cores (${cpu?.model ?? 'unknown'})`);
console.log(`Load of the machine before: ${loadBefore.toFixed(1)}`);
console.log(
  'ratio: how many times as fast Ringside was as the peer or the bound of the row, in this run.\n',
);
console.log(heading);

type Measured = Row & { command: string };
const rows: Measured[] = [];
for (const part of parts) {
  await measure(part);
  // After each, so that a run that is broken off leaves what it has.
  await keep();
}
const seconds = Math.round((Date.now() - started.getTime()) / 1_000);
console.log(`\nLoad of the machine after: ${loadavg()[0]!.toFixed(1)}; ${seconds} s in all.`);

async function measure([script, ...settings]: Part): Promise<void> {
  const command = ['node', `bench/${script}`, ...settings].join(' ');
  const told = (row: Row) => {
    rows.push({ ...row, command });
    console.log(lineOf(row, command));
  };
  const begun = performance.now();
  // A process group of its own: hub, database, instance and browser of a part that hangs end with it.
  const part = fork(join(import.meta.dirname, script), settings.map(String), { detached: true });
  part.on('message', told);
  let late = false;
  const end = (signal: NodeJS.Signals) => {
    if (part.exitCode === null && part.signalCode === null) process.kill(-part.pid!, signal);
  };
  const timer = setTimeout(() => {
    late = true;
    end('SIGTERM');
    setTimeout(() => end('SIGKILL'), 10_000).unref();
  }, longestMs);
  const interrupted = () => {
    end('SIGTERM');
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  const [[status]] = (await Promise.all([once(part, 'exit'), once(part, 'disconnect')])) as [
    [number | null],
    unknown,
  ];
  clearTimeout(timer);
  process.off('SIGINT', interrupted);
  const tookSeconds = Math.round((performance.now() - begun) / 1_000);
  if (status === 0) return;
  const why = late
    ? `given up after ${tookSeconds} s`
    : `ended with ${status ?? 'a signal'} after ${tookSeconds} s`;
  told({ what: `FAILED: ${script}`, note: why });
  process.exitCode = 1;
}

async function keep(): Promise<void> {
  const loadAfter = loadavg()[0]!;
  const machine = { node: process.versions.node, cores: cpus().length, loadBefore, loadAfter };
  const spent = Math.round((Date.now() - started.getTime()) / 1_000);
  const measured = { measuredAt: started.toISOString(), quick, seconds: spent, machine, rows };
  await mkdir(results, { recursive: true });
  await writeFile(join(results, 'latest.json'), `${JSON.stringify(measured, null, 2)}\n`);
  const title = `Milliseconds, p50 (blue) to p95 and p99; ${cpus().length} cores, load ${loadBefore.toFixed(1)} before`;
  await writeFile(join(results, 'latest.svg'), picture(rows, title));
}
