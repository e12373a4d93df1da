import { once } from 'node:events';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { RingsideError } from '../errors.ts';
import { migrateJobs } from '../jobs.ts';
import type { Log } from '../log.ts';
import type { BackupHeader, BackupJob } from './backup-format.ts';
import { scopeSetting } from './fence.ts';
import { migrate, migrationsFolder } from './migrate.ts';
import { lookOnly, readBackup } from './read-backup.ts';
import type { RowSink } from './read-backup.ts';
import { quote, schemaTables } from './schema-tables.ts';
import { everyOrganization } from './scope.ts';
import type { BackupSummary } from './write-backup.ts';

export interface LoadOptions {
  log?: Log;
  /** Of the migrations, when it is another than this package's. */
  folder?: string;
  /** What the database holds may go. */
  replace: boolean;
  /** Told of the header when the file was found whole and the database free; throws to stop before anything is changed. */
  before?(header: BackupHeader): Promise<void>;
}

/**
 * Makes a database what it was when `file` was written, then brings it to the newest migration. The file is read through before anything
 * is changed. Throws `invalid-input` for a file that is no whole backup, `conflict` for a database that holds something (unless
 * `replace`), is in use by a hub, or whose Ringside is older than the backup's.
 */
export async function loadBackup(
  connection: pg.ClientConfig,
  file: string,
  { log, folder = migrationsFolder, replace, before }: LoadOptions,
): Promise<BackupSummary & { header: BackupHeader }> {
  const header = await readBackup(file, async () => lookOnly);
  const client = new pg.Client({ application_name: 'ringside restore', ...connection });
  await client.connect();
  client.on('error', () => {});
  try {
    await refuseInUse(client);
    const held = await heldBy(client);
    if (held === 'others') throw notRingsides();
    if (held === 'organizations' && !replace) throw notEmpty();
    await before?.(header);
    if (held !== 'nothing') await dropAll(client);
    await migrate(connection, { folder, only: header.migrations });
    const { summary, jobs } = await loadRows(client, file, header);
    await migrate(connection, { folder, ...(log ? { log } : {}) });
    await migrateJobs(connection);
    await orderJobs(client, jobs);
    await client.query('analyze');
    return { ...summary, jobs: jobs.length, header };
  } finally {
    await client.end();
  }
}

