import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { pathFolders } from '../config.ts';
import { placeCluster } from './cluster.ts';
import { startEmbedded } from './embedded.ts';
import type { EmbeddedDatabase, EmbeddedOptions } from './embedded.ts';
import { gatherPostgresLog } from './testing.ts';
import { canEnter } from './postgres-account.ts';
import { isAlive } from './postmaster.ts';

const isRoot = process.getuid?.() === 0;
const script = join(import.meta.dirname, '../../../test/support/embedded-hub.ts');

let folder: string;
const cleanups: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringside-embedded-'));
  await chmod(folder, 0o755);
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  await gatherPostgresLog(join(folder, 'data'));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedDatabase> {
  const database = await startEmbedded({
    dataDir: join(folder, 'data'),
    searchPath: pathFolders(),
    settings: { fsync: 'off' },
    ...options,
  });
  cleanups.push(database.stop);
  return database;
}

async function query<Row>(database: EmbeddedDatabase, sql: string): Promise<Row[]> {
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

interface Said {
  starts?: number;
  pid?: number;
  host?: string;
  error?: { code?: string; message: string };
}

/** Starts a hub of its own process and waits for the line it prints. */
async function startProcess(
  account: { uid?: number; gid?: number } = {},
): Promise<Said & { child: ChildProcess }> {
  const child = spawn(process.execPath, [script, join(folder, 'data')], {
    ...account,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  cleanups.push(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { ...(JSON.parse(line) as Said), child };
}

test('keeps its data over a restart, listens on no port, is reached by its owner alone', async () => {
  const first = await start();
  await query(first, "create table kept as select 'Grüße' as text");
  expect(await query(first, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
  expect(
    await query(
      first,
      "select upper('ä') as up, pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()",
    ),
  ).toEqual([{ up: 'Ä', encoding: 'UTF8' }]);
  expect((await stat(first.folder)).mode & 0o777).toBe(0o700);
  await first.stop();
  await expect.poll(() => isAlive(first.pid())).toBe(false);
  const second = await start();
  expect(await query(second, 'select text from kept')).toEqual([{ text: 'Grüße' }]);
});

test('runs durable unless told otherwise', async () => {
  const database = await start({ settings: {} });
  expect(
    await query(
      database,
      "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes') order by name",
    ),
  ).toEqual([
    { name: 'fsync', setting: 'on' },
    { name: 'full_page_writes', setting: 'on' },
    { name: 'synchronous_commit', setting: 'on' },
  ]);
});

test('of two hubs that start at once on a new folder one wins', async () => {
  const [a, b] = await Promise.all([startProcess(), startProcess()]);
  const [winner, loser] = a.error === undefined ? [a, b] : [b, a];
  expect(loser.error?.code).toBe('conflict');
  expect(winner.starts).toBe(1);
  expect(isAlive(winner.pid!)).toBe(true);
});

describe('in a folder with a database', () => {
  // Making one takes seconds, a copy none.
  let made: string;
  beforeAll(async () => {
    made = await mkdtemp(join(tmpdir(), 'ringside-made-'));
    await chmod(made, 0o755);
    const dataDir = join(made, 'data');
    const server = await startEmbedded({
      dataDir,
      searchPath: pathFolders(),
      settings: { fsync: 'off' },
    });
    await server.stop();
  });
  beforeEach(() => promisify(execFile)('cp', ['-a', join(made, 'data'), folder]));
  afterAll(() => rm(made, { recursive: true, force: true }));

  test('what a killed hub leaves running is adopted, and stopped at the stop', async () => {
    const killed = await startProcess();
    expect(killed.starts).toBe(1);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    expect(isAlive(killed.pid!)).toBe(true);
    const next = await start();
    expect(next.pid()).toBe(killed.pid);
    expect(await query(next, 'select count(*)::int as n from start')).toEqual([{ n: 1 }]);
    await next.stop();
    await expect.poll(() => isAlive(killed.pid!)).toBe(false);
  });

  test('hub and server killed at once leave a folder that starts', async () => {
    const killed = await startProcess();
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    // Nobody waits for its end any more: without an init that collects it, its pid stays taken.
    process.kill(killed.pid!, 'SIGKILL');
    const next = await start();
    expect(await query(next, 'select count(*)::int as n from start')).toEqual([{ n: 1 }]);
  });

  test('a second hub on the folder is refused and does the first no harm', async () => {
    const first = await startProcess();
    await expect(start()).rejects.toMatchObject({
      code: 'conflict',
      message: `Another hub uses this data folder already (ringside hub, process ${first.child.pid}).`,
    });
    expect(isAlive(first.pid!)).toBe(true);
    expect(first.child.exitCode).toBe(null);
  });

  test('a server that crashes is started again', async () => {
    const database = await start();
    await query(database, 'create table kept as select 1 as n');
    const before = database.pid();
    process.kill(before, 'SIGKILL');
    await vi.waitFor(
      async () => {
        expect(await query(database, 'select n from kept')).toEqual([{ n: 1 }]);
        // Known a moment after the server takes connections: when it is locked, too.
        expect(database.pid()).not.toBe(before);
      },
      { timeout: 60_000, interval: 100 },
    );
  });

  test('a hub that lost the folder to another one says so and leaves the server to it', async () => {
    const onLost = vi.fn<(error: Error) => void>();
    const database = await start({ onLost });
    const other = new pg.Client({ ...database.connection, database: 'postgres' });
    await other.connect();
    cleanups.push(async () => {
      await other.end();
      await (await start()).stop();
    });
    const { rows } = await other.query<{ key: string }>(
      "select objid as key from pg_locks where locktype = 'advisory'",
    );
    // Next in the queue for it before it is lost, so that the hub itself does not come first.
    const locked = other.query('select pg_advisory_lock($1)', [rows[0]!.key]);
    const waiting = "select pid from pg_locks where locktype = 'advisory' and not granted";
    await expect.poll(() => query(database, waiting)).toHaveLength(1);
    await query(
      database,
      "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted",
    );
    await locked;
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledTimes(1), 60_000);
    await database.stop();
    expect((await other.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('a pid file whose number another program has now does not stop the start', async () => {
    const first = await start();
    const pidFile = join(first.folder, 'data/postmaster.pid');
    const text = await readFile(pidFile, 'utf8');
    await first.stop();
    // A living process that is no postmaster: this one. Same owner as the server, else PostgreSQL itself looks away.
    const owner = await stat(first.folder);
    const sleeper = spawn(
      'sleep',
      ['60'],
      isRoot ? { uid: owner.uid, gid: owner.gid, cwd: '/' } : {},
    );
    cleanups.push(async () => sleeper.kill());
    await writeFile(pidFile, text.replace(/^\d+/, String(sleeper.pid)), { mode: 0o600 });
    await chown(pidFile, owner.uid, owner.gid);
    const second = await start();
    expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('a cluster of another major version is refused with the mend', async () => {
    const first = await start();
    await first.stop();
    await writeFile(join(first.folder, 'data/PG_VERSION'), '9\n');
    await expect(start()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('made by PostgreSQL 9') as unknown,
      fix: expect.stringContaining('Install PostgreSQL 9') as unknown,
    });
  });

  test('a start that fails says what PostgreSQL said', async () => {
    await expect(start({ settings: { shared_buffers: 'a lot' } })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('invalid value for parameter "shared_buffers"') as unknown,
    });
  });
});

test('a folder without PostgreSQL in it is named', async () => {
  await expect(start({ postgresBin: folder })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(`RINGSIDE_POSTGRES_BIN=${folder}`) as unknown,
  });
});

test('a path too long for a socket gets a private folder elsewhere', async () => {
  const database = await start({ dataDir: join(folder, 'x'.repeat(120)) });
  const socketFolder = String(database.connection.host);
  expect(socketFolder.startsWith(join(tmpdir(), 'ringside-'))).toBe(true);
  cleanups.unshift(() => rm(socketFolder, { recursive: true, force: true }));
  expect((await stat(socketFolder)).mode & 0o777).toBe(0o700);
  expect(await query(database, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test.runIf(isRoot)('root hands the server to another user', async () => {
  const database = await start();
  const owner = await stat(database.folder);
  expect(owner.uid).not.toBe(0);
  expect((await stat(`/proc/${database.pid()}`)).uid).toBe(owner.uid);
});

test.runIf(isRoot)(
  'below a folder that only root enters, the cluster lies elsewhere behind a link',
  async () => {
    const closed = join(folder, 'closed');
    const elsewhere = join(folder, 'elsewhere');
    await mkdir(closed, { mode: 0o700 });
    const cluster = await placeCluster(join(closed, 'data'), elsewhere);
    expect(cluster.folder.startsWith(`${elsewhere}/ringside-`)).toBe(true);
    expect(await readlink(join(closed, 'data/postgres'))).toBe(cluster.folder);
    expect(canEnter(cluster.folder, cluster.account, { write: true })).toBe(true);
    // Found again at the next start.
    expect((await placeCluster(join(closed, 'data'), elsewhere)).folder).toBe(cluster.folder);
  },
);

test.runIf(
  isRoot &&
    canEnter(join(import.meta.dirname, '../../../node_modules'), {
      name: 'nobody',
      uid: 65_534,
      gid: 65_534,
    }),
)('an ordinary user runs it as itself; its folder is not for somebody else', async () => {
  const nobody = { uid: 65_534, gid: 65_534 };
  await mkdir(join(folder, 'data'));
  await chown(join(folder, 'data'), nobody.uid, nobody.gid);
  const hub = await startProcess(nobody);
  expect(hub.starts).toBe(1);
  expect((await stat(`/proc/${hub.pid}`)).uid).toBe(nobody.uid);
  hub.child.kill('SIGTERM');
  await once(hub.child, 'exit');
  await expect.poll(() => isAlive(hub.pid!)).toBe(false);
  const other = await startProcess({ uid: 12_345, gid: 12_345 });
  expect(other.error?.message).toContain('belongs to another user (uid 65534)');
  // Root takes it over under the owner's name.
  const asRoot = await startProcess();
  expect(asRoot.starts).toBe(2);
  expect((await stat(`/proc/${asRoot.pid}`)).uid).toBe(nobody.uid);
});
