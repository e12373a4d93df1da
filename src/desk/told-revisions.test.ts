import { expect, test } from 'vitest';
import type { StoredCall } from '../calls/store.ts';
import { ToldRevisions } from './told-revisions.ts';

const call = (id: string, revision: number) => ({ id, revision }) as StoredCall;

test('an older state never follows a newer one; the same may be told again', () => {
  const told = new ToldRevisions();
  const tellings = [call('a', 1), call('a', 3), call('a', 2), call('b', 1), call('a', 3)];
  expect(tellings.map((one) => told.advance(one))).toEqual([true, true, false, true, true]);
});

test('what is told goes on being known among very many calls', () => {
  const told = new ToldRevisions();
  told.advance(call('a', 2));
  for (let n = 0; n < 9_000; n += 1) told.advance(call(`${n}`, 1));
  expect(told.advance(call('a', 1))).toBe(false);
  for (let n = 0; n < 30_000; n += 1) told.advance(call(`${n}`, 1));
  // Forgotten by now, so that memory stays bounded.
  expect(told.advance(call('a', 1))).toBe(true);
});
