import {
  chmod,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backup } from '../../src/backup-command.ts';
import { ringsideVersion } from '../../src/main.ts';
import type { Config } from '../../src/platform/config.ts';
import { pathFolders } from '../../src/platform/config.ts';
import { borrowConnection } from '../../src/platform/database/borrow-database.ts';
import { loadBackup } from '../../src/platform/database/load-backup.ts';
import { migrationsFolder } from '../../src/platform/database/migrate.ts';
import { queryOnce } from '../../src/platform/database/query-once.ts';
import { quote, schemaTables } from '../../src/platform/database/schema-tables.ts';
import { testDatabase } from '../../src/platform/database/testing.ts';
import type { TestDatabase } from '../../src/platform/database/testing.ts';
import { newId } from '../../src/platform/id.ts';
import { createJobs } from '../../src/platform/jobs.ts';
import { restore } from '../../src/restore-command.ts';
import { fillOffice } from '../support/busy-office.ts';

/** What is backed up is what is restored, row by row, in both modes of the database. */
let folder: string;
let source: TestDatabase;
let rows: Rows;
let file: string;
const said: string[] = [];
const say = (text: string) => void said.push(text);
const clearUp: (() => Promise<unknown>)[] = [];

type Place = Pick<Config, 'dataDir' | 'database' | 'keyFile'>;
type Rows = Record<string, string[]>;

const key = Buffer.alloc(32, 9).toString('base64');

function serverPlace({ host, port, user, database }: pg.PoolConfig, dataDir = folder): Place {
  const url = `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(String(host))}`;
  return { dataDir, database: { kind: 'server', url }, keyFile: join(dataDir, 'ringside.key') };
}

/** Every row of every table as text, and the jobs. */
async function allRows(connection: pg.ClientConfig): Promise<Rows> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query(`select set_config('ringside.organization', '*', false)`);
    const found: Rows = {};
    for (const { name } of await schemaTables(client)) {
      const { rows: some } = await client.query<{ row: string }>(
        `select t::text as row from ${quote(name)} t order by 1`,
      );
      found[name] = some.map(({ row }) => row);
    }
    const { rows: jobs } = await client.query<{ row: string }>(
      `select json_build_array(j.task_identifier, j.queue_name, j.run_at, j.max_attempts, j.key, p.payload)::text as row
        from graphile_worker.jobs j join graphile_worker._private_jobs p using (id) order by 1`,
    );
    return { ...found, jobs: jobs.map(({ row }) => row) };
  } finally {
    await client.end();
  }
}

/** A database with nothing in it. */
async function emptyDatabase(owner?: string): Promise<pg.PoolConfig> {
  const server = source.connection;
  const database = `test_${newId().replaceAll('-', '')}`;
  const admin = { ...server, database: 'postgres' };
  await queryOnce(admin, `create database ${database} ${owner ? `owner ${owner}` : ''}`);
  clearUp.push(() => queryOnce(admin, `drop database ${database} with (force)`));
  return { ...server, database, ...(owner ? { user: owner } : {}) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringside-backup-'));
  await chmod(folder, 0o755);
  source = await testDatabase();
  await fillOffice(source.db, createJobs(source));
  rows = await allRows(source.connection);
  file = join(folder, 'office.backup');
  await writeFile(join(folder, 'ringside.key'), `${key}\n`);
  await backup(serverPlace(source.connection), file, {}, say);
});
afterAll(async () => {
  for (const clear of clearUp.toReversed()) await clear();
  await source.close();
  await rm(folder, { recursive: true, force: true });
});

test('a backup says what is in it and what is not, and only its owner may read it', async () => {
  expect(said[0]).toMatch(/^\d+ rows of \d+ tables and 1 jobs\.$/);
  expect(said[1]).toContain('The key is not in it');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(gunzipSync(await readFile(file)).toString()).not.toContain(key);
  await expect(backup(serverPlace(source.connection), file, {}, say)).rejects.toMatchObject({
    code: 'conflict',
  });
  // The tables that matter had something to lose.
  for (const table of ['organization', 'person', 'contact', 'call', 'outbox_write', 'jobs'])
    expect(rows[table]?.length, table).toBeGreaterThan(0);
});

test('a server’s database comes back row by row, also for an owner whom the fences hold', async () => {
  const owner = `owner_${newId().replaceAll('-', '')}`;
  const admin = { ...source.connection, database: 'postgres' };
  await queryOnce(admin, `create role ${owner} login`);
  clearUp.push(() => queryOnce(admin, `drop role ${owner}`));
  const target = await emptyDatabase(owner);
  await restore(serverPlace(target), file, {}, say);
  expect(await allRows(target)).toEqual(rows);
  // The fences and foreign keys stand again, and counters go on behind what they gave.
  const client = new pg.Client(target);
  await client.connect();
  try {
    const unseen = await client.query(
      `select set_config('ringside.organization', '${newId()}', false)`,
    );
    expect(unseen.rowCount).toBe(1);
    expect((await client.query('select from person')).rowCount).toBe(0);
    await client.query(`select set_config('ringside.organization', '*', false)`);
    await expect(
      client.query(
        `insert into crm_connection (organization_id, id, platform) values ($1, $1, 'x')`,
        [newId()],
      ),
    ).rejects.toMatchObject({ code: '23503' });
    const next = await client.query<{ fine: boolean }>(
      `select nextval(pg_get_serial_sequence('outbox_write', 'position')) > max(position) as fine from outbox_write`,
    );
    expect(next.rows[0]?.fine).toBe(true);
    const shared = await client.query<{ fine: boolean }>(
      `select nextval('search_document') > max(document) as fine from contact`,
    );
    expect(shared.rows[0]?.fine).toBe(true);
  } finally {
    await client.end();
  }
  const again = join(folder, 'again.backup');
  await backup(serverPlace(target), again, {}, say);
  expect(sections(again)).toEqual(sections(file));
  // It holds organizations now: nothing changes them unless told to.
  await queryOnce({ ...target, user: source.connection.user }, 'delete from outbox_write');
  const changed = await allRows(target);
  await expect(restore(serverPlace(target), file, {}, say)).rejects.toMatchObject({
    code: 'conflict',
    fix: expect.stringContaining('--replace'),
  });
  expect(await allRows(target)).toEqual(changed);
  await restore(serverPlace(target), file, { replace: true }, say);
  expect(await allRows(target)).toEqual(rows);
}, 120_000);

