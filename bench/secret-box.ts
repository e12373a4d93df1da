import { randomBytes } from 'node:crypto';
import { createSecretBox } from '../src/platform/secret-box.ts';

/** How fast stored passwords are sealed and opened: one is opened for each connection to a CRM. */
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
  console.log(`${what.padEnd(52)} ${Math.round((rounds / ms) * 1000).toLocaleString('en')} /s`);
}
