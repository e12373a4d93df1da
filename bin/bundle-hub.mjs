// Bundles the code as it is now, unless that was done before, and prints the bundle's folder: `bundle-hub.mjs`. A program of its own, so
// that the hub does not keep the bundler's memory. Why, and what it must keep to: docs/decisions/0040-bundle.md.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { bundleFolder } from './bundle-folder.mjs';

const root = dirname(import.meta.dirname);
const folder = bundleFolder(root);
const cache = dirname(folder);
const draft = `${folder}.draft`;
const longestMs = 5 * 60_000;
const bundlesKept = 3;

await mkdir(cache, { recursive: true });
while (!existsSync(folder)) {
  if (await beginDraft()) await make();
  else await sleep(250);
}
console.log(folder);

/** False while another process is at it. The draft of one that was killed is taken away. */
async function beginDraft() {
  try {
    await mkdir(draft);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const begun = await stat(draft).catch(() => null);
    if (begun !== null && Date.now() - begun.mtimeMs > longestMs)
      await rm(draft, { recursive: true, force: true });
    return false;
  }
}

async function make() {
  try {
    const bundle = await rolldown({
      cwd: root,
      input: { cli: 'src/cli.ts', 'new-space': 'src/platform/new-space.ts' },
      platform: 'node',
      // pg asks for pg-native, which is used where somebody has installed it.
      external: ['pg-native'],
      plugins: [{ name: 'stay-at-home', transform: stayAtHome }],
      logLevel: 'silent',
    });
    await bundle.write({
      dir: draft,
      format: 'esm',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name]-[hash].mjs',
    });
    await bundle.close();
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  await removeOld();
}

/** Our files find others (migrations, package.json) from where they are themselves: in the bundle too they say where they were. */
function stayAtHome(code, file) {
  const ours = ['src', 'sandbox'].some((name) => file.startsWith(join(root, name)));
  if (!ours) return null;
  return code
    .replaceAll('import.meta.dirname', JSON.stringify(dirname(file)))
    .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href));
}

/** A hub that runs from an older bundle still loads parts of it, so the last few stay. */
async function removeOld() {
  const names = await readdir(cache);
  const bundles = await Promise.all(
    names.map(async (name) => ({ name, made: (await stat(join(cache, name))).mtimeMs })),
  );
  const old = bundles.toSorted((a, b) => b.made - a.made).slice(bundlesKept);
  for (const { name } of old) await rm(join(cache, name), { recursive: true, force: true });
}
