import { randomBytes } from 'node:crypto';
import { createSecretBox } from '../src/platform/secret-box.ts';
import { report } from './row.ts';

/**
 * How fast stored passwords are sealed and opened, one for each connection to a CRM:
 *
 *     node bench/secret-box.ts
 */
const box = createSecretBox(randomBytes(32));
const rounds = 50_000;
const context = 'crm_connection/one/password';
const sealed = box.seal('a password of usual length', context);

measure('secret sealed', () => box.seal('a password of usual length', context));
measure('secret opened', () => box.open(sealed, context));

function measure(what: string, work: () => void): void {
  for (let n = 0; n < 1_000; n += 1) work();
  const begin = performance.now();
  for (let n = 0; n < rounds; n += 1) work();
  const ms = performance.now() - begin;
  report({ what, rate: (rounds / ms) * 1_000 });
}
