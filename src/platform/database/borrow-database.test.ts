import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pathFolders } from '../config.ts';
import { borrowDatabase } from './borrow-database.ts';
import { openDatabase } from './database.ts';
import { startEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringside-borrow-'));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const config = () => ({
  dataDir: join(folder, 'data'),
  database: { kind: 'embedded', postgresBin: null, searchPath: pathFolders() } as const,
});

async function borrowedRows(): Promise<number | undefined> {
  const { db, close } = await borrowDatabase(config());
  try {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from note`.execute(
      db,
    );
    return rows[0]?.count;
  } finally {
    await close();
  }
}

test('an embedded database is read beside the hub that runs it, and without one', async () => {
  const { dataDir, database } = config();
  const { searchPath } = database;
  const hub = await startEmbedded({ dataDir, searchPath, settings: { fsync: 'off' } });
  await migrate(hub.connection);
  const { db, close } = openDatabase({ connection: hub.connection });
  await sql`create table note (text text)`.execute(db);
  await sql`insert into note values ('kept')`.execute(db);
  expect(await borrowedRows()).toBe(1);
  // The hub's own database goes on.
  await sql`insert into note values ('and more')`.execute(db);
  await close();
  await hub.stop();
  expect(await borrowedRows()).toBe(2);
  // Given back: the folder is free for a hub.
  const next = await startEmbedded({ dataDir, searchPath, settings: { fsync: 'off' } });
  await next.stop();
});

test('where no hub was ever started nothing is made', async () => {
  await expect(borrowedRows()).rejects.toMatchObject({ code: 'not-found' });
  await expect(borrowedRows()).rejects.toMatchObject({ code: 'not-found' });
});
