import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { Log } from './platform/log.ts';

/**
 * Has the code bundled for the next start (docs/decisions/0040-bundle.md), in a process that gives way to all others. Nobody waits for
 * it: without a bundle a start takes longer, and that is all.
 */
export function makeBundle(log: Log): void {
  // Inside of a bundle this file has another name.
  if (!import.meta.filename.endsWith('make-bundle.ts')) return;
  const program = join(import.meta.dirname, '../bin/bundle-hub.mjs');
  const child = spawn(process.execPath, [program], { stdio: 'ignore', env: {} });
  child.unref();
  child.on('error', (error) => log.debug({ err: error }, 'no bundle was made'));
  child.on('exit', (code) => log.debug({ code }, 'the bundler has ended'));
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already.
  }
}
