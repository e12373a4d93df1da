import { describe, expect, test } from 'vitest';
import { foldEvent } from '../calls/call.ts';
import type { Call } from '../calls/call.ts';
import { callerNumber } from '../directory/phone-number.ts';
import type { CallEvent } from '../telephony/port.ts';
import { callerKey, dueFor, meaningOf } from './missed-call.ts';

let minute = 0;
function fold(call: Call | null, ...facts: object[]): Call {
  let folded = call;
  for (const fact of facts) {
    const at = new Date(Date.UTC(2026, 10, 23, 9, (minute += 1)));
    folded = foldEvent(folded, { call: 'c', at, ...fact } as CallEvent);
  }
  return folded!;
}
const started = (direction: string, from: string, to: string) => ({
  ...{ type: 'call-started', direction, from, to, queue: null },
});
const inbound = started('inbound', '+4930123450', '+4930901820');
const outbound = started('outbound', '201', '+4930123450');
const rings = { type: 'leg-ringing', leg: '201', extension: '201' };
const answers = { type: 'leg-answered', leg: '201', extension: '201' };
const ends = (cause: string) => ({ type: 'call-ended', cause });

describe('what a call says of missed ones', () => {
  test.each([
    ['no-answer', 'missed'],
    ['cancelled', 'missed'],
    ['busy', 'missed'],
    ['declined', 'missed'],
    ['not-found', 'missed'],
    ['unknown', null],
  ])('an unanswered call from outside that ended with %s: %s', (cause, meaning) => {
    expect(meaningOf(fold(null, inbound, rings, ends(cause)))).toBe(meaning);
  });

  test('an answered one reached somebody, from the answer on', () => {
    const ringing = fold(null, inbound, rings);
    expect(meaningOf(ringing)).toBe(null);
    const talking = fold(ringing, answers);
    expect(meaningOf(talking)).toBe('reached');
    expect(meaningOf(fold(talking, ends('normal')))).toBe('reached');
  });

  test('a call to outside that nobody answers was a try, one whose own phone was not lifted none', () => {
    expect(meaningOf(fold(null, outbound, ends('no-answer')))).toBe('tried');
    expect(meaningOf(fold(null, outbound, ends('not-found')))).toBe(null);
  });

  test('calls between colleagues say nothing, also where a webhook calls them inbound', () => {
    expect(meaningOf(fold(null, started('internal', '201', '202'), ends('no-answer')))).toBe(null);
    expect(meaningOf(fold(null, started('inbound', '203', '201'), ends('no-answer')))).toBe(null);
  });
});

describe('what of a call is to be looked at', () => {
  test('the answer at once, the end without one when it has settled, each once', () => {
    const ringing = fold(null, inbound, rings);
    expect(dueFor(ringing, null)).toBe(null);
    const talking = fold(ringing, answers);
    expect(dueFor(talking, ringing)).toBe('at-once');
    expect(dueFor(fold(talking, ends('normal')), talking)).toBe(null);
    const missed = fold(ringing, ends('no-answer'));
    expect(dueFor(missed, ringing)).toBe('settled');
    expect(dueFor(fold(missed, { ...rings, type: 'leg-ended', cause: 'no-answer' }), missed)).toBe(
      null,
    );
  });

  test('what is told late: the answer, the queue, that the call was one in the house', () => {
    const missed = fold(null, inbound, rings, ends('no-answer'));
    expect(dueFor(fold(missed, answers), missed)).toBe('at-once');
    const queued = fold(missed, { type: 'queue-joined', queue: 'Sales' });
    expect(dueFor(queued, missed)).toBe('settled');
    expect(dueFor({ ...missed, direction: 'internal' }, missed)).toBe('settled');
  });
});

describe('whose call it was', () => {
  const key = (raw: string, queue: string | null = null, country = 'DE') =>
    callerKey(callerNumber(raw, country), queue);

  test('is told by the number in whatever notation', () => {
    expect(key('(030) 12 34 50')).toBe('+4930123450');
    expect(key('+49 30 123450', 'Sales')).toBe('+4930123450');
    // Argentine mobiles with and without their 9.
    expect(key('+5491123456789')).toBe(key('+541123456789'));
  });

  test('withheld numbers fold by queue, and never into a number', () => {
    expect(key('anonymous', 'Sales')).toBe(key('', 'Sales'));
    expect(key('anonymous', 'Sales')).not.toBe(key('anonymous', 'Support'));
    expect(key('4321-x')).toBe('as-told:4321-x');
  });
});
