import { describe, expect, test } from 'vitest';
import { foldEvent } from '../calls/call.ts';
import type { Call } from '../calls/call.ts';
import type { CallEvent } from '../telephony/port.ts';
import { partOf } from './part.ts';
import { offeredSeconds, wrapUpChanges, wrapUpStage } from './wrap-up.ts';
import { hoursAndMinutes, secondsOf } from './worked-time.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 9, 0, second));

function callOf(...facts: object[]): Call {
  const events = facts.map((fact, index) => ({ call: 'c', at: at(index), ...fact }) as CallEvent);
  return events.reduce<Call | null>((call, event) => foldEvent(call, event), null)!;
}
const inbound = { type: 'call-started', direction: 'inbound', from: '+49301', to: '+49302' };
const inHouse = { type: 'call-started', direction: 'internal', from: '202', to: '201' };
const rings = (leg: string) => ({ type: 'leg-ringing', leg, extension: leg });
const answers = (leg: string) => ({ type: 'leg-answered', leg, extension: leg });
const ends = (leg: string) => ({ type: 'leg-ended', leg, extension: leg, cause: 'normal' });
const over = { type: 'call-ended', cause: 'normal' };
const stage = (call: Call, extension = '201') =>
  wrapUpStage(call, extension, partOf(call, extension));

describe('a wrap-up', () => {
  test.each([
    ['is ahead while it rings', callOf(inbound, rings('201')), 'ahead'],
    ['is ahead while they talk', callOf(inbound, rings('201'), answers('201')), 'ahead'],
    ['follows a conversation', callOf(inbound, rings('201'), answers('201'), over), 'open'],
    ['does not follow a missed call', callOf(inbound, rings('201'), over), 'none'],
    [
      'does not follow a call in the house',
      callOf(inHouse, rings('201'), answers('201'), over),
      'none',
    ],
    ['is nobody’s who was not rung', callOf(inbound, rings('202'), answers('202'), over), 'none'],
  ])('%s', (_, call, expected) => expect(stage(call)).toBe(expected));

  test('of several rung phones is of the one that is known to have talked', () => {
    const unnamed = { type: 'call-answered', extension: null };
    expect(stage(callOf(inbound, rings('201'), unnamed, over))).toBe('open');
    const both = callOf(inbound, rings('201'), rings('202'), unnamed, over);
    expect([stage(both, '201'), stage(both, '202')]).toEqual(['none', 'none']);
  });

  test('begins when one’s own part ends, once, and waits while one has the call again', () => {
    const talking = callOf(inbound, rings('201'), answers('201'), rings('202'), answers('202'));
    const left = foldEvent(talking, { call: 'c', at: at(9), ...ends('201') } as CallEvent);
    expect(wrapUpChanges(left, talking)).toEqual({
      begun: [{ extension: '201', endedAt: at(9) }],
      resumed: [],
    });
    const recorded = { type: 'recorded', file: 'x' };
    const later = foldEvent(left, { call: 'c', at: at(10), ...recorded } as CallEvent);
    expect(wrapUpChanges(later, left)).toEqual({ begun: [], resumed: [] });
    const back = { type: 'leg-answered', leg: '201b', extension: '201' };
    const again = foldEvent(left, { call: 'c', at: at(11), ...back } as CallEvent);
    expect(wrapUpChanges(again, left)).toEqual({ begun: [], resumed: ['201'] });
  });
});

test('time is offered in whole minutes, and written as hours and minutes', () => {
  expect(offeredSeconds(40, 25)).toBe(120);
  expect(offeredSeconds(60, 0)).toBe(60);
  expect(offeredSeconds(0, -5)).toBe(0);
  expect([0, 1, 60, 61, 3600, 36_000].map(hoursAndMinutes)).toEqual([
    '0:00',
    '0:01',
    '0:01',
    '0:02',
    '1:00',
    '10:00',
  ]);
});

test.each([
  ['0:15', 900],
  ['1:30', 5400],
  [' 20 ', 1200],
  [':05', 300],
  ['24:00', 86_400],
  ['24:01', null],
  ['', null],
  ['soon', null],
])('%j is read as %j seconds', (text, seconds) => expect(secondsOf(text)).toBe(seconds));
