import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import type { CompiledQuery } from 'kysely';
import type { CrmRecord } from '../src/crm/record.ts';
import { indexDirectory } from '../src/directory/index-directory.ts';
import { loadPages, prepareLoad } from '../src/directory/load-pages.ts';
import type { Place } from '../src/directory/record-store.ts';
import { analyzePostings } from '../src/directory/search-index-store.ts';
import { searchDirectory } from '../src/directory/search.ts';
import { startHub } from '../src/main.ts';
import { insertConnection } from '../src/organization/connection-store.ts';
import { loadConfig, pathFolders } from '../src/platform/config.ts';
import { openDatabase } from '../src/platform/database/database.ts';
import type { Database } from '../src/platform/database/database.ts';
import { startEmbedded } from '../src/platform/database/embedded.ts';
import { migrate } from '../src/platform/database/migrate.ts';
import { inOrganization } from '../src/platform/database/scope.ts';
import { newId } from '../src/platform/id.ts';
import { silentLog } from '../src/platform/log.ts';
import { generatedCrm } from './generated-crm.ts';
import { companyName, person } from './generated-names.ts';
import { askByHttp } from './http-client.ts';
import { costOf } from './process-cost.ts';
import { percentiles, report } from './row.ts';
import { signIn } from './sign-in.ts';

/** Runs searches and asks PostgreSQL for the time of each of their queries. */
class QueryPlans {
  readonly #pool: ReturnType<typeof openDatabase>['pool'];
  readonly #db: Database;
  #queries: CompiledQuery[] = [];

  constructor(pool: ReturnType<typeof openDatabase>['pool']) {
    this.#pool = pool;
    this.#db = new Kysely({
      dialect: new PostgresDialect({ pool }),
      log: ({ query }) => void this.#queries.push(query),
    });
  }

  async timeOf(organizationId: string, text: string): Promise<number> {
    return inOrganization(organizationId, async () => {
      this.#queries = [];
      await searchDirectory(this.#db, organizationId, text);
      const client = await this.#pool.connect();
      try {
        let ms = 0;
        for (const { sql: query, parameters } of this.#queries) {
          const plan = await client.query<{
            'QUERY PLAN': { 'Execution Time': number; 'Planning Time': number }[];
          }>(`explain (analyze, timing off, format json) ${query}`, [...parameters]);
          const [times] = plan.rows[0]!['QUERY PLAN'];
          ms += times!['Execution Time'] + times!['Planning Time'];
        }
        return ms;
      } finally {
        client.release();
      }
    });
  }
}

/**
 * The search of the mirror by HTTP, with sign-in, as somebody types: every beginning of a name from two letters on, two words, mistyped
 * ones, e-mail addresses, case numbers. Beside it what PostgreSQL itself says that planning and running the queries of the same
 * searches takes. Before: how long the index takes to be built and how large it is.
 *
 *     node bench/search.ts [contacts, 100000] [searches of each kind, 1000]
 */
const [size = 100_000, count = 1_000] = process.argv.slice(2).map(Number);
const [email, password] = ['bench@example.com', 'bench-bench-bench-1234'];
const crm = generatedCrm(size, { person, companyName }, false);
const companies = Math.max(1, Math.floor(size / 50));
const folder = await mkdtemp(join(tmpdir(), 'ringside-bench-'));
const closers: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
try {
  const searchPath = pathFolders();
  const embedded = await startEmbedded({ dataDir: join(folder, 'database'), searchPath });
  closers.push(() => embedded.stop());
  const { host, port, user } = embedded.connection as { host: string; port: number; user: string };
  await migrate(embedded.connection);
  const { db, pool, close } = openDatabase({ connection: embedded.connection, outside: '*' });
  closers.push(close);
  const hub = await startHub(
    loadConfig({
      PATH: process.env['PATH'],
      DATABASE_URL: `postgres://${user}@localhost:${port}/${user}?host=${encodeURIComponent(host)}`,
      RINGSIDE_DATA_DIR: join(folder, 'data'),
      RINGSIDE_PORT: '0',
      RINGSIDE_ADMIN_EMAIL: email,
      RINGSIDE_ADMIN_PASSWORD: password,
    }),
    { log: silentLog, webFolder: null },
  );
  closers.push(() => hub.close());
  const place = await fill(db);
  await buildIndex(db, place);
  report({
    what: 'memory after it, hub and database',
    note: `${Math.round((await costOf(process.pid)).memoryMb + (await costOf(embedded.pid())).memoryMb)} MB, the generated CRM with it`,
  });
  const headers = { cookie: await signIn(hub.url, email, password) };
  const plans = new QueryPlans(pool);
  for (const [what, text] of kindsOfText()) {
    const urls = Array.from(
      { length: count + 100 },
      (_, index) => `${hub.url}/api/v1/directory/search?q=${encodeURIComponent(text(index))}`,
    );
    const { times, perSecond } = await askByHttp({ urls, headers, clients: 1, count });
    report({
      what: `search by HTTP, ${what} (budget 50 ms)`,
      ...percentiles(times),
      rate: perSecond,
    });
    const own: number[] = [];
    for (let index = 0; index < Math.min(count, 200); index += 1)
      own.push(await plans.timeOf(place.organizationId, text(index)));
    report({ what: `PostgreSQL's own time for it, ${what}`, ...percentiles(own) });
  }
} finally {
  for (const one of closers.toReversed()) await one();
}

