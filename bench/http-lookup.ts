import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { sql } from 'kysely';
import { candidateRows } from '../src/directory/match-store.ts';
import { indexDirectory } from '../src/directory/index-directory.ts';
import { pullDirectory } from '../src/directory/pull-directory.ts';
import { searchState } from '../src/directory/search-store.ts';
import { startHub } from '../src/main.ts';
import { insertConnection } from '../src/organization/connection-store.ts';
import { loadConfig, pathFolders } from '../src/platform/config.ts';
import { openDatabase } from '../src/platform/database/database.ts';
import type { Database } from '../src/platform/database/database.ts';
import { startEmbedded } from '../src/platform/database/embedded.ts';
import { queryOnce } from '../src/platform/database/query-once.ts';
import { newId } from '../src/platform/id.ts';
import { silentLog } from '../src/platform/log.ts';
import { startAppConnect } from './app-connect.ts';
import { generatedCrm } from './generated-crm.ts';
import { askByHttp, warmUp } from './http-client.ts';
import { costOf } from './process-cost.ts';
import { percentiles, report } from './row.ts';
import { signIn } from './sign-in.ts';

/**
 * Who has a number, asked by HTTP with sign-in: numbers of one contact, numbers that many share, numbers of nobody; by one client
 * and by 16, and what each costs the hub and PostgreSQL. Beside it, in the same run: the bounds, a bare
 * route that runs the one query and one that does nothing, and App Connect.
 *
 *     node bench/http-lookup.ts [contacts, 100000] [look-ups of each kind, 5000]
 */

const [size = 100_000, count = 5_000] = process.argv.slice(2).map(Number);
const [email, password] = ['bench@example.com', 'bench-bench-bench-1234'];
const crm = generatedCrm(size);
const folder = await mkdtemp(join(tmpdir(), 'ringside-bench-'));
const closers: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
const rates = new Map<string, number>();
try {
  const searchPath = pathFolders();
  const embedded = await startEmbedded({ dataDir: join(folder, 'database'), searchPath });
  closers.push(() => embedded.stop());
  const { host, port, user } = embedded.connection as { host: string; port: number; user: string };
  const urlOf = (name: string) =>
    `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`;
  const config = loadConfig({
    PATH: process.env['PATH'],
    DATABASE_URL: urlOf(user),
    RINGSIDE_DATA_DIR: join(folder, 'data'),
    RINGSIDE_PORT: '0',
    RINGSIDE_ADMIN_EMAIL: email,
    RINGSIDE_ADMIN_PASSWORD: password,
  });
  const hub = await startHub(config, { log: silentLog, webFolder: null });
  closers.push(() => hub.close());
  const { db, close } = openDatabase({ connection: embedded.connection, outside: '*' });
  closers.push(close);
  const organizationId = await fill(db);
  const { memoryMb: hubMb } = await costOf(process.pid);
  const { memoryMb: databaseMb } = await costOf(embedded.pid());
  report({
    what: `memory after the pull of ${size.toLocaleString('en')} contacts, hub and database`,
    note: `${Math.round(hubMb + databaseMb)} MB, the generated CRM with it (budget 512 MB)`,
  });

  await settle(db, organizationId);
  const headers = { cookie: await signIn(hub.url, email, password) };
  const address = `${hub.url}/api/v1/lookup?number=`;
  const costs = async () => ({
    hubMs: process.cpuUsage().user / 1_000 + process.cpuUsage().system / 1_000,
    databaseMs: (await costOf(embedded.pid())).cpuMs,
  });
  await measure('look-up by HTTP', address, headers, costs);
  const bare = await bareRoutes(db, organizationId);
  closers.push(bare.close);
  await measure('bound: a bare route with the query', bare.withQuery, {}, costs);
  await measure('bound: a bare route without a database', bare.withNothing, {}, costs);
  await queryOnce({ ...embedded.connection, database: 'postgres' }, 'create database app_connect');
  await measureAppConnect(urlOf('app_connect'));
} finally {
  for (const close of closers.toReversed()) await close();
}

