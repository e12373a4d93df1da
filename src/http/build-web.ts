import { execFile } from 'node:child_process';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { RingsideError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import { isFresh } from './web-sources.ts';

const run = promisify(execFile);
const longestBuildMs = 5 * 60_000;

/**
 * Builds the web app when `web/dist` is missing or was built from other sources; answers its folder. Of several hubs that start at once
 * one builds and the others wait. The new app replaces the old one whole. Throws `internal` with the bundler's words.
 */
export async function ensureWebApp(options: { root: string; log: Log }): Promise<string> {
  const { root, log } = options;
  const dist = join(root, 'web/dist');
  if (await isFresh(root, dist)) return dist;
  const lock = join(root, 'web/dist.lock');
  await takeLock(lock, log);
  try {
    if (await isFresh(root, dist)) return dist;
    const started = performance.now();
    log.info('building the web app');
    const draft = `${dist}-${process.pid}`;
    try {
      await bundle(root, draft);
      await rm(dist, { recursive: true, force: true });
      await rename(draft, dist);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    log.info({ ms: Math.round(performance.now() - started) }, 'web app built');
    return dist;
  } finally {
    await rm(lock, { force: true });
  }
}

async function bundle(root: string, outDir: string): Promise<void> {
  const program = join(import.meta.dirname, 'bundle-web.ts');
  try {
    await run(process.execPath, [program, root, outDir], { cwd: root, timeout: longestBuildMs });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const words = stderr.trim().split('\n').slice(0, 12).join('\n');
    throw new RingsideError('internal', `The web app could not be built.\n${words}`, {
      fix: 'Run npm ci, then start again.',
      cause: error,
    });
  }
}

/** A file that holds the builder's process id; left behind by a process that is gone, it is taken over. */
async function takeLock(file: string, log: Log): Promise<void> {
  for (let waited = 0; ; waited += 1) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') {
        throw new RingsideError(
          'internal',
          `The web app is out of date and cannot be built: ${code ?? String(error)}.`,
          {
            fix: `Start once as the user who owns ${file.replace(/[^\\/]*$/, '')}.`,
            cause: error,
          },
        );
      }
    }
    if (waited === 0) log.info('waiting for another process that builds the web app');
    if (await isAbandoned(file)) await rm(file, { force: true });
    else await sleep(250);
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  try {
    const [{ mtimeMs }, text] = await Promise.all([stat(file), readFile(file, 'utf8')]);
    const age = Date.now() - mtimeMs;
    const owner = Number(text);
    // Just made: its owner's number is about to be written.
    if (!(owner > 0)) return age > 5_000;
    return age > longestBuildMs + 60_000 || !isRunning(owner);
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
