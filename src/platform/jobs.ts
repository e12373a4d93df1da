import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, run as runWorker, runMigrations } from 'graphile-worker';
import type { Job, WorkerEvents } from 'graphile-worker';
import { sql } from 'kysely';
import pg from 'pg';
import type { Database } from './database/database.ts';
import { HubStopped } from './hub-stopped.ts';
import { giveBackJobs, holdJobLock, releaseDeadJobs } from './job-lock.ts';
import { silentLog } from './log.ts';
import type { Log } from './log.ts';

/** Work that is done later, by any hub on this database, at least once. Kept in the database, in a schema of its own. */
export interface Jobs {
  /** Inside the transaction `db`: the job exists when the transaction commits. */
  add(db: Database, task: string, payload: object, options?: JobOptions): Promise<void>;
  /** Starts working on jobs; `crontab` holds lines such as `0 4 * * * sync-directory`, in UTC. */
  run(options: RunOptions): Promise<RunningJobs>;
}

export interface JobOptions {
  /** Jobs with the same queue run one at a time. A job that fails steps back; the next one does not wait for it. */
  queue?: string;
  /** A job that still waits under this key is replaced. */
  key?: string;
  runAt?: Date;
  /** 25 when not given; the wait grows as exp(attempt) seconds. */
  maxAttempts?: number;
}

export type Task = (payload: unknown, context: TaskContext) => Promise<void>;

export interface TaskContext {
  /** Fires when the hub stops: give up what can be tried again later. What throws then has not failed; it is the first thing after the start. */
  signal: AbortSignal;
  /** 1 for the first. */
  attempt: number;
  maxAttempts: number;
}

export interface RunOptions {
  tasks: Record<string, Task>;
  crontab?: string;
  /** Jobs at once; 4 when not given. */
  concurrency?: number;
  /** How long a stop waits for jobs at work, in milliseconds; 5 s when not given. */
  graceMs?: number;
  /** Told of every job that was worked on: `tried` will be tried again, `failed` never. */
  onJob?(task: string, outcome: 'done' | 'tried' | 'failed'): void;
}

export interface RunningJobs {
  /** Takes no more jobs and waits for those at work; they get the grace, then their signal fires. */
  stop(): Promise<void>;
}

/** Makes the tables of the job queue; several hubs may do it at once. They belong to the user who migrates, like all others. */
export async function migrateJobs(connection: pg.PoolConfig): Promise<void> {
  const pool = new pg.Pool({ ...connection, max: 1 });
  // Whoever waits for a query hears of a broken connection; the library wants its listeners all the same.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await runMigrations({ pgPool: pool, schema: 'graphile_worker', logger: toLogger(silentLog) });
  } finally {
    await pool.end();
  }
}

// 20 ordered jobs in one lane take 235 ms with this, 14 s with the library's default of 2 s.
const pollInterval = 100;
const sweepMs = 5_000;

export function createJobs(options: { pool: pg.Pool; log?: Log }): Jobs {
  const { pool, log = silentLog } = options;
  return {
    async add(db, task, payload, { queue, key, runAt, maxAttempts } = {}) {
      await sql`select from graphile_worker.add_job(
        identifier => ${task},
        payload => ${JSON.stringify(payload)}::json,
        queue_name => ${queue ?? null}::text,
        run_at => ${runAt ?? null}::timestamptz,
        max_attempts => ${maxAttempts ?? null}::int,
        job_key => ${key ?? null}::text
      )`.execute(db);
    },
    async run(wanted) {
      let stopping = false;
      let restarting: Promise<void> = Promise.resolve();
      let stopCurrent = await startWorking(pool, wanted, log, onDeath);

      /** The worker gives up when the database stays away; it is started again until it comes up. */
      function onDeath(): void {
        if (!stopping) restarting = restart();
      }
      async function restart(): Promise<void> {
        while (!stopping) {
          await sleep(1_000);
          if (stopping) return;
          try {
            stopCurrent = await startWorking(pool, wanted, log, onDeath);
            return;
          } catch (error) {
            log.warn({ err: error }, 'job worker does not start');
          }
        }
      }
      return {
        async stop() {
          stopping = true;
          await restarting;
          await stopCurrent();
        },
      };
    },
  };
}

/** Answers the function that stops it. */
async function startWorking(
  pool: pg.Pool,
  { tasks, crontab, concurrency, graceMs, onJob }: RunOptions,
  log: Log,
  onDeath: () => void,
): Promise<() => Promise<void>> {
  const events: WorkerEvents = new EventEmitter();
  // Without a local queue the library locks jobs in the name of the worker pool.
  const poolId = new Promise<string>((resolve) =>
    events.once('pool:create', ({ workerPool }) => resolve(workerPool.id)),
  );
  events.on('job:success', ({ job }) => onJob?.(job.task_identifier, 'done'));
  const cutOff: Job[] = [];
  events.on('job:error', ({ job, error }) => {
    const stopped = error instanceof HubStopped;
    if (stopped) cutOff.push(job);
    const again = stopped || job.attempts < job.max_attempts;
    onJob?.(job.task_identifier, again ? 'tried' : 'failed');
  });
  const runner = await runWorker({
    pgPool: pool,
    schema: 'graphile_worker',
    events,
    pollInterval,
    concurrency: concurrency ?? 4,
    gracefulShutdownAbortTimeout: graceMs ?? 5_000,
    noHandleSignals: true,
    logger: toLogger(log),
    crontab: crontab ?? '',
    taskList: Object.fromEntries(
      Object.entries(tasks).map(([name, task]) => [
        name,
        async (payload: unknown, { abortSignal: signal, job }) => {
          const context = { signal, attempt: job.attempts, maxAttempts: job.max_attempts };
          try {
            await task(payload, context);
          } catch (error) {
            throw signal.aborted ? new HubStopped() : error;
          }
        },
      ]),
    ),
  });
  const lock = await holdJobLock(pool, await poolId);
  const sweep = () =>
    releaseDeadJobs(pool).catch((error: unknown) => log.warn({ err: error }, 'sweep failed'));
  await sweep();
  const timer = setInterval(() => void sweep(), sweepMs);
  timer.unref();
  let stopped = false;
  const end = async () => {
    clearInterval(timer);
    await lock.release();
  };
  runner.promise
    .then(
      () => undefined,
      (error: unknown) => log.error({ err: error }, 'job worker died'),
    )
    .finally(() => {
      if (stopped) return;
      void end();
      onDeath();
    });
  return async () => {
    if (stopped) return;
    stopped = true;
    await runner.stop().catch(() => undefined);
    await giveBackJobs(pool, await poolId, cutOff).catch((error: unknown) =>
      log.warn({ err: error }, 'jobs that were cut off wait longer than they should'),
    );
    await end();
  };
}

function toLogger(log: Log): Logger {
  return new Logger(() => (level, message, meta) => {
    // What the library tells about each job is of interest to a debugger only.
    const to = ({ error: 'error', warning: 'warn', info: 'debug', debug: 'debug' } as const)[level];
    const error = meta?.['error'];
    if (error instanceof HubStopped) {
      const job = meta?.['job'] as Job | undefined;
      const task = job?.task_identifier;
      return log.info({ task }, 'job cut off by the stop; it is tried again after the start');
    }
    log[to](error === undefined ? {} : { err: error }, message);
  });
}
