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
