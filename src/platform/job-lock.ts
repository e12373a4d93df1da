import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/**
 * The job library frees the jobs of a killed hub after four hours. Ours do not wait: each worker shows that it lives by
 * an advisory lock on a connection of its own, which ends with the process, and whoever sees jobs in the name of a
 * worker without that lock frees them.
 */

// Any fixed number; the second half of the lock's key is a hash of the worker's name.
const lockClass = 7_246_003;
// A worker takes its first job a moment before it has its lock.
const grace = '2 seconds';

export interface JobLock {
  release(): Promise<void>;
}

/** Holds the lock of `worker`; takes it again when the connection breaks. */
export async function holdJobLock(pool: pg.Pool, worker: string): Promise<JobLock> {
  let released = false;
  let client = await hold();

  async function hold(): Promise<pg.PoolClient> {
    const fresh = await pool.connect();
    fresh.once('end', () => void holdAgain());
    fresh.once('error', () => fresh.release(true));
    await fresh.query('select pg_advisory_lock($1, hashtext($2))', [lockClass, worker]);
    return fresh;
  }

  async function holdAgain(): Promise<void> {
    while (!released) {
      try {
        client = await hold();
        return;
      } catch {
        await sleep(200);
      }
    }
  }

  return {
    async release() {
      if (released) return;
      released = true;
      // Closing the connection gives the lock back.
      client.release(true);
    },
  };
}

/** Frees jobs and queues whose worker is gone. */
export async function releaseDeadJobs(pool: pg.Pool): Promise<void> {
  await pool.query(
    `select graphile_worker.force_unlock_workers(array_agg(worker))
       from (
         select locked_by as worker from graphile_worker._private_jobs where locked_at < now() - interval '${grace}'
         union
         select locked_by from graphile_worker._private_job_queues where locked_at < now() - interval '${grace}'
       ) held
      where not exists (
        select from pg_locks
         where locktype = 'advisory' and classid = $1 and objid::bigint = hashtext(worker)::bigint & 4294967295
           and database = (select oid from pg_database where datname = current_database())
      )
     having count(*) > 0`,
    [lockClass],
  );
}

/**
 * Gives back jobs that a stop of `worker` cut off: due at once, the attempt not counted. The library takes them for failed, and may
 * write that before this or after; what `worker` holds no more it leaves alone.
 */
export async function giveBackJobs(
  pool: pg.Pool,
  worker: string,
  jobs: readonly { id: string; attempts: number }[],
): Promise<void> {
  for (const { id, attempts } of jobs)
    await pool.query(
      `with given as (
         update graphile_worker._private_jobs
            set locked_at = null, locked_by = null, run_at = now(), attempts = $3
          where id = $2 and (locked_by = $1 or locked_by is null)
         returning job_queue_id
       )
       update graphile_worker._private_job_queues set locked_at = null, locked_by = null
        where locked_by = $1 and id in (select job_queue_id from given)`,
      [worker, id, attempts - 1],
    );
}