async function measureAppConnect(databaseUrl: string): Promise<void> {
  const peer = await startAppConnect(databaseUrl).catch((error: unknown) => {
    report({ what: 'App Connect', note: `cannot be had here: ${(error as Error).message}` });
  });
  if (!peer) return;
  try {
    await measure('App Connect, GET /contact', peer.url, {});
    for (const clients of [1, 16]) {
      const theirs = rates.get(`App Connect, GET /contact ${clients}`) ?? Number.NaN;
      const against = (what: string) => (rates.get(`${what} ${clients}`) ?? 0) / theirs;
      report({
        what: `look-ups a second against App Connect, ${clients} at once (docs/decisions/0041)`,
        ratio: against('look-up by HTTP'),
        note: `the bounds: ${['with the query', 'without a database']
          .map((how) => `${how} ${against(`bound: a bare route ${how}`).toPrecision(2)} x`)
          .join(', ')}`,
      });
    }
  } finally {
    peer.stop();
  }
}

/** A mirror as a pull brings it; answers the organization of the first administrator. */
async function fill(database: Database): Promise<string> {
  const { rows } = await sql<{ id: string }>`select id from organization`.execute(database);
  const organizationId = rows[0]!.id;
  const connection = { id: newId(), platform: 'servicenow', primary: true } as const;
  await insertConnection(database, organizationId, connection);
  await pullDirectory({ db: database, crm }, organizationId, connection.id);
  return organizationId;
}

/** Until the search's index is built and PostgreSQL has tidied up: else the first that is measured pays for it, and the bound after it does not. */
async function settle(database: Database, organizationId: string): Promise<void> {
  for (;;) {
    const { behind } = await searchState(database, organizationId);
    if (behind.length === 0) break;
    for (const { connectionId } of behind)
      await indexDirectory(database, { organizationId, connectionId });
  }
  await sql`vacuum analyze`.execute(database);
}

/**
 * Nobody can be faster with this database and this server: no sign-in, no reading of numbers, no validation, no links. And nobody can be
 * faster with this server, whatever the database.
 */
async function bareRoutes(database: Database, organizationId: string) {
  const app = fastify();
  const numberOf = (query: unknown) => (query as { number: string }).number;
  app.get('/with-query', async ({ query }) =>
    candidateRows(database, organizationId, numberOf(query)),
  );
  app.get('/with-nothing', async ({ query }) => ({ number: numberOf(query) }));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    withQuery: `${url}/with-query?number=`,
    withNothing: `${url}/with-nothing?number=`,
    close: () => app.close(),
  };
}

async function measure(
  what: string,
  address: string,
  headers: Record<string, string>,
  costs?: () => Promise<{ hubMs: number; databaseMs: number }>,
): Promise<void> {
  const kinds = [
    ['one contact', crm.ownNumber],
    ['shared by many', crm.sharedNumber],
    ['nobody', (index: number) => `040 ${5_000_000 + index}`],
  ] as const;
  for (const clients of [1, 16]) {
    let perSecond = 0;
    const before = await costs?.();
    for (const [kind, number] of kinds) {
      // Every number is asked for once, so that nobody answers from a cache of questions.
      const urls = Array.from(
        { length: count + warmUp },
        (_, index) => address + encodeURIComponent(e164Of(number(index * 7_919))),
      );
      const { times, perSecond: rate } = await askByHttp({ urls, headers, clients, count });
      if (kind === 'one contact') perSecond = rate;
      report({
        what: `${what}, ${kind}, ${clients === 1 ? 'one client' : `${clients} clients`}`,
        ...percentiles(times),
        rate,
      });
    }
    rates.set(`${what} ${clients}`, perSecond);
    const after = await costs?.();
    if (before === undefined || after === undefined) continue;
    const asked = kinds.length * (count + Math.min(warmUp, count));
    const each = (ms: number) => `${((ms / asked) * 1_000).toFixed(0)} µs`;
    report({
      what: `processor time of each: ${what}, ${clients} at once`,
      note: `hub ${each(after.hubMs - before.hubMs)}, PostgreSQL ${each(after.databaseMs - before.databaseMs)}`,
    });
  }
}

/** As a phone system sends it. */
function e164Of(written: string): string {
  return `+49${written.replaceAll(/\D/g, '').replace(/^0/, '')}`;
}
