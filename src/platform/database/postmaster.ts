import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  chown,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readlink,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { RingsideError } from '../errors.ts';
import { plainEnvironment } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { asAccount } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

/** A running PostgreSQL server process, whoever started it. */
export interface Postmaster {
  pid: number;
  socketFolder: string;
  port: number;
}

/** Only names the socket file; nothing listens on a network port. */
const port = 5432;
// sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
const longestSocketPath = 103;
const largestLog = 5_000_000;
const startTimeout = 120_000;

/**
 * The postmaster of the cluster: the one that runs (left over from a hub that was killed), or a new one. Waits until it
 * takes connections. Throws `unavailable` with the end of its log when it does not come up.
 */
export async function startPostmaster(
  cluster: Cluster,
  binaries: PostgresBinaries,
  settings: Record<string, string>,
): Promise<Postmaster & { adopted: boolean }> {
  const deadline = Date.now() + startTimeout;
  let adopted = true;
  let child: Child | undefined;
  for (;;) {
    const found = await readPidFile(cluster);
    const running = found !== null && (await isPostmasterOf(found.pid, cluster));
    if (running && found.status === 'ready') return { ...found, adopted };
    if (found !== null && !running) await markStale(cluster, found.pid);
    if (running && child?.exited() === true) {
      // Ours came second: another hub's is there, comes up or goes away just now.
      child = undefined;
      adopted = true;
    }
    if (!running && (child === undefined || child.exited())) {
      if (child !== undefined) throw await startFailure(cluster);
      child = await spawnPostmaster(cluster, binaries, settings);
      adopted = false;
    }
    if (Date.now() > deadline) throw await startFailure(cluster);
    await sleep(10);
  }
}

/** The postmaster of the cluster that takes connections now; null when none does. Starts nothing. */
export async function findPostmaster(cluster: Cluster): Promise<Postmaster | null> {
  const found = await readPidFile(cluster);
  if (found === null || found.status !== 'ready') return null;
  return (await isPostmasterOf(found.pid, cluster)) ? found : null;
}

/** Fast shutdown: open transactions are rolled back, everything committed is kept. Resolves when it is gone. */
export async function stopPostmaster(cluster: Cluster, { pid }: Postmaster): Promise<void> {
  if (!(await isPostmasterOf(pid, cluster))) return;
  signal(pid, 'SIGINT');
  const patience = Date.now() + 30_000;
  while (isAlive(pid)) {
    // Immediate shutdown: the next start replays the log.
    if (Date.now() > patience) signal(pid, 'SIGQUIT');
    await sleep(Date.now() > patience ? 500 : 10);
  }
}

interface Child {
  exited(): boolean;
}

async function spawnPostmaster(
  cluster: Cluster,
  binaries: PostgresBinaries,
  settings: Record<string, string>,
): Promise<Child> {
  const socketFolder = await chooseSocketFolder(cluster);
  await removeStaleSocketLock(cluster, socketFolder);
  const args = ['-D', cluster.data, '-k', socketFolder, '-p', String(port)];
  for (const [name, value] of Object.entries({
    ...settings,
    listen_addresses: '',
    unix_socket_permissions: '0700',
  })) {
    args.push('-c', `${name}=${value}`);
  }
  const log = await openLog(cluster);
  // Its own session: Ctrl-C in a terminal reaches the hub alone, which finishes its work and then stops the database.
  const child = spawn(join(binaries.bin, 'postgres'), args, {
    ...asAccount(cluster.account),
    cwd: '/',
    env: plainEnvironment,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  let exited = false;
  child.once('exit', () => (exited = true));
  child.once('error', () => (exited = true));
  child.unref();
  await log.close();
  return { exited: () => exited };
}

async function openLog(cluster: Cluster) {
  const size = (await stat(cluster.logFile).catch(() => null))?.size ?? 0;
  if (size > largestLog) await truncate(cluster.logFile);
  const file = await open(cluster.logFile, 'a', 0o600);
  if (cluster.account !== null) await file.chown(cluster.account.uid, cluster.account.gid);
  return file;
}

/** Beside the cluster; in a private folder of the system's temporary folder when the path is too long for a socket. */
async function chooseSocketFolder(cluster: Cluster): Promise<string> {
  if (Buffer.byteLength(socketPath(cluster.folder)) <= longestSocketPath) return cluster.folder;
  const owner = cluster.account?.uid ?? process.getuid?.();
  const name = createHash('sha256').update(cluster.folder).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), `ringside-${name}`);
  await mkdir(folder, { mode: 0o700 }).then(
    () => cluster.account && chown(folder, cluster.account.uid, cluster.account.gid),
    () => undefined,
  );
  const made = await lstat(folder).catch(() => null);
  if (made?.isDirectory() === true && made.uid === owner && (made.mode & 0o077) === 0)
    return folder;
  // Somebody else sits on the name.
  const other = await mkdtemp(join(tmpdir(), 'ringside-'));
  if (cluster.account !== null) await chown(other, cluster.account.uid, cluster.account.gid);
  return other;
}

function socketPath(folder: string): string {
  return join(folder, `.s.PGSQL.${port}`);
}

type PidFile = Postmaster & { status: string };

/** postmaster.pid: pid, data folder, start time, port, socket folder, listen address, shared memory, status. */
async function readPidFile(cluster: Cluster): Promise<PidFile | null> {
  const text = await readFile(join(cluster.data, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (!(pid > 0)) return null;
  return {
    pid,
    port: Number(lines[3]),
    socketFolder: lines[4] ?? '',
    status: lines[7]?.trim() ?? '',
  };
}

/** A pid may have been given to another program since: only a process that works in the cluster's folder counts. */
async function isPostmasterOf(pid: number, cluster: Cluster): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux')
    return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === cluster.data;
  const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(
    () => ({ stdout: '' }),
  );
  return stdout.includes('postgres') && stdout.includes(cluster.data);
}

/**
 * PostgreSQL takes a pid file for stale only when no process has its pid. That is not enough: some other program may have
 * it now, or the dead postmaster is a zombie that no one collects (a container without an init). The file itself stays:
 * from its shared memory key PostgreSQL learns whether processes of the dead postmaster are still at work.
 */
async function markStale(cluster: Cluster, pid: number): Promise<void> {
  if (!signal(pid, 0)) return;
  const file = join(cluster.data, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const noProcess = '2147483646';
  if (text.startsWith(`${pid}\n`)) await writeFile(file, text.replace(/^\d+/, noProcess));
}

/** The same for the lock of the socket, which is nobody's but ours: its folder is private. */
async function removeStaleSocketLock(cluster: Cluster, socketFolder: string): Promise<void> {
  const file = `${socketPath(socketFolder)}.lock`;
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  if (pid > 0 && !(await isPostmasterOf(pid, cluster))) await rm(file, { force: true });
}

/** Whether a process works under this number; a zombie does not. */
export function isAlive(pid: number): boolean {
  if (!signal(pid, 0)) return false;
  try {
    // pid (name) state …; the name may hold anything.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text[text.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    // No /proc: init collects the dead at once.
    return signal(pid, 0);
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function startFailure(cluster: Cluster): Promise<RingsideError> {
  const text = await readFile(cluster.logFile, 'utf8').catch(() => '');
  const end = text.trim().split('\n').slice(-6).join('\n');
  return new RingsideError(
    'unavailable',
    `The embedded PostgreSQL did not start. The end of ${cluster.logFile}:\n${end}`,
    {
      fix: 'Mend what it complains about (a full disk, missing rights, too little shared memory), or set DATABASE_URL.',
    },
  );
}
