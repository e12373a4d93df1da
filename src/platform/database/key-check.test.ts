import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadOrCreateKey } from '../secret-box.ts';
import { keyInUse } from './key-check.ts';
import { testDatabase } from './testing.ts';
import type { TestDatabase } from './testing.ts';

let database: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'ringside-key-'));
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

test('a database goes with one key', async () => {
  const [right, wrong] = [join(folder, 'right.key'), join(folder, 'wrong.key')];
  // Two hubs at their first start.
  const found = await Promise.all([keyInUse(database.db, right), keyInUse(database.db, right)]);
  expect(found[0]).toEqual(found[1]);
  expect(readFileSync(right, 'utf8').trim()).toBe(found[0].toString('base64'));
  await expect(keyInUse(database.db, wrong)).rejects.toMatchObject({ code: 'conflict' });
  loadOrCreateKey(`${wrong}.next`);
  await expect(keyInUse(database.db, wrong)).rejects.toMatchObject({ code: 'conflict' });
  expect(await keyInUse(database.db, right)).toEqual(found[0]);
});
