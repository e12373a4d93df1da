import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureWebApp } from '../../src/http/build-web.ts';
import { startHub } from '../../src/main.ts';
import { loadConfig } from '../../src/platform/config.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { testDatabase } from '../../src/platform/database/testing.ts';
import { testLog } from '../../src/platform/log.testing.ts';
import type { Log } from '../../src/platform/log.ts';

/** A whole hub that listens on a free port, with a database and a key of its own. */
export interface TestHub {
  url: string;
  /** Its database, for what no screen shows. */
  db: Database;
  /** Goes away, as a machine that is rebooted, and comes back at the same address. `meanwhile` happens in between. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** `settings` are environment variables on top of those that a test needs. Without `web` no page is served, nor built before. */
export async function startTestHub(
  settings: Record<string, string> = {},
  { web = true, log = testLog }: { web?: boolean; log?: Log } = {},
): Promise<TestHub> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'ringside-hub-'));
  const { host, port, user, database: name } = database.connection;
  const environment = {
    DATABASE_URL: `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(String(host))}`,
    RINGSIDE_DATA_DIR: dataDir,
    RINGSIDE_PORT: '0',
    // Stand-ins of ServiceNow and phone systems run on this machine.
    RINGSIDE_ALLOW_PRIVATE: '127.0.0.1,::1,localhost',
    ...settings,
  };
  const root = join(import.meta.dirname, '../..');
  const webFolder = web ? await ensureWebApp({ root, log }) : null;
  const start = (port: string) =>
    startHub(loadConfig({ ...environment, RINGSIDE_PORT: port }), { log, webFolder });
  let hub = await start(environment.RINGSIDE_PORT);
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await hub.close();
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return {
    url: hub.url,
    db: database.db,
    async restart(meanwhile) {
      const { port: place } = new URL(hub.url);
      await hub.close();
      try {
        await meanwhile();
      } finally {
        hub = await start(place);
      }
    },
    close: () => (closed ??= close()),
  };
}
