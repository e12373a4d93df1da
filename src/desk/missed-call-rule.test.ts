import { expect, test } from 'vitest';
import { callHandling } from '../organization/call-handling.ts';
import { wantsCase } from './missed-call-rule.ts';

const openingHours = [{ weekday: 0, from: '09:00', to: '17:00' }];
/** Monday, noon in Berlin. */
const noon = new Date('2026-11-23T11:00:00Z');
const night = new Date('2026-11-23T22:00:00Z');

function wants(rules: object, call: object = {}): boolean {
  const settings = callHandling.parse({ missedCalls: { openCase: true, ...rules }, openingHours });
  return wantsCase(settings, { queue: 'Sales', at: noon, known: true, ...call }, 'Europe/Berlin');
}

test('nothing is opened unless it is switched on', () => {
  expect(wants({ openCase: false })).toBe(false);
  expect(wants({})).toBe(true);
});

test('unknown callers only where they are wanted', () => {
  expect(wants({}, { known: false })).toBe(false);
  expect(wants({ knownOnly: false }, { known: false })).toBe(true);
});

test('some queues, in capitals or not; without any all calls', () => {
  expect(wants({ queues: ['SALES', 'Support'] })).toBe(true);
  expect(wants({ queues: ['Support'] })).toBe(false);
  expect(wants({ queues: ['Support'] }, { queue: null })).toBe(false);
  expect(wants({}, { queue: null })).toBe(true);
});

test('at any time, within or outside the opening hours', () => {
  expect([wants({ when: 'open' }), wants({ when: 'open' }, { at: night })]).toEqual([true, false]);
  expect([wants({ when: 'closed' }), wants({ when: 'closed' }, { at: night })]).toEqual([
    false,
    true,
  ]);
  expect(wants({ when: 'always' }, { at: night })).toBe(true);
});
