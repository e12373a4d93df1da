import pg from 'pg';
import { pathFolders } from '../../src/platform/config.ts';
import { startEmbedded } from '../../src/platform/database/embedded.ts';

/**
 * A process that does what a hub does with its database, for tests that kill it: `node embedded-hub.ts DATA_DIR` starts
 * the embedded PostgreSQL, notes its start in a table, prints one line of JSON and stops on SIGTERM.
 */
const dataDir = process.argv[2]!;
try {
  const database = await startEmbedded({
    dataDir,
    searchPath: pathFolders(),
    settings: { fsync: 'off' },
  });
  const client = new pg.Client(database.connection);
  await client.connect();
  await client.query('create table if not exists start (at timestamptz default now())');
  await client.query('insert into start default values');
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from start');
  await client.end();
  const started = { starts: rows[0]?.n, pid: database.pid(), host: database.connection.host };
  // Whoever reads the line may stop it at once.
  process.once('SIGTERM', () => void database.stop().then(() => process.exit(0)));
  console.log(JSON.stringify(started));
  setInterval(() => undefined, 1_000);
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  console.log(JSON.stringify({ error: { code, message } }));
  process.exitCode = 1;
}
