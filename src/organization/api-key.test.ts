import { expect, test } from 'vitest';
import { bearerKey, shownPart } from './api-key.ts';
import { minuteCounts } from './minute-counts.ts';

test('only a Bearer that begins like a key is one', () => {
  expect(bearerKey('Bearer rs_abc')).toBe('rs_abc');
  expect(bearerKey('bearer  rs_abc ')).toBe('rs_abc');
  for (const other of [undefined, '', 'Bearer', 'Bearer abc', 'Basic rs_abc', 'Bearer rs_a b'])
    expect(bearerKey(other)).toBeNull();
});

test('what is shown of a key is its beginning alone', () => {
  expect(shownPart(`rs_${'x'.repeat(43)}`)).toBe('rs_xxxx');
});

test('counts begin anew with every minute, each for itself', () => {
  const count = minuteCounts();
  const at = (seconds: number) => new Date(seconds * 1000);
  expect([count('a', at(0)), count('a', at(59)), count('b', at(59))]).toEqual([1, 2, 1]);
  expect(count('a', at(60))).toBe(1);
});
