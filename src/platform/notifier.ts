import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import { afterCommit } from './database/after-commit.ts';
import type { Database } from './database/database.ts';
import { newId } from './id.ts';
import { silentLog } from './log.ts';
import type { Log } from './log.ts';
import { openNoticeLine } from './notice-line.ts';
import type { NoticeLine } from './notice-line.ts';
import { insertNotices } from './notice-store.ts';
import type { Notice } from './notice-store.ts';

/**
 * Tells every hub on this database that something happened. A message is a hint that carries ids; the tables are the truth. It goes
 * out when the transaction commits and not at all when it does not; the own node's listeners hear it at once, those of other
 * nodes a moment later, and within a second though its sender died between commit and telling.
 *
 * The hints are rows, written with the transaction. NOTIFY only wakes the readers, outside of it and once for many
 * transactions: inside, it takes a lock that lets one transaction of the whole server commit at a time (docs/decisions/0006).
 */
export interface Notifier {
  /**
   * Inside the transaction `db` that made the change. `payload` must be small: 7,900 bytes as JSON at most. `known` is what
   * listeners on this node get besides, as it stood with the commit, so that they need not read it.
   */
  publish(db: Database, channel: string, payload: Payload, known?: unknown): Promise<void>;
  /** The same for several at once. */
  publishAll(db: Database, channel: string, messages: readonly Message[]): Promise<void>;
  /** This node's id, for a statement that writes hints together with what they are about (notice-store.ts: noticesFrom). */
  readonly node: string;
  /**
   * Tells this node's listeners of hints that such a statement has written, and wakes the other nodes. `sure` is false when nobody here
   * knows whether it was committed: then listeners read for themselves. For after the commit.
   */
  tell(channel: string, messages: readonly Message[], sure: boolean): void;
  /** Answers a function that ends the subscription. Messages of one transaction come in their order, in the scope of whoever subscribed. */
  subscribe(channel: string, listener: Listener): () => void;
  /** Called after the connection was lost and is back: messages in between may be gone, so read the tables again. */
  onReconnect(listener: () => void): () => void;
}

/** Whose it is, and the ids of what it is about. */
type Payload = Notice['payload'];

export interface Message {
  payload: Payload;
  known?: unknown;
}

export type Listener = (payload: unknown, known: unknown) => void;

export interface RunningNotifier extends Notifier {
  close(): Promise<void>;
}

const largestMessage = 7_900;
/** In place of a node: none has told its listeners yet. */
const nobody = '00000000-0000-0000-0000-000000000000';
/** Of this process; one, but in tests. */
const openLines = new Set<NoticeLine>();

/** Listens on a connection of its own and reconnects by itself. Rejects when the first connection fails. */
export async function createNotifier(options: {
  connection: pg.ClientConfig;
  log?: Log;
}): Promise<RunningNotifier> {
  const log = options.log ?? silentLog;
  const node = newId();
  const listeners = new Map<string, Set<Listener>>();
  const reconnectListeners = new Set<() => void>();
  const line = await openNoticeLine({
    ...{ connection: options.connection, log, node },
    told: (notice) => deliver(notice.channel, notice.payload, undefined),
    reconnected() {
      for (const listener of reconnectListeners) call(listener);
    },
  });
  openLines.add(line);

  function deliver(channel: string, payload: unknown, known: unknown): void {
    for (const listener of listeners.get(channel) ?? []) call(() => listener(payload, known));
  }

  function call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      log.error({ err: error }, 'a listener failed');
    }
  }

  async function publishAll(
    db: Database,
    channel: string,
    messages: readonly Message[],
  ): Promise<void> {
    if (messages.length === 0) return;
    for (const { payload } of messages) refuseLarge(channel, payload);
    await insertNotices(
      db,
      node,
      messages.map(({ payload }) => ({ channel, payload })),
    );
    await afterCommit(db, (sure) => tell(channel, messages, sure));
  }

  function tell(channel: string, messages: readonly Message[], sure: boolean): void {
    if (messages.length === 0) return;
    for (const { payload, known } of messages) deliver(channel, payload, sure ? known : undefined);
    line.wakeOthers();
  }

  return {
    publish: (db, channel, payload, known) => publishAll(db, channel, [{ payload, known }]),
    publishAll,
    node,
    tell,
    subscribe(channel, listener) {
      const set = listeners.get(channel) ?? new Set();
      const bound = AsyncLocalStorage.bind(listener);
      listeners.set(channel, set.add(bound));
      return () => void set.delete(bound);
    },
    onReconnect(listener) {
      reconnectListeners.add(listener);
      return () => void reconnectListeners.delete(listener);
    },
    async close() {
      openLines.delete(line);
      await line.close();
    },
  };
}

/** As Notifier.publish, for those who have a transaction and no notifier at hand; this node reads it as the others do. */
export async function notify(db: Database, channel: string, payload: Payload): Promise<void> {
  refuseLarge(channel, payload);
  await insertNotices(db, nobody, [{ channel, payload }]);
  await afterCommit(db, () => {
    for (const line of openLines) line.wakeAll();
  });
}

function refuseLarge(channel: string, payload: Payload): void {
  if (Buffer.byteLength(JSON.stringify(payload)) <= largestMessage) return;
  throw new RangeError(`A message on ${channel} is too large: publish ids, not rows.`);
}