async function refuseInUse(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
      where datname = current_database() and application_name like 'ringside%' and pid <> pg_backend_pid()
        and application_name not like 'ringside hub, process%'`,
  );
  if ((rows[0]?.count ?? 0) === 0) return;
  throw new RingsideError('conflict', 'A hub works on this database.', {
    fix: 'Stop every hub that has this DATABASE_URL, restore, start them again.',
  });
}

type Held = 'nothing' | 'empty' | 'organizations' | 'others';

async function heldBy(client: pg.Client): Promise<Held> {
  await client.query('select set_config($1, $2, false)', [scopeSetting, everyOrganization]);
  const tables = await schemaTables(client);
  const { rows } = await client.query<{ ours: boolean; organizations: boolean }>(
    `select to_regclass('ringside_migration') is not null as ours, to_regclass('organization') is not null as organizations`,
  );
  const { ours = false, organizations = false } = rows[0] ?? {};
  if (!ours) return tables.length === 0 ? 'nothing' : 'others';
  if (!organizations) return 'empty';
  const found = await client.query('select from organization limit 1');
  return found.rowCount === 0 ? 'empty' : 'organizations';
}

function notEmpty(): RingsideError {
  return new RingsideError('conflict', 'This database holds organizations already.', {
    fix: 'Name an empty one (RINGSIDE_DATA_DIR or DATABASE_URL), or say --replace: then what it holds is lost. Make a backup of it first.',
  });
}

function notRingsides(): RingsideError {
  return new RingsideError('conflict', 'This database holds tables that are not Ringside’s.', {
    fix: 'Make a database of its own for Ringside and name it in DATABASE_URL.',
  });
}

/** Ours alone: a schema may be of somebody who lets us work in it and not drop it. */
async function dropAll(client: pg.Client): Promise<void> {
  await client.query(`
    do $$
    declare one record;
    begin
      for one in select c.oid::regclass as name from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      loop execute format('drop table if exists %s cascade', one.name); end loop;
      for one in select c.oid::regclass as name from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'S'
      loop execute format('drop sequence if exists %s cascade', one.name); end loop;
      for one in select p.oid::regprocedure as name from pg_proc p
        where p.pronamespace = current_schema()::regnamespace
          and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
      loop execute format('drop function if exists %s cascade', one.name); end loop;
      if to_regclass('graphile_worker._private_jobs') is not null then
        delete from graphile_worker._private_jobs;
        delete from graphile_worker._private_job_queues;
      end if;
    end $$`);
}

interface ForeignKey {
  table: string;
  name: string;
  definition: string;
}

/** All rows in one transaction. Foreign keys are put up again behind them: the order of the tables does not matter then. */
async function loadRows(
  client: pg.Client,
  file: string,
  { sequences }: BackupHeader,
): Promise<{ summary: BackupSummary; jobs: BackupJob[] }> {
  const jobs: BackupJob[] = [];
  const summary: BackupSummary = { rows: {}, jobs: 0 };
  await client.query('begin');
  const tables = await schemaTables(client);
  const all = tables.map(({ name }) => quote(name));
  const { rows: keys } = await client.query<ForeignKey>(`
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace`);
  for (const { table, name } of keys)
    await client.query(`alter table ${table} drop constraint ${quote(name)}`);
  const fenced = await fencedTables(client);
  for (const name of all) await client.query(`alter table ${name} disable trigger user`);
  // COPY does not load what is fenced, not even for its owner.
  for (const name of fenced) await client.query(`alter table ${name} disable row level security`);
  if (all.length > 0) await client.query(`truncate ${all.join(', ')}`);
  await readBackup(file, async () => ({
    async table(name, columns) {
      if (!tables.some((one) => one.name === name)) {
        throw new RingsideError(
          'invalid-input',
          `The backup has a table ${name} that is not known.`,
        );
      }
      return copyInto(client, name, columns, (count) => (summary.rows[name] = count));
    },
    job: async (job) => void jobs.push(job),
  }));
  for (const name of fenced) await client.query(`alter table ${name} enable row level security`);
  for (const name of all) await client.query(`alter table ${name} enable trigger user`);
  for (const { table, name, definition } of keys)
    await client.query(`alter table ${table} add constraint ${quote(name)} ${definition}`);
  for (const { name, counters } of tables) {
    for (const column of counters) {
      await client.query(
        `select setval(pg_get_serial_sequence($1, $2), coalesce(max(${quote(column)}), 0) + 1, false) from ${quote(name)}`,
        [quote(name), column],
      );
    }
  }
  for (const [name, value] of Object.entries(sequences))
    await client.query('select setval($1, $2::bigint + 1, false)', [quote(name), value]);
  await client.query('commit');
  return { summary, jobs };
}

async function fencedTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relrowsecurity`,
  );
  return rows.map(({ name }) => quote(name));
}

async function copyInto(
  client: pg.Client,
  table: string,
  columns: string[],
  done: (rows: number) => void,
): Promise<RowSink> {
  const list = columns.map(quote).join(', ');
  const stream = client.query(copyFrom(`copy ${quote(table)} (${list}) from stdin`));
  const finished = new Promise<void>((resolve, reject) => {
    stream.once('finish', resolve);
    stream.once('error', reject);
  });
  // Whoever writes hears of it at the end.
  finished.catch(() => undefined);
  return {
    async write(rows) {
      if (!stream.write(rows)) await Promise.race([once(stream, 'drain'), finished]);
    },
    async end() {
      stream.end();
      await finished;
      done(stream.rowCount);
      return stream.rowCount;
    },
  };
}

async function orderJobs(client: pg.Client, jobs: readonly BackupJob[]): Promise<void> {
  for (const { task, payload, queue, runAt, maxAttempts, key, priority } of jobs) {
    await client.query(
      `select from graphile_worker.add_job(identifier => $1, payload => $2::json, queue_name => $3, run_at => $4::timestamptz,
        max_attempts => $5::int, job_key => $6, priority => $7::int)`,
      [task, JSON.stringify(payload), queue, runAt, maxAttempts, key, priority],
    );
  }
}
