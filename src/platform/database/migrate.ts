import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { RingsideError } from '../errors.ts';
import { silentLog } from '../log.ts';
import type { Log } from '../log.ts';
import { raiseFences, scopeSetting } from './fence.ts';
import { everyOrganization } from './scope.ts';

/** One file of `migrations/`, for example `0010-directory.sql`. */
interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** What a database says of a migration that it has. */
export interface AppliedMigration {
  name: string;
  checksum: string;
}

/** `migrations/` of this package. */
export const migrationsFolder = join(import.meta.dirname, '../../../migrations');

// Any fixed number; every hub that migrates takes the same lock.
const lockNumber = 7_246_001;

/**
 * Brings the database to the newest migration: plain SQL files, in the order of their names, forward only, each in its
 * own transaction. Several hubs may start at once; an advisory lock lets one work while the others wait. Then every table is
 * fenced that is not yet.
 * With `only` it stops at what another database had, which is to be loaded into this one.
 * Answers the names that were applied. Throws `conflict` when the files and the database do not belong together.
 */
export async function migrate(
  connection: pg.ClientConfig,
  options: { folder?: string; log?: Log; only?: readonly AppliedMigration[] } = {},
): Promise<string[]> {
  const log = options.log ?? silentLog;
  const all = await readMigrations(options.folder ?? migrationsFolder);
  const { only } = options;
  if (only !== undefined) pendingMigrations(all, only);
  const files = all.filter(({ name }) => only?.some((one) => one.name === name) ?? true);
  const client = new pg.Client({ application_name: 'ringside migrate', ...connection });
  await client.connect().catch((error: unknown) => {
    throw cannotConnect(client, error);
  });
  try {
    await client.query('select pg_advisory_lock($1)', [lockNumber]);
    // Who owns the tables is fenced like all others, and a migration works on every organization's rows.
    await client.query('select set_config($1, $2, false)', [scopeSetting, everyOrganization]);
    await client.query(
      `create table if not exists ringside_migration (
         name text primary key,
         checksum text not null,
         applied_at timestamptz not null default now()
       )`,
    );
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'select name, checksum from ringside_migration',
    );
    const pending = pendingMigrations(files, rows);
    for (const file of pending) {
      await applyMigration(client, file);
      log.info({ migration: file.name }, 'migration applied');
    }
    await raiseFences(client);
    return pending.map((file) => file.name);
  } finally {
    // Ending the connection gives the lock back.
    await client.end();
  }
}

function cannotConnect(client: pg.Client, error: unknown): RingsideError {
  const where = `${client.host}:${client.port}/${client.database}`;
  // A refusal on several addresses (IPv6, IPv4) has its text in the code only.
  const { message, code } = error as { message?: string; code?: string };
  return new RingsideError(
    'unavailable',
    `The database ${where} cannot be used: ${message || code || 'no answer'}.`,
    { fix: 'Check DATABASE_URL and that the server runs and lets this machine in.', cause: error },
  );
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      // A checkout with other line ends is the same file.
      const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Which files are still to be applied; throws when the past was changed. */
export function pendingMigrations(
  files: Migration[],
  applied: readonly AppliedMigration[],
): Migration[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  for (const { name, checksum } of applied) {
    const file = byName.get(name);
    if (file === undefined) {
      throw new RingsideError(
        'conflict',
        `The database has migration ${name}, but this Ringside does not know it.`,
        {
          fix: 'Start the newer Ringside that made this database, or restore a backup that is older than the upgrade.',
        },
      );
    }
    if (file.checksum !== checksum) {
      throw new RingsideError(
        'conflict',
        `The file ${name} was changed after it was applied to this database.`,
        {
          fix: 'Put the file back as it was; a change of the tables needs a new file with a higher number. (Database of a development checkout: remove the data folder.)',
        },
      );
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  const newest = [...done].toSorted().at(-1) ?? '';
  const pending = files.filter((file) => !done.has(file.name));
  const late = pending.find((file) => file.name < newest);
  if (late !== undefined) {
    throw new RingsideError(
      'conflict',
      `The file ${late.name} sorts before ${newest}, which is applied already.`,
      {
        fix: 'Migrations only go forward: give the new file a higher number.',
      },
    );
  }
  return pending;
}

async function applyMigration(client: pg.Client, file: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(file.sql);
    await client.query('insert into ringside_migration (name, checksum) values ($1, $2)', [
      file.name,
      file.checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    const message = error instanceof Error ? error.message : String(error);
    throw new RingsideError('internal', `The migration ${file.name} failed: ${message}`, {
      fix: 'Nothing of this file was kept. Report it together with the version of PostgreSQL.',
      cause: error,
    });
  }
}
