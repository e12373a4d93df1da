import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/platform/database/embedded.ts';
import { migrate } from '../../src/platform/database/migrate.ts';
import { findPostmaster, isAlive, stopPostmaster } from '../../src/platform/database/postmaster.ts';
import { placeCluster } from '../../src/platform/database/cluster.ts';
import { migrateJobs } from '../../src/platform/jobs.ts';
import { queryOnce } from '../../src/platform/database/query-once.ts';
import { pathFolders } from '../../src/platform/config.ts';
import { logsVariable } from './logs.ts';

const prefix = 'ringside-test-';
const template = 'ringside_template';

/** One real PostgreSQL for the whole run, with a template database that has every migration; see testDatabase(). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const dataDir = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const server = await startEmbedded({
    dataDir,
    searchPath: pathFolders(),
    // Durability is what tests can do without: a power cut loses nothing that anybody wants back.
    settings: {
      fsync: 'off',
      full_page_writes: 'off',
      synchronous_commit: 'off',
      max_connections: '300',
    },
  });
  const { host, port, user } = server.connection as { host: string; port: number; user: string };
  const at = (database: string) => ({ host, port, user, database });
  await queryOnce({ ...at('postgres'), ssl: false }, `create database ${template}`);
  await migrate({ ...at(template), ssl: false });
  await migrateJobs({ ...at(template), ssl: false });
  project.provide('postgres', at(template));
  return async () => {
    await server.stop();
    const { logFile } = await placeCluster(dataDir);
    await copyFile(logFile, join(process.env[logsVariable]!, 'postgres.log'));
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** A run that was killed leaves its server behind. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]);
    if (!(owner > 0) || isAlive(owner)) continue;
    const dataDir = join(tmpdir(), name);
    try {
      const cluster = await placeCluster(dataDir);
      const left = await findPostmaster(cluster);
      if (left !== null) await stopPostmaster(cluster, left);
      await rm(dataDir, { recursive: true, force: true });
    } catch {
      // Another user's.
    }
  }
}
