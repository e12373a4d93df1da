import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { inject } from 'vitest';
import { newId } from '../id.ts';
import { gatherLog, notePhoneNumber } from '../log.testing.ts';
import { placeCluster } from './cluster.ts';
import { openDatabase } from './database.ts';
import type { OpenDatabase } from './database.ts';
import { queryOnce } from './query-once.ts';

/** A database of its own for one test or one test file. */
export interface TestDatabase extends OpenDatabase {
  connection: pg.PoolConfig;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The server that test/setup/postgres.ts started; its `database` is the migrated template. */
    postgres: { host: string; port: number; user: string; database: string };
  }
}

/**
 * A fresh database with all migrations applied, on a real PostgreSQL: a clone of the template, copied as files, which takes less than half
 * of the time that copying it through the log does.
 * Close it in `afterAll` or `afterEach`. Outside of every scope (scope.ts) a test sees all organizations.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('postgres');
  const admin = { ...server, database: 'postgres', ssl: false };
  const name = `test_${newId().replaceAll('-', '')}`;
  await queryOnce(admin, `create database ${name} template ${server.database} strategy file_copy`);
  const connection = { ...server, database: name, ssl: false };
  const { db, pool, close } = openDatabase({ connection, max: 6, outside: '*' });
  let closed: Promise<void> | undefined;
  return {
    db,
    pool,
    connection,
    close: () =>
      (closed ??= noteNumbers(pool)
        .then(close)
        .then(() => queryOnce(admin, `drop database ${name} with (force)`))),
  };
}

/** Whoever called, was called or is listed: none of them may stand in a log of the run (log.testing.ts). */
async function noteNumbers(pool: pg.Pool): Promise<void> {
  const { rows } = await pool
    .query<{ number: string }>(
      `select from_number as number from call where from_number is not null
      union select to_number from call where to_number is not null
      union (select e164 from phone_number where e164 is not null limit 2000)
      union select e164 from caller_memory`,
    )
    // A test may have closed it, or taken tables away.
    .catch(() => ({ rows: [] }));
  for (const { number } of rows) notePhoneNumber(number);
}

/** Keeps what an embedded PostgreSQL of a test logged, before its folder goes. */
export async function gatherPostgresLog(dataDir: string): Promise<void> {
  const { logFile } = await placeCluster(dataDir);
  gatherLog(await readFile(logFile, 'utf8').catch(() => ''));
}
