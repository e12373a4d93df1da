import { expect, test } from 'vitest';
import { ago, duration } from './moment.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

test.each([
  ['2026-03-01T11:59:55Z', 'just now'],
  ['2026-03-01T11:59:10Z', '50 seconds ago'],
  ['2026-03-01T11:55:00Z', '5 minutes ago'],
  ['2026-03-01T09:00:00Z', '3 hours ago'],
  ['2026-02-28T12:00:00Z', 'yesterday'],
  ['2026-02-01T12:00:00Z', '4 weeks ago'],
  ['2024-02-01T12:00:00Z', '2 years ago'],
  ['nonsense', 'unknown'],
])('%s is %s', (iso, text) => {
  expect(ago(iso, now)).toBe(text);
});

test.each([
  [84.4, '84 ms'],
  [59_000, '59 s'],
  [250_000, '4 min 10 s'],
  [119_900, '2 min 0 s'],
])('%d ms reads %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