/** Rows as a pull brings them, straight into the tables: the pull itself is measured by others. */
async function fill(db: Database): Promise<Place> {
  const { rows } = await sql<{ id: string }>`select id from organization`.execute(db);
  const organizationId = rows[0]!.id;
  const connection = { id: newId(), platform: 'servicenow', primary: true } as const;
  await insertConnection(db, organizationId, connection);
  const place = { organizationId, connectionId: connection.id };
  const start = performance.now();
  const page = 10_000;
  for (const kind of ['customers', 'contacts', 'cases'] as const) {
    const records = crm.pull(kind);
    let waiting: CrmRecord[] = [];
    for await (const { records: some } of records) {
      waiting = waiting.concat(some);
      if (waiting.length < page) continue;
      await load(db, place, waiting);
      waiting = [];
    }
    await load(db, place, waiting);
  }
  await sql`analyze contact, customer, crm_case`.execute(db);
  report({
    what: `${size.toLocaleString('en')} contacts, their companies and cases loaded`,
    p50: performance.now() - start,
  });
  return place;
}

async function load(db: Database, place: Place, records: CrmRecord[]): Promise<void> {
  const page = { records, total: null, cursor: '' };
  await db.transaction().execute(async (trx) => {
    await loadPages(trx, place, [await prepareLoad(page, 'DE')]);
  });
}

/** The hub's own keeper may be at it already: whoever is first makes the next step. */
async function buildIndex(db: Database, place: Place): Promise<void> {
  const start = performance.now();
  for (;;) {
    await indexDirectory(db, place);
    const { rows } = await sql<{ left: boolean }>`
      select last_document < (select max(document) from contact where connection_id = search_index.connection_id) as left from search_index
      where connection_id = ${place.connectionId}`.execute(db);
    if (rows[0]?.left !== true) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  report({ what: 'the index built after it', p50: performance.now() - start });
  await analyzePostings(db);
  const { rows } = await sql<{
    table: number;
    keys: number;
    postings: number;
    contacts: number;
    documents: number;
  }>`
    select pg_table_size('search_posting')::float8 as table, pg_indexes_size('search_posting')::float8 as keys,
      pg_total_relation_size('contact')::float8 as contacts, pg_relation_size('contact_document')::float8 as documents,
      (select count(*)::int from search_posting) as postings`.execute(db);
  const { table, keys, postings, contacts, documents } = rows[0]!;
  const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  report({
    what: 'size of the index',
    note: `${mb(table + keys)} (${postings.toLocaleString('en')} rows, ${mb(keys)} of it their key), ${mb(documents)} numbers of contacts; contacts with all ${mb(contacts)}`,
  });
}

/** What somebody types on the way to a name, and how they mistype it. */
function kindsOfText(): [what: string, text: (index: number) => string][] {
  const of = (index: number) => {
    const contact = (index * 7_919) % size;
    return person(contact, contact % companies);
  };
  const last = (index: number) => of(index).name.split(' ')[1]!;
  const beginning = (letters: number) => (index: number) => last(index).slice(0, letters);
  const swapped = (word: string) =>
    word.length < 4 ? word : `${word.slice(0, 2)}${word[3]}${word[2]}${word.slice(4)}`;
  return [
    ['2 letters', beginning(2)],
    ['3 letters', beginning(3)],
    ['4 letters', beginning(4)],
    ['6 letters', beginning(6)],
    ['a whole name', last],
    [
      'first name and 2 letters',
      (index) => `${of(index).name.split(' ')[0]} ${beginning(2)(index)}`,
    ],
    ['first and last name', (index) => of(index).name],
    ['2 and 3 letters', (index) => `${of(index).name.slice(0, 2)} ${beginning(3)(index)}`],
    ['two letters swapped', (index) => swapped(last(index))],
    [
      'first name and swapped',
      (index) => `${of(index).name.split(' ')[0]} ${swapped(last(index))}`,
    ],
    [
      'name and company',
      (index) => `${last(index)} ${companyName(((index * 7_919) % size) % companies)}`,
    ],
    ['e-mail', (index) => of(index).email],
    ['case number', (index) => `CS${String(1 + ((index * 7_919) % (size / 5))).padStart(7, '0')}`],
    ['case number, digits', (index) => String(1 + ((index * 7_919) % (size / 5)))],
    ['nobody', (index) => `xqz${index}`],
  ];
}
