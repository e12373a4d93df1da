import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { afterCommit } from './after-commit.ts';
import { queryOnce } from './query-once.ts';
import { testDatabase } from './testing.ts';
import type { TestDatabase } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('work waits for the commit, and is forgotten with what was rolled back', async () => {
  const done: string[] = [];
  await database.db.transaction().execute(async (trx) => {
    await afterCommit(trx.withTables<{}>(), () => done.push('committed'));
    expect(done).toEqual([]);
  });
  await database.db
    .transaction()
    .execute(async (trx) => {
      await afterCommit(trx, () => done.push('rolled back'));
      throw new Error('no');
    })
    .catch(() => undefined);
  // The connection of the transaction before, most likely.
  await database.db.transaction().execute(async (trx) => sql`select 1`.execute(trx));
  expect(done).toEqual(['committed']);
});

test('outside of a transaction there is nothing to wait for', async () => {
  const work = vi.fn<(sure: boolean) => void>();
  await afterCommit(database.db, work);
  expect(work).toHaveBeenCalledWith(true);
});

test('when the line breaks at the commit nobody can be sure', async () => {
  const work = vi.fn<(sure: boolean) => void>();
  const broken = database.db.transaction().execute(async (trx) => {
    await afterCommit(trx, work);
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
    // Connections of the pool are no superusers.
    await queryOnce(database.connection, `select pg_terminate_backend(${rows[0]!.pid})`);
  });
  await expect(broken).rejects.toThrow(/terminat|connection error/);
  expect(work).toHaveBeenCalledWith(false);
});

test('a commit that PostgreSQL refuses tells nobody', async () => {
  const work = vi.fn<(sure: boolean) => void>();
  const refused = database.db.transaction().execute(async (trx) => {
    await sql`create table once (a int unique deferrable initially deferred)`.execute(trx);
    await sql`insert into once values (1), (1)`.execute(trx);
    await afterCommit(trx, work);
  });
  await expect(refused).rejects.toThrow('duplicate key');
  expect(work).not.toHaveBeenCalled();
});
