import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSecretBox, loadOrCreateKey } from './secret-box.ts';

const box = createSecretBox(randomBytes(32));
const row = 'crm_connection/one/password';

test.each(['', 'hunter2', 'pässwörd ☎', 'x'.repeat(4096)])('opens what it sealed: %#', (plain) => {
  expect(box.open(box.seal(plain, row), row)).toBe(plain);
});

test('a sealed secret shows nothing of itself and never looks the same', () => {
  const [one, two] = [box.seal('hunter2', row), box.seal('hunter2', row)];
  expect(one).toMatch(/^v1:[\w-]{47}$/);
  expect(one).not.toBe(two);
});

test('a secret does not open in another row, with another key or when it was changed', () => {
  const sealed = box.seal('hunter2', row);
  const bytes = Buffer.from(sealed.slice(3), 'base64url');
  bytes[14]! ^= 1;
  const changed = `v1:${bytes.toString('base64url')}`;
  expect(() => box.open(sealed, 'crm_connection/two/password')).toThrow('cannot be opened');
  expect(() => createSecretBox(randomBytes(32)).open(sealed, row)).toThrow('another key file');
  expect(() => box.open(changed, row)).toThrow('cannot be opened');
  expect(() => box.open(sealed.slice(0, -8), row)).toThrow('cannot be opened');
  expect(() => box.open(sealed.replace('v1', 'v2'), row)).toThrow('known format');
  expect(() => box.open('hunter2', row)).toThrow('known format');
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringside-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the key file is made once, for its owner alone, and read from then on', () => {
  const file = join(folder, 'new/ringside.key');
  const key = loadOrCreateKey(file);
  expect(key).toHaveLength(32);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(loadOrCreateKey(file)).toEqual(key);
  expect(readdirSync(join(folder, 'new'))).toEqual(['ringside.key']);
});

test.each([
  '',
  'not a key',
  randomBytes(16).toString('base64'),
  `${randomBytes(32).toString('base64')}x`,
])('a wrong key file is refused and left as it is: %#', (text) => {
  const file = join(folder, 'ringside.key');
  writeFileSync(file, text);
  expect(() => loadOrCreateKey(file)).toThrow(`The key file ${file} cannot be used`);
  expect(statSync(file).size).toBe(text.length);
});
