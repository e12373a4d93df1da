import { Readable } from 'node:stream';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { RingsideError } from '../errors.ts';
import type { BackupHeader, BackupJob, BackupSection } from './backup-format.ts';
import { endOfRows } from './backup-format.ts';
import { scopeSetting } from './fence.ts';
import type { AppliedMigration } from './migrate.ts';
import { quote, schemaTables } from './schema-tables.ts';
import { everyOrganization } from './scope.ts';

export interface BackupOptions {
  /** Of this Ringside. */
  version: string;
  at: Date;
  /** The key file's text, when it is wanted. */
  key: string | null;
}

/** What a backup holds. */
export interface BackupSummary {
  /** Rows by table. */
  rows: Record<string, number>;
  jobs: number;
}

/**
 * Writes everything of the database as it is at one moment, beside a hub that works. Throws `not-found` when there is no Ringside in
 * it, and what the database or `target` throws.
 */
export async function writeBackup(
  connection: pg.ClientConfig,
  target: Writable,
  options: BackupOptions,
): Promise<BackupSummary> {
  const client = new pg.Client({ application_name: 'ringside backup', ...connection });
  await client.connect();
  // A server that goes away shows in the query that waits.
  client.on('error', () => {});
  const summary: BackupSummary = { rows: {}, jobs: 0 };
  try {
    // Whoever is fenced sees all organizations; numbers and times as COPY writes them everywhere.
    await client.query('select set_config($1, $2, false)', [scopeSetting, everyOrganization]);
    await client.query(
      `set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set bytea_output = 'hex'; set timezone = 'UTC'`,
    );
    await client.query('begin isolation level repeatable read, read only');
    await pipeline(Readable.from(backupText(client, options, summary)), createGzip(), target);
    await client.query('commit');
    return summary;
  } finally {
    await client.end();
  }
}

async function* backupText(
  client: pg.Client,
  { version, at, key }: BackupOptions,
  summary: BackupSummary,
): AsyncGenerator<string | Buffer> {
  const header: BackupHeader = {
    ...{ format: 'ringside-backup', version: 1, ringside: version },
    ...{ at: at.toISOString(), migrations: await appliedMigrations(client) },
    ...{ sequences: await sharedSequences(client), key },
  };
  yield line(header);
  for (const { name, columns } of await schemaTables(client)) {
    yield line({ table: name, columns } satisfies BackupSection);
    const list = columns.map(quote).join(', ');
    // By way of a query, which passes through fences that COPY of a table does not.
    const rows = client.query(copyTo(`copy (select ${list} from ${quote(name)}) to stdout`));
    for await (const chunk of rows) yield chunk as Buffer;
    summary.rows[name] = rows.rowCount;
    yield `${endOfRows}\n`;
  }
  yield line({ jobs: true } satisfies BackupSection);
  for (const job of await waitingJobs(client)) {
    yield line(job);
    summary.jobs += 1;
  }
  yield `${endOfRows}\n`;
  yield line({ end: true, rows: summary.rows } satisfies BackupSection);
}

const line = (value: object) => `${JSON.stringify(value)}\n`;

async function appliedMigrations(client: pg.Client): Promise<AppliedMigration[]> {
  const found = await client.query<{ there: boolean }>(
    `select to_regclass('ringside_migration') is not null as there`,
  );
  if (found.rows[0]?.there !== true) {
    throw new RingsideError('not-found', 'There is no Ringside in this database.', {
      fix: 'Check DATABASE_URL or RINGSIDE_DATA_DIR.',
    });
  }
  const { rows } = await client.query<AppliedMigration>(
    'select name, checksum from ringside_migration order by name',
  );
  return rows;
}

/** Read after the snapshot began, so that no row in it has a later value. */
async function sharedSequences(client: pg.Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; value: string }>(`
    select sequencename as name, coalesce(last_value, 0)::text as value from pg_sequences
    where schemaname = current_schema() and not exists (
      select from pg_depend where classid = 'pg_class'::regclass and deptype in ('a', 'i')
        and objid = format('%I.%I', schemaname, sequencename)::regclass)`);
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** Jobs are kept by what they are ordered with, so that another version of the queue's tables takes them. */
async function waitingJobs(client: pg.Client): Promise<BackupJob[]> {
  const found = await client.query<{ there: boolean }>(
    `select to_regclass('graphile_worker._private_jobs') is not null as there`,
  );
  if (found.rows[0]?.there !== true) return [];
  const { rows } = await client.query<BackupJob>(`
    select t.identifier as task, j.payload, q.queue_name as queue, j.run_at::text as "runAt",
      j.max_attempts::int as "maxAttempts", j.key, j.priority::int as priority
    from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id
    left join graphile_worker._private_job_queues q on q.id = j.job_queue_id
    where j.attempts < j.max_attempts
    order by j.id`);
  return rows;
}
