import { expect, test } from 'vitest';
import { mayRemove } from './removal.ts';

test.each([
  ['nothing is gone', { stored: 100, seen: 100, total: 100 }, true],
  ['an empty mirror stays empty', { stored: 0, seen: 0, total: 0 }, true],
  ['an empty answer', { stored: 3, seen: 0, total: null }, false],
  ['an empty answer, the CRM counts some', { stored: 3, seen: 0, total: 3 }, false],
  ['the last few are gone, the CRM counts none', { stored: 10, seen: 0, total: 0 }, true],
  ['all of many are gone, the CRM counts none', { stored: 11, seen: 0, total: 0 }, false],
  ['a few of many', { stored: 1_000, seen: 990, total: 5_000 }, true],
  ['a few of few', { stored: 12, seen: 2, total: null }, true],
  ['more than a fifth, the CRM counts more', { stored: 1_000, seen: 700, total: 1_000 }, false],
  ['more than a fifth, the CRM does not count', { stored: 1_000, seen: 700, total: null }, false],
  [
    'more than a fifth, and all that the CRM counts was seen',
    { stored: 1_000, seen: 700, total: 700 },
    true,
  ],
])('%s', (_, findings, may) => {
  expect(mayRemove(findings)).toBe(may);
});
