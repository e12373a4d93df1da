import { describe, expect, test } from 'vitest';
import { foldEvent } from '../calls/call.ts';
import type { Call } from '../calls/call.ts';
import { callHandling } from '../organization/call-handling.ts';
import type { CallEvent } from '../telephony/port.ts';
import { isLogged, lastExtension } from './call-log.ts';
import { duration, journeyText, shortText } from './call-log-text.ts';
import type { CallTextFacts } from './call-log-text.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 4, 9, 0, seconds));
type Fact = CallEvent extends infer One
  ? One extends CallEvent
    ? Omit<One, 'call' | 'at'> & { s: number }
    : never
  : never;

function callOf(...facts: Fact[]): Call {
  const events = facts.map(({ s, ...fact }) => ({ ...fact, call: 'c', at: at(s) }));
  const call = events.reduce<Call | null>((known, event) => foldEvent(known, event), null);
  if (call === null) throw new Error('no events');
  return call;
}

const names: Record<string, string> = { '201': 'Alice Adams', '202': 'Bob Miller' };
const facts: CallTextFacts = {
  party: 'Ada Berg (Nordwind GmbH)',
  number: '+49 30 12345',
  dialled: '+49 30 901820',
  nameOf: (extension) => names[extension] ?? `extension ${extension}`,
  timeZone: 'Europe/Berlin',
  work: ['Wrap-up by Alice Adams: Solved'],
};
const begins: Fact = {
  ...{ s: 0, type: 'call-started', direction: 'inbound', from: '+493012345' },
  ...{ to: '+4930901820', queue: 'Support' },
};
const rings = (s: number, extension: string): Fact => ({
  ...{ s, type: 'leg-ringing', leg: extension, extension },
});
const answers = (s: number, extension: string): Fact => ({
  ...{ s, type: 'leg-answered', leg: extension, extension },
});
const ends = (s: number, cause: 'normal' | 'cancelled' = 'normal'): Fact => ({
  ...{ s, type: 'call-ended', cause },
});

test('a transferred call tells its journey in the order of what happened', () => {
  const call = callOf(
    begins,
    ...[rings(2, '201'), rings(2, '203'), answers(5, '201')],
    rings(60, '202'),
    { s: 60, type: 'transferred', transfer: 't', kind: 'attended', from: '201', to: '202' },
    { s: 66, type: 'leg-ended', leg: '201', cause: 'normal' },
    answers(65, '202'),
    { s: 70, type: 'recorded', file: 'rec/1.wav' },
    ends(185),
  );
  expect(journeyText(call, facts).split('\n')).toEqual([
    'Inbound call from Ada Berg (Nordwind GmbH), +49 30 12345 to +49 30 901820, queue Support',
    'Began 4 Nov 2026, 10:00:00 (Europe/Berlin)',
    '10:00:02 Rang Alice Adams, extension 203',
    '10:00:05 Alice Adams answered',
    '10:01:00 Rang Bob Miller',
    'Transferred (attended) by Alice Adams to Bob Miller',
    '10:01:05 Bob Miller answered',
    '10:03:05 Ended: answered, talked 3 min',
    'Recording: rec/1.wav',
    'Wrap-up by Alice Adams: Solved',
  ]);
  expect(shortText(call, facts)).toBe(
    'Inbound call from Ada Berg (Nordwind GmbH) (+49 30 12345): answered by Bob Miller, 3 min',
  );
  expect(lastExtension(call)).toBe('202');
});

test.each(['internal', 'inbound'] as const)(
  'a call between colleagues names both, also where it was told as %s',
  (direction) => {
    const call = callOf(
      { ...begins, direction, from: '201', to: '202', queue: null },
      ...[rings(2, '202'), answers(5, '202'), ends(65)],
    );
    const unknown = { ...facts, party: '', number: '201' };
    expect(shortText(call, unknown)).toMatch(
      /^Internal call from Alice Adams to Bob Miller: answered( by Bob Miller)?, 1 min$/,
    );
    expect(journeyText(call, unknown).split('\n')[0]).toBe(
      'Internal call from Alice Adams to Bob Miller',
    );
  },
);

test('hostile and endless names stay within the field', () => {
  const call = callOf(begins, rings(2, '201'), ends(9, 'cancelled'));
  const text = shortText(call, { ...facts, party: 'x\u202e\n'.repeat(400) });
  expect(text.length).toBeLessThanOrEqual(160);
  expect(text).toMatch(/^Inbound call from [^\n\u202e]*: abandoned$/);
});

describe('rules', () => {
  const rules = (change: object) => callHandling.parse({ logging: change }).logging;
  const short = callOf(begins, rings(1, '201'), answers(2, '201'), ends(7));
  const missed = callOf(begins, rings(1, '201'), ends(7, 'cancelled'));
  test.each([
    [short, {}, true],
    [missed, {}, true],
    [callOf(begins, rings(1, '201')), {}, false],
    [short, { minimumSeconds: 5 }, true],
    [short, { minimumSeconds: 6 }, false],
    [missed, { minimumSeconds: 6 }, true],
    [missed, { results: ['answered'] }, false],
    [short, { directions: ['outbound'] }, false],
    [{ ...short, from: '203' }, {}, false],
    [{ ...short, direction: 'internal' as const }, { directions: ['internal'] }, true],
  ])('call %#', (call, change, logged) => {
    expect(isLogged(call, rules(change))).toBe(logged);
  });
});

test.each([
  [0, '0 s'],
  [45, '45 s'],
  [180, '3 min'],
  [190, '3 min 10 s'],
  [3_720, '1 h 2 min'],
])('%i seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
