import { Kysely, sql } from 'kysely';
import pg from 'pg';
import { silentLog } from '../log.ts';
import type { Log } from '../log.ts';
import { TellingDialect } from './after-commit.ts';
import { useCopy } from './copy-statement.ts';
import { fenceConnection } from './fenced-connection.ts';
import { usePreparedStatements } from './prepared.ts';

/**
 * The database as rooms see it. A room names its own tables: `db.withTables<CallTables>()`. Kysely's transaction is a
 * Kysely too, so every store function takes a Database and works inside and outside of a transaction.
 */
export type Database = Kysely<{}>;

export interface OpenDatabase {
  db: Database;
  pool: pg.Pool;
  /** Waits for what is running, then closes every connection. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  connection: pg.PoolConfig;
  /** Connections at most; 10 when not given. */
  max?: number;
  log?: Log;
  /** What is seen outside of every scope (scope.ts): '*' is every organization; not given: a query for their rows fails. */
  outside?: '*';
}

/** Opens a pool; nothing is connected before the first query. */
export function openDatabase(options: DatabaseOptions): OpenDatabase {
  const log = options.log ?? silentLog;
  const pool = new pg.Pool({
    application_name: 'ringside',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    ...options.connection,
    max: options.max ?? 10,
    // A new connection costs a process of PostgreSQL, and every prepared query a plan: one that is idle is kept for a while.
    idleTimeoutMillis: 10 * 60_000,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, its types do not say so
    onConnect: (client) => {
      usePreparedStatements(client);
      useCopy(client);
      return fenceConnection(client, options.outside);
    },
  });
  // An idle connection that breaks (a restart of the database) is replaced by the pool; without a listener it would
  // end the process.
  let closed: Promise<void> | undefined;
  const onBroken = (what: string) => (error: Error) => {
    // Whoever is being closed may well be cut off by a server that stops.
    if (closed === undefined) log.warn({ err: error }, what);
  };
  pool.on('error', onBroken('an idle database connection broke'));
  pool.on('connect', (client) => {
    client.on('error', onBroken('a database connection broke'));
  });
  const db: Database = new Kysely({ dialect: new TellingDialect({ pool }) });

  async function close(): Promise<void> {
    await db.destroy();
    // Kysely ends a pool only when it has run a query itself.
    if (!pool.ended) await pool.end();
  }
  return { db, pool, close: () => (closed ??= close()) };
}

/** Throws when the database does not answer. */
export async function checkDatabase(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}
