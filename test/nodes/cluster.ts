import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathFolders } from '../../src/platform/config.ts';
import { openDatabase } from '../../src/platform/database/database.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { startEmbedded } from '../../src/platform/database/embedded.ts';
import { openGathered } from '../../src/platform/log.testing.ts';
import { gatherPostgresLog } from '../../src/platform/database/testing.ts';
import { layCable } from '../support/cable.ts';
import type { Cable } from '../support/cable.ts';

/** A hub as a process of its own. Its address stays when it is started again. */
export interface Node {
  /** '' before its first start. */
  url: string;
  /** Its way to the database. */
  database: Cable;
  start(): Promise<void>;
  kill(): Promise<void>;
}

/** Several hubs on one PostgreSQL that writes through to the disk. */
export interface Cluster {
  nodes: Node[];
  /** The database as nobody cuts it. */
  db: Database;
  /** Kills the server with -9; it comes back by itself. */
  crashDatabase(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a cluster of so many nodes, one after the other. */
export async function startCluster(size: number): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'ringside-nodes-'));
  await chmod(folder, 0o711);
  const server = await startEmbedded({
    dataDir: join(folder, 'server'),
    searchPath: pathFolders(),
    settings: { max_connections: '150' },
  });
  const { host, port, user, database } = server.connection;
  const { db, close } = openDatabase({ connection: server.connection, outside: '*' });
  const nodes: Node[] = [];
  for (let index = 0; index < size; index += 1) {
    const cable = await layCable({ path: join(String(host), `.s.PGSQL.${port}`) });
    const environment = {
      DATABASE_URL: `postgres://${user}@127.0.0.1:${cable.port}/${database}`,
      RINGSIDE_DATA_DIR: join(folder, `node-${index}`),
      RINGSIDE_KEY_FILE: join(folder, 'key'),
      RINGSIDE_ALLOW_PRIVATE: '127.0.0.1',
      RINGSIDE_TRUST_PROXY: 'true',
      RINGSIDE_LOG_LEVEL: 'info',
    };
    const node = makeNode(cable, environment);
    nodes.push(node);
    await node.start();
  }
  return {
    nodes,
    db,
    async crashDatabase() {
      const before = server.pid();
      process.kill(before, 'SIGKILL');
      while (server.pid() === before) await sleep(50);
    },
    async close() {
      await Promise.all(nodes.map((node) => node.kill()));
      for (const node of nodes) node.database.close();
      await close();
      await server.stop();
      await gatherPostgresLog(join(folder, 'server'));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function makeNode(database: Cable, environment: Record<string, string>): Node {
  let child: ChildProcess | null = null;
  return {
    url: '',
    database,
    async start() {
      const port = this.url === '' ? '0' : new URL(this.url).port;
      const { PATH, NODE_COMPILE_CACHE } = process.env;
      const env = { PATH, NODE_COMPILE_CACHE, ...environment, RINGSIDE_PORT: port };
      const program = join(import.meta.dirname, '../support/hub-process.ts');
      const log = openGathered();
      const started = spawn(process.execPath, [program], {
        env,
        stdio: ['ignore', 'pipe', log.fd],
      });
      log.close();
      child = started;
      const [said] = (await Promise.race([
        once(started.stdout!, 'data'),
        once(started, 'exit'),
      ])) as unknown[];
      if (!Buffer.isBuffer(said)) throw new Error('A node did not start.');
      this.url = said.toString().trim();
    },
    async kill() {
      const dying = child;
      child = null;
      if (dying === null || dying.exitCode !== null || dying.signalCode !== null) return;
      dying.kill('SIGKILL');
      await once(dying, 'exit');
    },
  };
}
