import { globSync } from 'node:fs';
import { join } from 'node:path';
import { readSourceFile } from './source-file.ts';
import { findViolations } from './violations.ts';

// Part of `npm run check`: prints every broken rule of the house and fails.
const root = join(import.meta.dirname, '../..');
const files = globSync('{src,sandbox,web/src}/**/*.{ts,tsx}', { cwd: root }).map((file) =>
  readSourceFile(root, join(root, file)),
);
const violations = findViolations(files);
for (const violation of violations) console.error(violation);
console.log(`Architecture: ${files.length} files read, ${violations.length} rules broken.`);
process.exitCode = violations.length === 0 ? 0 : 1;
