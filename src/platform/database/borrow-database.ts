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
  const { dataDir, database } = config;
  if (database.kind === 'server') return open({ connectionString: database.url });
  await refuseMissing(dataDir);
  const cluster = await placeCluster(dataDir);
  const running = await findPostmaster(cluster);
  if (running !== null) {
    const { socketFolder: host, port } = running;
    return open({ host, port, user: clusterUser, database: clusterUser, ssl: false });
  }
  const { postgresBin, searchPath } = database;
  const embedded = await startEmbedded({ dataDir, postgresBin, searchPath });
  try {
    await migrate(embedded.connection);
  } catch (error) {
    await embedded.stop();
    throw error;
  }
  const { db, close } = open(embedded.connection);
  return {
    db,
    async close() {
      await close();
      await embedded.stop();
    },
  };
}

function open(connection: pg.PoolConfig): OpenDatabase {
  return openDatabase({ connection, max: 2 });
}

async function refuseMissing(dataDir: string): Promise<void> {
  const found = await stat(join(dataDir, 'postgres', 'data')).catch(() => null);
  if (found !== null) return;
  throw new RingsideError('not-found', `There is no database in ${dataDir} that can be read.`, {
    fix: 'Start the hub first, or set RINGSIDE_DATA_DIR (or DATABASE_URL) to what it was started with. Run this as the same user.',
  });
}
