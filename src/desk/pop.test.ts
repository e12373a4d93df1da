import { describe, expect, test } from 'vitest';
import { foldEvent } from '../calls/call.ts';
import type { Part } from './part.ts';
import { blockOf, isFresh, keepLatest } from './pop.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 9, minute));
const call = foldEvent(null, {
  type: 'leg-ringing',
  call: 'c',
  at: at(0),
  leg: '201',
  extension: '201',
});
const part = (change: Partial<Part & { kind: 'shown' }>): Part & { kind: 'shown' } => ({
  kind: 'shown',
  state: 'ringing',
  answeredAt: null,
  endedAt: null,
  result: null,
  ...change,
});

describe('why a person gets no pops', () => {
  const ready = { plan: 'View', extension: '201', mapped: true } as const;
  test.each([
    [{ ...ready, plan: null, extension: null, mapped: false }, 'no-plan'],
    [{ ...ready, extension: null, mapped: false }, 'no-extension'],
    [{ ...ready, mapped: false }, 'not-mapped'],
    [{ ...ready, plan: 'Enterprise' as const }, null],
    [ready, null],
  ])('%o: %s', (person, block) => expect(blockOf(person)).toBe(block));
});

describe('how long a pop stays', () => {
  test('an ended one for a quarter of an hour', () => {
    const ended = part({ state: 'ended', endedAt: at(10) });
    expect(isFresh(call, ended, at(24))).toBe(true);
    expect(isFresh(call, ended, at(25))).toBe(false);
  });

  test('a ringing one whose end got lost goes away, a talking one stays', () => {
    expect(isFresh(call, part({}), at(14))).toBe(true);
    expect(isFresh(call, part({}), at(15))).toBe(false);
    expect(isFresh(call, part({ state: 'talking', answeredAt: at(0) }), at(200))).toBe(true);
  });

  test('of many that ended the last five', () => {
    const ended = Array.from({ length: 8 }, (_, minute) => ({
      part: part({ state: 'ended', endedAt: at(minute) }),
      kept: false,
    }));
    const running = { part: part({}), kept: false };
    expect(keepLatest([...ended, running])).toEqual([...ended.slice(3), running]);
    const wrappingUp = { part: part({ state: 'ended', endedAt: at(0) }), kept: true };
    expect(keepLatest([...ended, wrappingUp])).toEqual([...ended.slice(3), wrappingUp]);
  });
});
