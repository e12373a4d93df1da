import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { dismissPop } from './dismiss-pop.ts';
import { RingingPhones } from './ringing.testing.ts';
import { testCompany } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('the five calls that ended last stay; dismissing them brings no older one back', async () => {
  const phones = new RingingPhones(database.db, await testCompany(database.db));
  const ended: string[] = [];
  for (let made = 0; made < 7; made += 1) {
    const callId = await phones.ring(`+49 30 12345${made}`);
    await phones.hangUp(callId);
    ended.unshift(callId);
  }
  const shown = async () => (await phones.pops()).map(({ callId }) => callId);
  expect(await shown()).toEqual(ended.slice(0, 5));
  await dismissPop(phones.deps, phones.viewer('201'), ended[1]!);
  expect(await shown()).toEqual([ended[0], ...ended.slice(2, 5)]);
  for (const callId of [ended[0]!, ...ended.slice(2, 5)])
    await dismissPop(phones.deps, phones.viewer('201'), callId);
  expect(await shown()).toEqual([]);
});
