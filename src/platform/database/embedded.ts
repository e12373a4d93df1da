import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { RingsideError } from '../errors.ts';
import { silentLog } from '../log.ts';
import type { Log } from '../log.ts';
import { clusterMajor, clusterUser, createCluster, placeCluster } from './cluster.ts';
import { acquireHubLock } from './hub-lock.ts';
import type { HubLock } from './hub-lock.ts';
import { findPostgres } from './postgres-binaries.ts';
import { startPostmaster, stopPostmaster } from './postmaster.ts';
import type { Postmaster } from './postmaster.ts';

/** A real PostgreSQL as a child of the hub: on a unix socket in the data folder, no port, no password. */
export interface EmbeddedDatabase {
  connection: pg.PoolConfig;
  /** `15.19` */
  version: string;
  /** Real path of the folder that holds the cluster. */
  folder: string;
  /** Process id of the server just now. */
  pid(): number;
  /** Fast shutdown; resolves when the server is gone. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** The hub's data folder; the cluster lives below it, see cluster.ts. Absolute. */
  dataDir: string;
  /** A folder with postgres and initdb that must be used; null looks around. */
  postgresBin?: string | null;
  /** Folders of the PATH, searched first. */
  searchPath?: string[];
  /** Settings of the server on top of ours, for example `{ fsync: 'off' }` in tests. */
  settings?: Record<string, string>;
  log?: Log;
  /** Called when another hub took the folder while the server was away; not given: this process is told to end. */
  onLost?(error: RingsideError): void;
}

/**
 * What a small machine needs: hub and database stay within 512 MB together (DESIGN.md §7). No parallel workers: they
 * cost memory and nothing here scans a lot. `jit` costs more than our short queries take.
 */
const smallMachine = {
  shared_buffers: '80MB',
  // Every connection that ever loads pages fills it and keeps it: with the usual 8 MB seven of them held 56 MB. What four pages
  // take beyond it goes to a file.
  temp_buffers: '2MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '384MB',
  max_connections: '60',
  max_wal_size: '512MB',
  max_worker_processes: '4',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  autovacuum_max_workers: '2',
  max_logical_replication_workers: '0',
  jit: 'off',
  fsync: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_min_messages: 'warning',
  // Without DETAIL, which holds the values of a row: its log holds no customer's numbers.
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
};

const longestBackOff = 10_000;
const answerTimeout = 60_000;

/**
 * Starts the embedded PostgreSQL or adopts the one that a killed hub left running, and keeps it running until `stop`.
 * Throws RingsideError: `conflict` when another hub uses the folder, `unavailable` when there is no PostgreSQL, the
 * folder cannot be used or the server does not start; each with its mend.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  if (process.platform === 'win32') {
    throw new RingsideError(
      'unavailable',
      'The embedded PostgreSQL needs unix sockets, which Node lacks on Windows.',
      {
        fix: 'Set DATABASE_URL to a PostgreSQL server, or run Ringside in WSL.',
      },
    );
  }
  const log = options.log ?? silentLog;
  const settings: Record<string, string> = { ...smallMachine, ...options.settings };
  const cluster = await placeCluster(options.dataDir);
  const major = await clusterMajor(cluster);
  const binaries = await findPostgres({
    override: options.postgresBin ?? null,
    searchPath: options.searchPath ?? [],
    major,
    account: cluster.account,
    cacheFolder: cluster.folder,
  });
  if (major === null) {
    log.info({ folder: cluster.folder, version: binaries.version }, 'making the database');
    await createCluster(cluster, binaries, { durable: settings['fsync'] === 'on' });
  }

  let postmaster: Postmaster;
  let lock: HubLock;
  let stopping = false;
  /** Another hub has the folder now: its server is none of our business. */
  let lost = false;
  let recovery: Promise<void> = Promise.resolve();

  /** Runs and locked: only then the server is ours. */
  async function bringUp(): Promise<void> {
    for (const deadline = Date.now() + answerTimeout; ;) {
      const started = await startPostmaster(cluster, binaries, settings);
      const held = await acquireHubLock(connectionTo(started, 'postgres'));
      // Null: the server went away in between (the hub before us stops it just now).
      if (held === null) {
        if (Date.now() > deadline) throw noAnswer(started);
        await sleep(50);
        continue;
      }
      postmaster = started;
      lock = held;
      const how = started.adopted ? 'adopted the running database' : 'database started';
      log.info({ pid: started.pid, version: binaries.version, folder: cluster.folder }, how);
      return;
    }
  }

  /** The connection that holds the lock ends when the server does: no polling needed to see a crash. */
  async function supervise(): Promise<void> {
    for (let failures = 0; ;) {
      await lock.lost;
      if (stopping) return;
      log.error({ pid: postmaster.pid }, 'the database went away, starting it again');
      for (;;) {
        await sleep(Math.min(100 * 2 ** failures, longestBackOff));
        if (stopping) return;
        try {
          recovery = bringUp();
          await recovery;
          failures = 0;
          break;
        } catch (error) {
          if (error instanceof RingsideError && error.code === 'conflict') return giveUp(error);
          failures += 1;
          log.error({ err: error }, 'the database does not start');
        }
      }
    }
  }

  function giveUp(error: RingsideError): void {
    lost = true;
    log.fatal({ err: error }, 'the database is lost');
    if (options.onLost === undefined) process.kill(process.pid, 'SIGTERM');
    else options.onLost(error);
  }

  await bringUp();
  const first = postmaster!;
  await ensureDatabase(connectionTo(first, 'postgres'));
  const supervision = supervise();
  let stopped: Promise<void> | undefined;

  async function stop(): Promise<void> {
    stopping = true;
    await recovery.catch(() => undefined);
    // The lock is kept until the shutdown itself ends its connection: no other hub slips in between.
    if (!lost) await stopPostmaster(cluster, postmaster);
    await lock.release();
    await supervision;
    log.info('database stopped');
  }

  return {
    connection: connectionTo(first, clusterUser),
    version: binaries.version,
    folder: cluster.folder,
    pid: () => postmaster.pid,
    stop: () => (stopped ??= stop()),
  };
}

function connectionTo(postmaster: Postmaster, database: string): pg.PoolConfig {
  const { socketFolder: host, port } = postmaster;
  return { host, port, user: clusterUser, database, ssl: false };
}

function noAnswer({ pid }: Postmaster): RingsideError {
  return new RingsideError(
    'unavailable',
    `The PostgreSQL of this data folder (process ${pid}) runs but takes no connections.`,
    { fix: `Look into postgres.log in the data folder; if it hangs, end it: kill -QUIT ${pid}` },
  );
}

async function ensureDatabase(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [
      clusterUser,
    ]);
    if (rowCount === 0) await client.query(`create database ${clusterUser}`);
  } finally {
    await client.end();
  }
}
