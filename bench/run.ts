import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';

/**
 * `npm run bench`: measures what the budgets of docs/architecture.md speak of, on this machine, one after the other.
 * Each part is a program of its own and may be run alone: `node bench/lookup.ts 1000000`.
 */
const parts: [title: string, script: string, ...args: string[]][] = [
  ['Starting', 'start.ts'],
  ['Secrets', 'secret-box.ts'],
  ['Looking up numbers', 'lookup.ts', ...process.argv.slice(2, 3)],
  ['From ring to pop', 'pop.ts'],
];

console.log(
  `Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})`,
);
for (const [title, script, ...args] of parts) {
  console.log(`\n${title}`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
