import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { picture } from './picture.ts';
import { heading, lineOf } from './row.ts';
import type { Row } from './row.ts';

/**
 * `npm run bench [-- --quick]`: measures what the budgets of docs/architecture.md speak of, on this machine, one part after the
 * other, prints one table and keeps it in bench/results/latest.json. Each part is a program of its own and may be run alone.
 * `--quick` is done within three minutes on a quiet machine of two cores; what it shows goes to results/latest.svg as well.
 */
const quick = process.argv.includes('--quick');
const parts: [script: string, ...settings: number[]][] = quick
  ? [
      ['start.ts', 3],
      ['lookup.ts', 10_000, 2_000],
      ['http-lookup.ts', 100_000, 1_000],
      ['pop.ts', 10, 500, 4],
      ['pop.ts', 200, 500, 4],
      ['ring.ts', 5, 5],
      ['ami.ts', 10, 1],
      ['search.ts', 100_000, 100],
      ['mirror.ts', 5_000],
    ]
  : [
      ['start.ts'],
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
      ['mirror.ts', 100_000],
    ];
const results = join(import.meta.dirname, 'results/latest.json');

const started = new Date();
const loadBefore = loadavg()[0]!;
const [cpu] = cpus();
console.log(`Node ${process.versions.node}, ${cpus().length} cores (${cpu?.model ?? 'unknown'})`);
console.log(`Load of the machine before: ${loadBefore.toFixed(1)}`);
console.log(
  'ratio: how many times as fast Ringside, parsing and folding, was on the same bytes.\n',
);
console.log(heading);

const rows: (Row & { command: string })[] = [];
for (const [script, ...settings] of parts) {
  const command = ['node', `bench/${script}`, ...settings].join(' ');
  const part = fork(join(import.meta.dirname, script), settings.map(String));
  part.on('message', (row: Row) => {
    rows.push({ ...row, command });
    console.log(lineOf(row, command));
  });
  const [[status]] = (await Promise.all([once(part, 'exit'), once(part, 'disconnect')])) as [
    [number | null],
    unknown,
  ];
  if (status === 0) continue;
  console.log(`FAILED: ${command} (${status ?? 'killed'})`);
  process.exitCode = 1;
}

const loadAfter = loadavg()[0]!;
const seconds = Math.round((Date.now() - started.getTime()) / 1_000);
console.log(`\nLoad of the machine after: ${loadAfter.toFixed(1)}; ${seconds} s in all.`);
const machine = { node: process.versions.node, cores: cpus().length, loadBefore, loadAfter };
const measured = { measuredAt: started.toISOString(), quick, seconds, machine, rows };
await mkdir(dirname(results), { recursive: true });
await writeFile(results, `${JSON.stringify(measured, null, 2)}\n`);
const title = `Milliseconds, p50 (blue) to p95 and p99; ${cpus().length} cores, load ${loadBefore.toFixed(1)} before`;
await writeFile(join(import.meta.dirname, 'results/latest.svg'), picture(rows, title));
