import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the bundle of the code is (docs/decisions/0040-bundle.md). The name stands for the content of every source file, for the
 * packages that are installed and for this Node, so that a folder that exists is the right one.
 *
 * @param {string} root the folder of package.json
 * @returns {string}
 */
export function bundleFolder(root) {
  const hash = createHash('sha256').update(`${root} ${process.version}`);
  for (const file of [...sourcesOf(root), packagesOf(root)])
    hash.update(`\0${file}\0`).update(readFileSync(file));
  return join(root, 'node_modules/.cache/ringside-hub', hash.digest('hex').slice(0, 16));
}

function sourcesOf(root) {
  return ['src', 'sandbox'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort(),
  );
}

/** What npm noted of the packages it installed: in our own node_modules, or in those that we stand in. */
function packagesOf(root) {
  const notes = ['node_modules/.package-lock.json', '../.package-lock.json', 'package.json'];
  return notes.map((file) => join(root, file)).find((file) => existsSync(file));
}
