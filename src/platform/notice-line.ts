import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import pg from 'pg';
import { scopeSetting } from './database/fence.ts';
import { everyOrganization } from './database/scope.ts';
import type { Log } from './log.ts';
import { deleteNotices, noticesSince, snapshotNow } from './notice-store.ts';
import type { Notice, Snapshot } from './notice-store.ts';

/** A node's own connection for hints: it is woken by others, reads what they told, and wakes them. */
export interface NoticeLine {
  /** Soon, and once however often it is asked for meanwhile. When it fails the others find out by themselves. */
  wakeOthers(): void;
  /** This node too. */
  wakeAll(): void;
  close(): Promise<void>;
}

export interface NoticeLineOptions {
  connection: pg.ClientConfig;
  log: Log;
  /** This node's id. */
  node: string;
  /** Another node told this. */
  told(notice: Notice): void;
  /** The connection was lost, or nothing was read for too long: what was told meanwhile may be gone. */
  reconnected(): void;
}

const channel = 'ringside';
/** Without being woken every node looks this often: a sender may have died before it woke anybody. It also notices a dead server. */
const lookMs = 1_000;
const longestBackOff = 5_000;
const keptMinutes = 5;

/** Reconnects by itself. Rejects when the first connection fails. */
export async function openNoticeLine(options: NoticeLineOptions): Promise<NoticeLine> {
  const { log, node } = options;
  let closed = false;
  let read: Snapshot = '';
  let readAt = 0;
  /** One for each minute, oldest first. */
  let minutes: Snapshot[] = [];
  /** The connection does one thing after the other. */
  const lane = new PQueue({ concurrency: 1 });
  const looking = oneAtATime(() => lane.add(look), log);
  const waking = oneAtATime(() => lane.add(wake), log);
  let client!: pg.Client;
  client = await listen();
  const timer = setInterval(looking, lookMs);
  const broom = setInterval(() => void lane.add(sweep).catch(() => undefined), 60_000);
  for (const each of [timer, broom]) each.unref();

  async function listen(): Promise<pg.Client> {
    const fresh = new pg.Client({
      application_name: 'ringside notifier',
      connectionTimeoutMillis: 10_000,
      query_timeout: 10_000,
      keepAlive: true,
      ...options.connection,
    });
    fresh.on('notification', ({ payload }) => {
      // While it is being made it is nobody's yet; the first look comes after.
      if (payload !== node && fresh === client) looking();
    });
    fresh.on('error', (error) => log.warn({ err: error }, 'the notifier lost its connection'));
    await fresh.connect();
    // What this connection alone commits is a call to look into the tables; nobody misses it after a power cut.
    await fresh.query('set synchronous_commit = off');
    // Every organization's hints go to every node.
    await fresh.query('select set_config($1, $2, false)', [scopeSetting, everyOrganization]);
    await fresh.query(`listen ${channel}`);
    read = await snapshotNow(fresh);
    readAt = Date.now();
    fresh.once('end', () => void reconnect());
    return fresh;
  }

  async function reconnect(): Promise<void> {
    for (let wait = 100; !closed; wait = Math.min(wait * 2, longestBackOff)) {
      try {
        const fresh = await listen();
        if (closed) await fresh.end();
        client = fresh;
        minutes = [];
        log.info('the notifier is connected again');
        options.reconnected();
        return;
      } catch {
        await sleep(wait);
      }
    }
  }

  async function look(): Promise<void> {
    const asked = client;
    const late = Date.now() - readAt > (keptMinutes - 1) * 60_000;
    try {
      const { now, notices } = await noticesSince(asked, node, read);
      // Another connection has begun anew meanwhile, and its listeners read everything.
      if (asked !== client) return;
      read = now;
      readAt = Date.now();
      for (const notice of notices) options.told(notice);
      if (late) options.reconnected();
    } catch (error) {
      // A server that vanished without a word: begin anew.
      if (!closed) await asked.end().catch(() => undefined);
      throw error;
    }
  }

  async function wake(): Promise<void> {
    await client.query({
      name: 'wake-others',
      text: 'select pg_notify($1, $2)',
      values: [channel, node],
    });
  }

  async function sweep(): Promise<void> {
    const [oldest] = minutes;
    minutes = [...minutes, await snapshotNow(client)].slice(-keptMinutes);
    if (minutes.length === keptMinutes && oldest !== undefined) await deleteNotices(client, oldest);
  }

  return {
    wakeOthers: waking,
    wakeAll() {
      looking();
      waking();
    },
    async close() {
      closed = true;
      clearInterval(timer);
      clearInterval(broom);
      await client.end().catch(() => undefined);
    },
  };
}

/** Runs `work` now or, when it is running, once more after it. */
function oneAtATime(work: () => Promise<void>, log: Log): () => void {
  let running = false;
  let again = false;
  return function go(): void {
    if (running) {
      again = true;
      return;
    }
    running = true;
    again = false;
    void work()
      .catch((error: unknown) => log.debug({ err: error }, 'a hint was not passed on'))
      .finally(() => {
        running = false;
        if (again) go();
      });
  };
}
