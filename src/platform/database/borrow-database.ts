import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { Config } from '../config.ts';
import { RingsideError } from '../errors.ts';
import { clusterUser, placeCluster } from './cluster.ts';
import { openDatabase } from './database.ts';
import type { OpenDatabase } from './database.ts';
import { startEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { findPostmaster } from './postmaster.ts';

/**
 * The hub's database for a command that only wants to look. An embedded one is used beside the hub when that runs, and
 * else started for as long as it is borrowed. Throws `not-found` when there is none yet, `unavailable` when it cannot
 * be reached.
 */
export async function borrowDatabase(
  config: Pick<Config, 'dataDir' | 'database'>,
): Promise<Pick<OpenDatabase, 'db' | 'close'>> {
  const { connection, migrated, giveBack } = await borrowConnection(config);
  try {
    // Beside a hub it is migrated; a server's may be older than this program, which the hub's start is to mend.
    if (!migrated) await migrate(connection);
  } catch (error) {
    await giveBack();
    throw error;
  }
  const { db, close } = openDatabase({ connection, max: 2 });
  return {
    db,
    async close() {
      await close();
      await giveBack();
    },
  };
}

/** The same as what a connection is made with, as it is: nothing is migrated. `migrated` where a hub has done that. */
export async function borrowConnection({
  dataDir,
  database,
}: Pick<Config, 'dataDir' | 'database'>): Promise<{
  connection: pg.PoolConfig;
  migrated: boolean;
  giveBack(): Promise<void>;
}> {
  const nothing = async () => undefined;
  if (database.kind === 'server') {
    const connection = { connectionString: database.url };
    return { connection, migrated: true, giveBack: nothing };
  }
  await refuseMissing(dataDir);
  const cluster = await placeCluster(dataDir);
  const running = await findPostmaster(cluster);
  if (running !== null) {
    const { socketFolder: host, port } = running;
    const connection = { host, port, user: clusterUser, database: clusterUser, ssl: false };
    return { connection, migrated: true, giveBack: nothing };
  }
  const { postgresBin, searchPath } = database;
  const embedded = await startEmbedded({ dataDir, postgresBin, searchPath });
  return { connection: embedded.connection, migrated: false, giveBack: () => embedded.stop() };
}

async function refuseMissing(dataDir: string): Promise<void> {
  const found = await stat(join(dataDir, 'postgres', 'data')).catch(() => null);
  if (found !== null) return;
  throw new RingsideError('not-found', `There is no database in ${dataDir} that can be read.`, {
    fix: 'Start the hub first, or set RINGSIDE_DATA_DIR (or DATABASE_URL) to what it was started with. Run this as the same user.',
  });
}
