import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { RingsideError } from '../errors.ts';

/** Held by the one hub that works on a data folder. */
export interface HubLock {
  /** Resolves when the connection that holds the lock is gone, for whatever reason. */
  lost: Promise<void>;
  release(): Promise<void>;
}

// Any fixed number.
const lockNumber = 7_246_002;
// After kill -9 PostgreSQL needs a moment to see that the connection is gone.
const patience = 3_000;

/**
 * An advisory lock of the database itself, on a connection of its own: it ends with the process, also by kill -9, and
 * leaves nothing behind. Null when the server does not take connections just now. Throws `conflict` when another hub
 * holds it.
 */
export async function acquireHubLock(connection: pg.ClientConfig): Promise<HubLock | null> {
  const client = new pg.Client({
    connectionTimeoutMillis: 10_000,
    ...connection,
    application_name: `ringside hub, process ${process.pid}`,
  });
  const lost = new Promise<void>((resolve) => {
    client.once('end', () => resolve());
    client.on('error', () => resolve());
  });
  try {
    await client.connect();
    const deadline = Date.now() + patience;
    while (!(await tryLock(client))) {
      if (Date.now() > deadline) throw await refusal(client);
      await sleep(50);
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    if (error instanceof RingsideError) throw error;
    return null;
  }
  return { lost, release: () => client.end().catch(() => undefined) };
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [
    lockNumber,
  ]);
  return rows[0]?.got === true;
}

async function refusal(client: pg.Client): Promise<RingsideError> {
  const { rows } = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.objid = $1 and l.granted`,
    [lockNumber],
  );
  return new RingsideError(
    'conflict',
    `Another hub uses this data folder already (${rows[0]?.name ?? 'unknown'}).`,
    {
      fix: 'Stop it first, or give this one its own folder with RINGSIDE_DATA_DIR (and its own RINGSIDE_PORT). Several hubs share one database with DATABASE_URL.',
    },
  );
}
