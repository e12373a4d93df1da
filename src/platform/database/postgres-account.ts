import { execFile, spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { RingsideError } from '../errors.ts';

const run = promisify(execFile);

/** The user that PostgreSQL runs as; null means: as the hub itself. */
export type Account = { name: string; uid: number; gid: number } | null;

// PostgreSQL refuses to run as root. In this order: made for us, made for PostgreSQL, on every machine.
const candidates = ['ringside', 'postgres', '_postgres', 'nobody'];

/**
 * Who runs PostgreSQL. An ordinary user runs it as itself. Root hands it to whoever owns the cluster already, else to
 * the first user that exists among ringside, postgres and nobody.
 */
export async function chooseAccount(clusterFolder: string): Promise<Account> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(clusterFolder).catch(() => null);
  if (owner !== null && owner.uid !== 0)
    return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  for (const name of candidates) {
    const account = await lookUp(name);
    if (account !== null) return account;
  }
  throw new RingsideError(
    'unavailable',
    'PostgreSQL does not run as root, and no other user exists for it.',
    {
      fix: 'Create one (useradd --system ringside), or start Ringside as an ordinary user, or set DATABASE_URL.',
    },
  );
}

async function lookUp(name: string): Promise<Account> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    const account = { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
    return account.uid > 0 ? account : null;
  } catch {
    return null;
  }
}

/** What `spawn` needs to start a program as the account. */
export function asAccount(account: Account): { uid?: number; gid?: number } {
  return account === null ? {} : { uid: account.uid, gid: account.gid };
}

/** Whether the account may go into `folder` and, with `write`, make files there. Asked of the system, not of mode bits. */
export function canEnter(
  folder: string,
  account: Account,
  options: { write?: boolean } = {},
): boolean {
  const question = options.write === true ? 'cd "$0" && test -w .' : 'cd "$0"';
  const answer = spawnSync('/bin/sh', ['-c', question, folder], {
    ...asAccount(account),
    cwd: '/',
    stdio: 'ignore',
  });
  return answer.status === 0;
}
