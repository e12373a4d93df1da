import pg from 'pg';

/** Runs one statement on a connection of its own, for what cannot run in a pool's database (create, drop). */
export async function queryOnce(connection: pg.ClientConfig, sql: string): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
