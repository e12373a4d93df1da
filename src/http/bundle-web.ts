import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { noteSources } from './web-sources.ts';

// A program of its own, `bundle-web.ts ROOT OUT`, so that the hub does not keep the bundler's 200 MB; see build-web.ts.

const [root = '.', outDir = 'web/dist'] = process.argv.slice(2).map((path) => resolve(path));
const modules = new Set<string>();

await build({
  configFile: join(root, 'web/vite.config.ts'),
  logLevel: 'warn',
  build: { outDir, emptyOutDir: true },
  plugins: [
    {
      name: 'note-modules',
      buildEnd() {
        for (const id of this.getModuleIds()) {
          const [file = ''] = id.split('?', 1);
          const ours = file.startsWith(root + sep) && !file.includes(`${sep}node_modules${sep}`);
          if (ours) modules.add(file);
        }
      },
    },
  ],
});

// Once here instead of at every request; the server picks by Accept-Encoding.
for (const entry of await readdir(outDir, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(js|css|html|svg)$/.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const content = await readFile(file);
  await writeFile(`${file}.br`, brotliCompressSync(content));
  await writeFile(`${file}.gz`, gzipSync(content));
}
await noteSources(root, outDir, modules);
