import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSecretBox } from '../secret-box.ts';
import { checkKey } from './key-check.ts';
import { testDatabase } from './testing.ts';
import type { TestDatabase } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('a database goes with one key', async () => {
  const right = createSecretBox(randomBytes(32));
  const wrong = createSecretBox(randomBytes(32));
  // Two hubs at their first start.
  await Promise.all([checkKey(database.db, right), checkKey(database.db, right)]);
  await expect(checkKey(database.db, wrong)).rejects.toMatchObject({ code: 'conflict' });
  await expect(checkKey(database.db, right)).resolves.toBeUndefined();
});
