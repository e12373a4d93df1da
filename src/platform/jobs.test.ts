import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { testDatabase } from './database/testing.ts';
import type { TestDatabase } from './database/testing.ts';
import { createJobs } from './jobs.ts';
import { gatheredLog } from './log.testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('jobs of one queue run one after the other, in order', async () => {
  const jobs = createJobs(database);
  const seen: number[] = [];
  let atOnce = 0;
  let most = 0;
  const running = await jobs.run({
    tasks: {
      'count-up': async (payload) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await sleep(5);
        seen.push((payload as { n: number }).n);
        atOnce -= 1;
      },
    },
  });
  for (let n = 0; n < 10; n += 1) await jobs.add(database.db, 'count-up', { n }, { queue: 'lane' });
  await vi.waitFor(() => expect(seen).toHaveLength(10), 60_000);
  await running.stop();
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(1);
});

test('a job exists only when its transaction commits', async () => {
  const jobs = createJobs(database);
  const seen: unknown[] = [];
  await database.db
    .transaction()
    .execute(async (trx) => {
      await jobs.add(trx, 'note', { kept: false });
      throw new Error('rolled back');
    })
    .catch(() => undefined);
  await database.db.transaction().execute((trx) => jobs.add(trx, 'note', { kept: true }));
  const running = await jobs.run({ tasks: { note: async (payload) => void seen.push(payload) } });
  await vi.waitFor(() => expect(seen).toContainEqual({ kept: true }), 60_000);
  await running.stop();
  expect(seen).toEqual([{ kept: true }]);
});

test('a job that fails is tried again, a key replaces a waiting job', async () => {
  const jobs = createJobs(database);
  const attempts: number[] = [];
  const latest: unknown[] = [];
  await jobs.add(database.db, 'replaced', { version: 1 }, { key: 'one' });
  await jobs.add(database.db, 'replaced', { version: 2 }, { key: 'one' });
  await jobs.add(database.db, 'flaky', {});
  const running = await jobs.run({
    tasks: {
      flaky: async (_payload, { attempt }) => {
        attempts.push(attempt);
        if (attempt === 1) throw new Error('not yet');
      },
      replaced: async (payload) => void latest.push(payload),
    },
  });
  await vi.waitFor(() => expect(attempts).toEqual([1, 2]), 60_000);
  await running.stop();
  expect(latest).toEqual([{ version: 2 }]);
});

test('a stop lets the job at work finish', async () => {
  const jobs = createJobs(database);
  const steps: string[] = [];
  await jobs.add(database.db, 'slow', {});
  const running = await jobs.run({
    tasks: {
      slow: async () => {
        steps.push('begun');
        await sleep(300);
        steps.push('done');
      },
    },
  });
  await vi.waitFor(() => expect(steps).toContain('begun'), 60_000);
  await running.stop();
  expect(steps).toEqual(['begun', 'done']);
});

test('a job that a stop cuts off has not failed: it is the first thing after the start, also on its last attempt', async () => {
  const lines: string[] = [];
  const log = gatheredLog('info', (line) => lines.push(line));
  const jobs = createJobs({ ...database, log });
  const outcomes: string[] = [];
  const attempts: number[] = [];
  const onJob = (_task: string, outcome: string) => void outcomes.push(outcome);
  await jobs.add(database.db, 'patient', {}, { maxAttempts: 1, queue: 'patients' });
  const first = await jobs.run({
    ...{ graceMs: 50, onJob },
    tasks: {
      patient: async (_payload, { signal, attempt }) => {
        attempts.push(attempt);
        await once(signal, 'abort');
        throw new Error('given up');
      },
    },
  });
  await vi.waitFor(() => expect(attempts).toEqual([1]), 10_000);
  await first.stop();
  expect(outcomes).toEqual(['tried']);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 'info', task: 'patient' }),
  ]);
  const { rows } = await database.pool.query(
    'select attempts, run_at <= now() as due from graphile_worker._private_jobs where locked_at is null',
  );
  expect(rows).toEqual([{ attempts: 0, due: true }]);
  const second = await jobs.run({
    tasks: { patient: async (_payload, { attempt }) => void attempts.push(attempt) },
  });
  await vi.waitFor(() => expect(attempts).toEqual([1, 1]), 10_000);
  await second.stop();
});

test('the job of a hub that was killed is done by another one', async () => {
  const jobs = createJobs(database);
  await jobs.add(database.db, 'orphan', {}, { queue: 'orphans' });
  // What kill -9 leaves behind: job and queue locked by a worker that shows no sign of life.
  await database.pool.query(
    `update graphile_worker._private_jobs set locked_at = now() - interval '10 s', locked_by = 'pool-dead', attempts = 1`,
  );
  await database.pool.query(
    `update graphile_worker._private_job_queues set locked_at = now() - interval '10 s', locked_by = 'pool-dead'`,
  );
  let done = false;
  const running = await jobs.run({ tasks: { orphan: async () => void (done = true) } });
  await vi.waitFor(() => expect(done).toBe(true), 60_000);
  await running.stop();
});

test('a long job of a living hub is left alone', async () => {
  const jobs = createJobs(database);
  let runs = 0;
  const end = Promise.withResolvers<void>();
  await jobs.add(database.db, 'long', {});
  const tasks = {
    long: async () => {
      runs += 1;
      await end.promise;
    },
  };
  const first = await jobs.run({ tasks });
  await vi.waitFor(() => expect(runs).toBe(1), 60_000);
  // Older than the grace, but its hub lives: the second hub's sweep must not free it.
  await database.pool.query(
    `update graphile_worker._private_jobs set locked_at = now() - interval '1 hour' where locked_at is not null`,
  );
  const second = await jobs.run({ tasks });
  const { rows } = await database.pool.query(
    'select 1 from graphile_worker._private_jobs where locked_at is not null',
  );
  expect(rows).toHaveLength(1);
  end.resolve();
  await Promise.all([first.stop(), second.stop()]);
  expect(runs).toBe(1);
});
