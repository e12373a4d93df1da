import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Log } from '../platform/log.ts';
import { ensureWebApp } from './build-web.ts';

let root: string;
const lines: string[] = [];
const log = pino(
  { level: 'info' },
  { write: (line: string) => void lines.push(JSON.parse(line).msg) },
) as Log;
const builds = () => lines.filter((line) => line === 'web app built').length;
const put = (path: string, content: string) => writeFile(join(root, path), content);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringside-web-'));
  await mkdir(join(root, 'web/src'), { recursive: true });
  await mkdir(join(root, 'src'));
  await put('package-lock.json', '{}');
  await put('web/vite.config.ts', `export default { root: import.meta.dirname };`);
  await put('web/index.html', '<!doctype html><script type="module" src="/src/main.ts"></script>');
  await put(
    'web/src/main.ts',
    `import { word } from '../../src/shared.ts'; document.title = word;`,
  );
  await put('src/shared.ts', `export const word = 'first';`);
});
afterAll(() => rm(root, { recursive: true }));

async function script(dist: string): Promise<string> {
  const names = await readdir(join(dist, 'assets'));
  return readFile(
    join(
      dist,
      'assets',
      names.find((name) => name.endsWith('.js'))!,
    ),
    'utf8',
  );
}

test('builds once for several starts, again after any source changed, and not otherwise', async () => {
  const [dist] = await Promise.all([ensureWebApp({ root, log }), ensureWebApp({ root, log })]);
  expect(builds()).toBe(1);
  expect(await script(dist)).toContain('first');
  expect((await readdir(join(dist, 'assets'))).some((name) => name.endsWith('.js.br'))).toBe(true);

  await ensureWebApp({ root, log });
  expect(builds()).toBe(1);

  // Outside of web/, but part of the app.
  await put('src/shared.ts', `export const word = 'second';`);
  await ensureWebApp({ root, log });
  expect(builds()).toBe(2);
  expect(await script(dist)).toContain('second');

  await put('web/src/new.ts', '');
  await ensureWebApp({ root, log });
  expect(builds()).toBe(3);
});

test('a lock that a killed build left behind is taken over', async () => {
  const before = builds();
  // No process has this number.
  await put('web/dist.lock', '4194999');
  await put('web/src/more.ts', '');
  await ensureWebApp({ root, log });
  expect(builds()).toBe(before + 1);
});

test('a source that does not build is an error in the words of the bundler; the old app stays', async () => {
  const dist = join(root, 'web/dist');
  const old = await script(dist);
  await put('web/src/main.ts', `import { nothing } from './missing.ts'; nothing();`);
  await expect(ensureWebApp({ root, log })).rejects.toThrow(/missing\.ts/);
  expect(await script(dist)).toBe(old);
  expect(await readdir(join(root, 'web'))).not.toContain('dist.lock');
});
