import { execFile } from 'node:child_process';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { RingsideError } from '../errors.ts';
import { asAccount, canEnter, chooseAccount } from './postgres-account.ts';
import type { Account } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

const run = promisify(execFile);

/** Superuser and database of the cluster; nobody but the owner of the folder reaches its socket, so no password. */
export const clusterUser = 'ringside';

/**
 * Where the embedded PostgreSQL lives. `<data>/postgres` belongs to the account and holds `data/` (the cluster), the
 * socket and `postgres.log`. When the hub runs as root below a folder that the account cannot enter (/root),
 * `<data>/postgres` is a symbolic link to `/var/lib/ringside-XXXXXX`.
 */
export interface Cluster {
  /** Real path of `<data>/postgres`. */
  folder: string;
  /** PGDATA */
  data: string;
  logFile: string;
  account: Account;
}

/** Finds or makes the folder of the cluster; does not make the cluster itself. */
export async function placeCluster(dataDir: string, elsewhere = '/var/lib'): Promise<Cluster> {
  const wanted = join(dataDir, 'postgres');
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  const account = await chooseAccount(wanted);
  // PostgreSQL's account may pass through to its own folder, and see nothing.
  if (account !== null) await chmod(dataDir, (await stat(dataDir)).mode | 0o011);
  const known = await lstat(wanted).catch(() => null);
  if (known === null) await makeFolder(wanted, account, elsewhere, dataDir);
  const folder = await realpath(wanted).catch(() => {
    throw new RingsideError('unavailable', `${wanted} is a link to a folder that is gone.`, {
      fix: `Put the folder back, or remove the link to start with an empty database.`,
    });
  });
  await checkOwner(folder, account);
  return { folder, data: join(folder, 'data'), logFile: join(folder, 'postgres.log'), account };
}

async function makeFolder(
  wanted: string,
  account: Account,
  elsewhere: string,
  dataDir: string,
): Promise<void> {
  try {
    await mkdir(wanted, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return whileOtherMakes(wanted, account);
  }
  if (account === null) return;
  await chown(wanted, account.uid, account.gid);
  if (canEnter(wanted, account, { write: true })) return;
  await rmdir(wanted);
  await mkdir(elsewhere, { recursive: true });
  const other = await mkdtemp(join(elsewhere, 'ringside-'));
  await writeFile(join(other, 'USED-BY'), `Database of the Ringside data folder ${dataDir}\n`);
  await chown(other, account.uid, account.gid);
  if (!canEnter(other, account, { write: true })) {
    await rm(other, { recursive: true });
    throw unreachable(wanted, account);
  }
  await symlink(other, wanted);
}

/** Another hub was quicker with `mkdir`; until it is done the folder may belong to nobody yet, or be gone for a moment. */
async function whileOtherMakes(wanted: string, account: Account): Promise<void> {
  for (const deadline = Date.now() + 5_000; Date.now() < deadline; await sleep(10)) {
    const found = await lstat(wanted).catch(() => null);
    if (found?.isSymbolicLink() === true) return;
    if (found !== null && (account === null || canEnter(wanted, account, { write: true }))) return;
  }
}

async function checkOwner(folder: string, account: Account): Promise<void> {
  const me = process.getuid?.();
  const { uid } = await stat(folder);
  if (account === null && me !== undefined && uid !== me) {
    throw new RingsideError(
      'unavailable',
      `The database folder ${folder} belongs to another user (uid ${uid}).`,
      {
        fix: `Start Ringside as that user or as root, or hand the folder over: chown -R ${me} ${folder}`,
      },
    );
  }
  if (account !== null && !canEnter(folder, account, { write: true }))
    throw unreachable(folder, account);
  await chmod(folder, 0o700);
}

function unreachable(folder: string, account: NonNullable<Account>): RingsideError {
  return new RingsideError(
    'unavailable',
    `PostgreSQL runs as ${account.name}, who cannot get to ${folder}.`,
    {
      fix: 'Set RINGSIDE_DATA_DIR to a folder whose parents others may pass through (such as /var/lib/ringside), or start Ringside as an ordinary user.',
    },
  );
}

/** The major version that made the cluster; null when there is none yet. */
export async function clusterMajor(cluster: Cluster): Promise<number | null> {
  const text = await readFile(join(cluster.data, 'PG_VERSION'), 'utf8').catch(() => null);
  return text === null ? null : Number.parseInt(text, 10);
}

/** initdb into a draft that is renamed at the end, so that a half-made cluster never counts. */
export async function createCluster(
  cluster: Cluster,
  binaries: PostgresBinaries,
  options: { durable: boolean },
): Promise<void> {
  const draft = `${cluster.data}.new-${process.pid}`;
  let failure = '';
  for (const locale of locales(binaries.major)) {
    await rm(draft, { recursive: true, force: true });
    const args = [
      '--pgdata',
      draft,
      '--username',
      clusterUser,
      '--auth-local',
      'trust',
      '--auth-host',
      'reject',
    ];
    args.push('--encoding', 'UTF8', ...locale, '--data-checksums');
    if (!options.durable) args.push('--no-sync');
    try {
      await run(join(binaries.bin, 'initdb'), args, {
        ...asAccount(cluster.account),
        cwd: '/',
        env: plainEnvironment,
      });
      // Fails when another hub was quicker; its cluster is as good.
      await rename(draft, cluster.data).catch(() => rm(draft, { recursive: true, force: true }));
      return;
    } catch (error) {
      failure = String((error as { stderr?: unknown }).stderr ?? error).trim();
    }
  }
  await rm(draft, { recursive: true, force: true });
  throw new RingsideError(
    'unavailable',
    `PostgreSQL ${binaries.version} could not make a database in ${cluster.folder}: ${failure}`,
    {
      fix: 'Mend what it complains about, or set DATABASE_URL to use a server.',
    },
  );
}

export const plainEnvironment = { LC_ALL: 'C', PATH: '/usr/bin:/bin:/usr/sbin:/sbin' };

/** Sorted by bytes (no index breaks when the system's collations change), letters by Unicode; the first that works. */
function locales(major: number): string[][] {
  if (major >= 17)
    return [['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8']];
  return [
    ['--locale', 'C', '--lc-ctype', 'C.UTF-8'],
    ['--locale', 'C', '--lc-ctype', 'en_US.UTF-8'],
    ['--locale', 'C'],
  ];
}
