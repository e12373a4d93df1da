import { mkdir } from 'node:fs/promises';
import type pg from 'pg';
import type { Config } from './platform/config.ts';
import { startEmbedded } from './platform/database/embedded.ts';
import type { Log } from './platform/log.ts';
import { loadOrCreateKey } from './platform/secret-box.ts';
import { startFault } from './platform/start-fault.ts';

/** The PostgreSQL of a hub. */
export interface HubDatabase {
  connection: pg.PoolConfig;
  /** Stops the server where it is the hub's own. */
  close(): Promise<void>;
}

/**
 * How to reach PostgreSQL: the server of DATABASE_URL, or one of our own that is started first. It imports little, so that the server
 * starts while the hub's own code is being loaded. Throws RingsideError with the mend.
 */
export async function openHubDatabase(config: Config, log: Log): Promise<HubDatabase> {
  try {
    const { database, dataDir, keyFile } = config;
    await mkdir(dataDir, { recursive: true });
    // Before the database is begun, so that a key file that cannot be used is told of at once.
    loadOrCreateKey(keyFile);
    if (database.kind === 'server')
      return { connection: { connectionString: database.url }, close: async () => undefined };
    const { postgresBin, searchPath } = database;
    const embedded = await startEmbedded({ dataDir, postgresBin, searchPath, log });
    return { connection: embedded.connection, close: embedded.stop };
  } catch (error) {
    throw startFault(error, config);
  }
}
