import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import type { Database } from './database/database.ts';
import { silentLog } from './log.ts';
import type { Log } from './log.ts';

/**
 * Tells every hub on this database that something happened (LISTEN/NOTIFY). A message is a hint that carries ids; the
 * tables are the truth. It goes out when the transaction commits, and not at all when it does not.
 */
export interface Notifier {
  /** Inside the transaction `db` that made the change. `payload` must be small: 7,900 bytes as JSON at most. */
  publish(db: Database, channel: string, payload: object): Promise<void>;
  /** Answers a function that ends the subscription. Messages arrive in the order of their commits. */
  subscribe(channel: string, listener: (payload: unknown) => void): () => void;
  /** Called after the connection was lost and is back: messages in between are gone, so read the tables again. */
  onReconnect(listener: () => void): () => void;
}

export interface RunningNotifier extends Notifier {
  close(): Promise<void>;
}

/** One channel of PostgreSQL carries all of ours, so that a subscription costs no round trip. */
const carrier = 'ringside';
// PostgreSQL takes payloads shorter than 8,000 bytes.
const largestMessage = 7_900;
// A server that vanished without a word (a cut cable) is noticed after this.
const heartbeatMs = 20_000;
const longestBackOff = 5_000;

/** Listens on a connection of its own and reconnects by itself. Rejects when the first connection fails. */
export async function createNotifier(options: {
  connection: pg.ClientConfig;
  log?: Log;
}): Promise<RunningNotifier> {
  const log = options.log ?? silentLog;
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const reconnectListeners = new Set<() => void>();
  let closed = false;
  let client = await listen();

  async function listen(): Promise<pg.Client> {
    const fresh = new pg.Client({
      application_name: 'ringside notifier',
      connectionTimeoutMillis: 10_000,
      query_timeout: 10_000,
      keepAlive: true,
      ...options.connection,
    });
    fresh.on('notification', (message) => deliver(message.payload ?? ''));
    fresh.on('error', (error) => log.warn({ err: error }, 'the notifier lost its connection'));
    await fresh.connect();
    await fresh.query(`listen ${carrier}`);
    fresh.once('end', () => void reconnect());
    return fresh;
  }

  async function reconnect(): Promise<void> {
    for (let wait = 100; !closed; wait = Math.min(wait * 2, longestBackOff)) {
      try {
        const fresh = await listen();
        if (closed) await fresh.end();
        client = fresh;
        log.info('the notifier is connected again');
        for (const listener of reconnectListeners) call(listener);
        return;
      } catch {
        await sleep(wait);
      }
    }
  }

  function deliver(text: string): void {
    const { channel, payload } = JSON.parse(text) as { channel: string; payload: unknown };
    for (const listener of listeners.get(channel) ?? []) call(() => listener(payload));
  }

  function call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      log.error({ err: error }, 'a listener failed');
    }
  }

  const heartbeat = setInterval(() => {
    const probed = client;
    probed.query('select 1').catch(() => probed.end().catch(() => undefined));
  }, heartbeatMs);
  heartbeat.unref();

  return {
    publish: notify,
    subscribe(channel, listener) {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set.add(listener));
      return () => void set.delete(listener);
    },
    onReconnect(listener) {
      reconnectListeners.add(listener);
      return () => void reconnectListeners.delete(listener);
    },
    async close() {
      closed = true;
      clearInterval(heartbeat);
      await client.end().catch(() => undefined);
    },
  };
}

/** As Notifier.publish, for those who have a transaction and no notifier at hand. */
export async function notify(db: Database, channel: string, payload: object): Promise<void> {
  const message = JSON.stringify({ channel, payload });
  if (Buffer.byteLength(message) > largestMessage) {
    throw new RangeError(`A message on ${channel} is too large: publish ids, not rows.`);
  }
  await sql`select pg_notify(${carrier}, ${message})`.execute(db);
}