test('an embedded database comes back row by row, and out of it again, with the key', async () => {
  const dataDir = join(folder, 'embedded');
  const withKey = join(folder, 'with-key.backup');
  await backup(serverPlace(source.connection), withKey, { withKey: true }, say);
  const place: Place = {
    dataDir,
    keyFile: join(dataDir, 'ringside.key'),
    database: { kind: 'embedded', postgresBin: null, searchPath: pathFolders() },
  };
  await restore(place, withKey, {}, say);
  expect((await readFile(place.keyFile, 'utf8')).trim()).toBe(key);
  const { connection, giveBack } = await borrowConnection(place);
  clearUp.push(() => rm(dataDir, { recursive: true, force: true }));
  try {
    expect(await allRows(connection)).toEqual(rows);
    const again = join(folder, 'embedded.backup');
    // Beside the server that runs just now, as beside a hub.
    await backup(place, again, {}, say);
    expect(sections(again)).toEqual(sections(file));
  } finally {
    await giveBack();
  }
  await expect(restore(place, file, {}, say)).rejects.toMatchObject({ code: 'conflict' });
  await writeFile(place.keyFile, `${Buffer.alloc(32, 1).toString('base64')}\n`);
  await expect(restore(place, withKey, { replace: true }, say)).rejects.toThrow('another key');
}, 120_000);

/** The lines of a backup but for its header, rows in the order of their text. */
function sections(path: string): string[] {
  return gunzipSync(readFileSync(path)).toString().split('\n').slice(1).toSorted();
}

describe('a restore changes nothing', () => {
  test('while a hub works on the database', async () => {
    const target = await testDatabase();
    try {
      await target.pool.query('select 1');
      await expect(restore(serverPlace(target.connection), file, {}, say)).rejects.toMatchObject({
        code: 'conflict',
        message: 'A hub works on this database.',
      });
    } finally {
      await target.close();
    }
  });

  test('with a file that is cut off, or none', async () => {
    const target = await emptyDatabase();
    const cut = join(folder, 'cut.backup');
    await cp(file, cut);
    await truncate(cut, (await stat(file)).size - 20);
    const other = join(folder, 'other.backup');
    await writeFile(other, 'hello');
    for (const path of [cut, other, join(folder, 'gone.backup'), folder]) {
      const wrong = restore(serverPlace(target), path, { replace: true }, say);
      await expect(wrong).rejects.toMatchObject({ code: 'invalid-input' });
    }
    const client = new pg.Client(target);
    await client.connect();
    expect(await schemaTables(client)).toEqual([]);
    await client.end();
  });

  test('in a database of somebody else', async () => {
    const target = await emptyDatabase();
    await queryOnce(target, 'create table theirs (id int)');
    const wrong = restore(serverPlace(target), file, { replace: true }, say);
    await expect(wrong).rejects.toMatchObject({ code: 'conflict' });
  });
});

const releases = join(import.meta.dirname, '../releases');

/** Written by write-release.ts when a version is released; the one in the making is written anew until it is. */
test.each(await readdir(releases).then((all) => all.filter((name) => name.endsWith('.backup'))))(
  'the database of %s is brought to the newest migration with all its rows',
  async (name) => {
    const target = await emptyDatabase();
    const path = join(releases, name);
    const migrations = await migrationsAfter(name, path);
    const { rows: counts } = await loadBackup(target, path, { replace: false, folder: migrations });
    const now = await allRows(target);
    for (const [table, count] of Object.entries(counts))
      if (now[table] !== undefined) expect(now[table].length, table).toBeGreaterThanOrEqual(count);
    expect(now['contact']).toHaveLength(2);
    const client = new pg.Client(target);
    await client.connect();
    const applied = await client.query('select from ringside_migration');
    await client.end();
    expect(applied.rowCount).toBe((await readdir(migrations)).length);
  },
);

/**
 * The migrations of this package. Of the version in the making no database is in anybody's hands: until it is released, files may still
 * come in between, and are tried here as if they came last.
 */
async function migrationsAfter(release: string, path: string): Promise<string> {
  if (release !== `${ringsideVersion()}.backup`) return migrationsFolder;
  const header = JSON.parse(
    gunzipSync(await readFile(path))
      .toString()
      .split('\n', 1)[0]!,
  ) as {
    migrations: { name: string }[];
  };
  const known = new Set(header.migrations.map(({ name }) => name));
  const copy = await mkdtemp(join(folder, 'migrations-'));
  for (const name of await readdir(migrationsFolder)) {
    // All that are new, so that they stay in their order: a later one may build on one that came in between.
    await cp(join(migrationsFolder, name), join(copy, known.has(name) ? name : `9${name}`));
  }
  return copy;
}
