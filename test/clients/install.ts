import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cache = join(import.meta.dirname, '../../node_modules/.cache/ringside-clients');
const installMs = 240_000;

/** A client that was installed for the test, apart from the project's own packages. */
export interface Installed {
  folder: string;
  /** Like require(), from there. */
  load: NodeJS.Require;
}

/** Installs packages without their install scripts into a cache of their own. Throws with npm's reason. */
export async function install(name: string, packages: string[]): Promise<Installed> {
  const folder = join(cache, name);
  const load = createRequire(join(folder, 'package.json'));
  if (existsSync(join(folder, 'complete'))) return { folder, load };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  await npm(folder, ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages]);
  writeFileSync(join(folder, 'complete'), packages.join('\n'));
  return { folder, load };
}

/** A package as it was published, without what it depends on, unpacked below `folder`. */
export async function unpack(folder: string, name: string): Promise<string> {
  const { stdout } = await npm(folder, ['pack', '--silent', name]);
  const archive = stdout.trim().split('\n').at(-1) ?? '';
  await run('tar', ['xzf', archive], { cwd: folder });
  return join(folder, 'package');
}

function npm(cwd: string, words: string[]) {
  return run('npm', words, { cwd, timeout: installMs, maxBuffer: 16_777_216 });
}
