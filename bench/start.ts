import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { ensureWebApp } from '../src/http/build-web.ts';
import { silentLog } from '../src/platform/log.ts';
import { percentiles, report } from './row.ts';

/**
 * How long `ringside serve` takes from its call until it listens, on a new data folder and later, and what hub and
 * database then hold in memory; the web app and the bundle of the code are built before:
 *
 *     node bench/start.ts [later starts, 5]
 */
const launcher = join(import.meta.dirname, '../bin/ringside.mjs');
const [laterStarts = 5] = process.argv.slice(2).map(Number);

await ensureWebApp({ root: join(import.meta.dirname, '..'), log: silentLog });
await promisify(execFile)(process.execPath, [join(dirname(launcher), 'bundle-hub.mjs')]);
const folder = await mkdtemp(join(tmpdir(), 'ringside-bench-'));
await chmod(folder, 0o711);
try {
  const first = await measureStart();
  report({ what: 'first start (makes the database)', p50: first.ms });
  const later: { ms: number; memory: number | null }[] = [];
  for (let n = 0; n < laterStarts; n += 1) later.push(await measureStart());
  report({
    what: `later starts, ${laterStarts} of them (budget 1,500 ms)`,
    ...percentiles(later.map(({ ms }) => ms)),
  });
  const memory = later.at(-1)!.memory;
  if (memory !== null)
    report({
      what: 'memory after the start, hub and database',
      note: `${Math.round(memory)} MB`,
    });
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measureStart(): Promise<{ ms: number; memory: number | null }> {
  const dataDir = join(folder, 'data');
  const begin = performance.now();
  const hub = spawn(process.execPath, [launcher, 'serve'], {
    env: {
      PATH: process.env['PATH'],
      RINGSIDE_DATA_DIR: dataDir,
      RINGSIDE_PORT: '0',
      RINGSIDE_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(hub, 'exit');
  const said = await Promise.race([once(createInterface({ input: hub.stdout }), 'line'), exited]);
  if (typeof said[0] !== 'string') throw new Error('The hub did not start.');
  const ms = performance.now() - begin;
  const memory = await memoryOf(hub.pid!, join(dataDir, 'postgres/data/postmaster.pid'));
  hub.kill('SIGTERM');
  await exited;
  return { ms, memory };
}

/** Proportional set size in MB of the hub, the database server and its children; null where the system does not tell. */
async function memoryOf(hub: number, pidFile: string): Promise<number | null> {
  try {
    const server = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
    const pids = [hub, server];
    for (const name of await readdir('/proc')) {
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
      if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === server)
        pids.push(Number(name));
    }
    const sizes = await Promise.all(
      pids.map(async (pid) => {
        const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
        return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0);
      }),
    );
    return sizes.reduce((sum, size) => sum + size, 0) / 1024;
  } catch {
    return null;
  }
}
