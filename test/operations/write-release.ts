import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup } from '../../src/backup-command.ts';
import { ringsideVersion } from '../../src/main.ts';
import { pathFolders } from '../../src/platform/config.ts';
import { openDatabase } from '../../src/platform/database/database.ts';
import { startEmbedded } from '../../src/platform/database/embedded.ts';
import { migrate } from '../../src/platform/database/migrate.ts';
import { createJobs, migrateJobs } from '../../src/platform/jobs.ts';
import { fillOffice } from '../support/busy-office.ts';

/**
 * `node test/operations/write-release.ts`, when a version is released: its database as a small backup in test/releases/, which every
 * later version is tried on (backup.test.ts).
 */
const dataDir = await mkdtemp(join(tmpdir(), 'ringside-release-'));
const embedded = await startEmbedded({ dataDir, searchPath: pathFolders() });
try {
  const { connection } = embedded;
  await migrate(connection);
  await migrateJobs(connection);
  const database = openDatabase({ connection, outside: '*' });
  await fillOffice(database.db, createJobs(database));
  await database.close();
  const file = join(import.meta.dirname, `../releases/${ringsideVersion()}.backup`);
  const { host, port, user } = connection as { host: string; port: number; user: string };
  const url = `postgres://${user}@localhost:${port}/${connection.database}?host=${encodeURIComponent(host)}`;
  const place = { dataDir, keyFile: '', database: { kind: 'server', url } as const };
  await backup(place, file, { overwrite: true }, console.error);
} finally {
  await embedded.stop();
  await rm(dataDir, { recursive: true, force: true });
}
