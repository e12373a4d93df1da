import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from './migrate.ts';
import { queryOnce } from './query-once.ts';
import { testDatabase } from './testing.ts';
import type { TestDatabase } from './testing.ts';

let folder: string;
let database: TestDatabase;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringside-migrations-'));
  database = await testDatabase();
  // A test database comes migrated; these tests begin before that.
  await queryOnce(database.connection, 'drop schema public cascade; create schema public');
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const add = (name: string, sql: string) => writeFile(join(folder, name), sql);
const run = () => migrate(database.connection, { folder });

test('applies what is new, in order, once', async () => {
  await add('0002-b.sql', 'alter table a add column b int;');
  await add('0001-a.sql', 'create table a (); create table also ();');
  expect(await run()).toEqual(['0001-a.sql', '0002-b.sql']);
  expect(await run()).toEqual([]);
  await add('0003-c.sql', 'insert into a values (1);');
  expect(await run()).toEqual(['0003-c.sql']);
  expect((await database.pool.query('select b from a')).rows).toEqual([{ b: 1 }]);
});

test('several hubs that start at once apply each file once', async () => {
  await add('0001-a.sql', 'create table a (); select pg_sleep(0.2);');
  const runs = await Promise.all([run(), run(), run()]);
  expect(runs.flat()).toEqual(['0001-a.sql']);
});

test('a file that fails leaves nothing of itself behind', async () => {
  await add('0001-a.sql', 'create table a ();');
  await add('0002-b.sql', 'create table b (); select nonsense;');
  await expect(run()).rejects.toMatchObject({
    message: 'The migration 0002-b.sql failed: column "nonsense" does not exist',
  });
  await add('0002-b.sql', 'create table b ();');
  expect(await run()).toEqual(['0002-b.sql']);
});

test('an applied file that changed is refused; other line ends are no change', async () => {
  await add('0001-a.sql', 'create table a\n();\n');
  await run();
  await add('0001-a.sql', 'create table a\r\n();\r\n');
  expect(await run()).toEqual([]);
  await add('0001-a.sql', 'create table a (b int);');
  await expect(run()).rejects.toMatchObject({
    code: 'conflict',
    message: 'The file 0001-a.sql was changed after it was applied to this database.',
  });
});

test('a database from a newer version is refused', async () => {
  await add('0001-a.sql', 'create table a ();');
  await add('0002-b.sql', 'create table b ();');
  await run();
  await unlink(join(folder, '0002-b.sql'));
  await expect(run()).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('has migration 0002-b.sql') as unknown,
  });
});

test('a new file that sorts before an applied one is refused', async () => {
  await add('0002-b.sql', 'create table b ();');
  await run();
  await add('0001-a.sql', 'create table a ();');
  await expect(run()).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('0001-a.sql sorts before 0002-b.sql') as unknown,
  });
});

test('a server that does not answer is named without its password', async () => {
  const failure = migrate({ connectionString: 'postgres://me:hush@127.0.0.1:1/none' }, { folder });
  await expect(failure).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(
      /^The database 127\.0\.0\.1:1\/none cannot be used: .*ECONNREFUSED/,
    ) as unknown,
  });
  await expect(failure).rejects.not.toThrow('hush');
});
