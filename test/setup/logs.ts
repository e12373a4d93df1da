import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { findLeaks } from './find-leaks.ts';

/** Where main-process set-up puts logs as well. */
export const logsVariable = 'RINGSIDE_TEST_LOGS';
const prefix = 'ringside-logs-';

/**
 * One folder for all logs of the run (src/platform/log.testing.ts). When every test is over it is searched for every secret and
 * telephone number that was used: one that is found fails the run.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  for (const name of await readdir(tmpdir())) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`) && process.platform === 'linux')
      await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  process.env[logsVariable] = folder;
  project.provide('logs', folder);
  return async () => {
    const began = performance.now();
    const { leaks, files, bytes, secrets, numbers } = findLeaks(folder);
    await rm(folder, { recursive: true, force: true });
    const took = Math.round(performance.now() - began);
    const size = (bytes / 1e6).toFixed(1);
    console.log(
      `${files} logs of ${size} MB searched for ${secrets} secrets and ${numbers} telephone numbers in ${took} ms`,
    );
    if (leaks.length === 0) return;
    const told = leaks
      .slice(0, 20)
      .map(({ file, line, name, text }) => `${file}:${line}: ${name}\n    ${text}`);
    console.error(
      `FAIL: ${leaks.length} secrets or telephone numbers stand in logs:\n${told.join('\n')}`,
    );
    // An error that is thrown here is shown, and the run passes all the same (vitest 4.1.12).
    process.exitCode = 1;
  };
}
