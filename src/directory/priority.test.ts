import { expect, test } from 'vitest';
import { priorityRank } from './priority.ts';

test.each([
  ['1', '1 - Critical', 1],
  ['4', 'Low', 4],
  ['', '2 - High', 2],
  ['p1', 'Critical', 1],
  ['hoch', 'Hoch', 2],
  ['moderate', '', 3],
  ['10', 'Someday', 99],
  ['', '', 99],
])('value %j with label %j ranks %i', (value, label, rank) => {
  expect(priorityRank({ value, label })).toBe(rank);
});
