import type pg from 'pg';
import { inject } from 'vitest';
import { newId } from '../id.ts';
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
 * A fresh database with all migrations applied, on a real PostgreSQL: a clone of the template, ready in some 30 ms.
 * Close it in `afterAll` or `afterEach`. Outside of every scope (scope.ts) a test sees all organizations.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('postgres');
  const admin = { ...server, database: 'postgres', ssl: false };
  const name = `test_${newId().replaceAll('-', '')}`;
  await queryOnce(admin, `create database ${name} template ${server.database}`);
  const connection = { ...server, database: name, ssl: false };
  const { db, pool, close } = openDatabase({ connection, outside: '*' });
  let closed: Promise<void> | undefined;
  return {
    db,
    pool,
    connection,
    close: () =>
      (closed ??= close().then(() => queryOnce(admin, `drop database ${name} with (force)`))),
  };
}
