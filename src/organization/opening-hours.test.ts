import { describe, expect, test } from 'vitest';
import { isOpen } from './opening-hours.ts';

const berlin = 'Europe/Berlin';
const at = (iso: string) => new Date(iso);
/** Monday is 0. */
const span = (weekday: number, from: string, to: string) => ({ weekday, from, to });

describe('opening hours', () => {
  test('begin with the first minute and end before the last', () => {
    // Monday, 23 November 2026; Berlin is an hour ahead of UTC.
    const hours = [span(0, '09:00', '17:30')];
    const open = (time: string) => isOpen(hours, at(`2026-11-23T${time}Z`), berlin);
    expect(open('07:59:59')).toBe(false);
    expect(open('08:00:00')).toBe(true);
    expect(open('16:29:59')).toBe(true);
    expect(open('16:30:00')).toBe(false);
  });

  test('are those of the day at the place, not of the day in UTC', () => {
    const sunday = [span(6, '00:00', '24:00')];
    // 00:30 on Sunday, 22 November in Auckland is still Saturday in UTC.
    expect(isOpen(sunday, at('2026-11-21T11:30:00Z'), 'Pacific/Auckland')).toBe(true);
    expect(isOpen(sunday, at('2026-11-21T11:30:00Z'), 'UTC')).toBe(false);
    expect(isOpen(sunday, at('2026-11-22T11:30:00Z'), 'Pacific/Auckland')).toBe(false);
  });

  test('over midnight are two spans that join without a gap', () => {
    const night = [span(4, '22:00', '24:00'), span(5, '00:00', '06:00')];
    const open = (iso: string) => isOpen(night, at(iso), 'UTC');
    expect(open('2026-11-27T21:59:59Z')).toBe(false);
    expect(open('2026-11-27T22:00:00Z')).toBe(true);
    expect(open('2026-11-27T23:59:59.999Z')).toBe(true);
    expect(open('2026-11-28T00:00:00Z')).toBe(true);
    expect(open('2026-11-28T06:00:00Z')).toBe(false);
    expect(open('2026-11-28T22:00:00Z')).toBe(false);
  });

  test('follow the clock on the wall when summer time begins and ends', () => {
    const hours = [span(6, '02:15', '03:30')];
    const open = (iso: string) => isOpen(hours, at(iso), berlin);
    // Sunday, 29 March 2026: 02:00 becomes 03:00.
    expect(open('2026-03-29T00:59:59Z')).toBe(false);
    expect(open('2026-03-29T01:00:00Z')).toBe(true);
    expect(open('2026-03-29T01:30:00Z')).toBe(false);
    // Sunday, 25 October 2026: the hour after 02:00 comes twice.
    expect(open('2026-10-25T00:14:00Z')).toBe(false);
    expect(open('2026-10-25T00:30:00Z')).toBe(true);
    expect(open('2026-10-25T01:05:00Z')).toBe(false);
    expect(open('2026-10-25T01:30:00Z')).toBe(true);
    expect(open('2026-10-25T02:30:00Z')).toBe(false);
    // The same wall clock on both sides of the change.
    const morning = [span(0, '09:00', '10:00')];
    expect(isOpen(morning, at('2026-10-19T07:00:00Z'), berlin)).toBe(true);
    expect(isOpen(morning, at('2026-10-26T07:00:00Z'), berlin)).toBe(false);
    expect(isOpen(morning, at('2026-10-26T08:00:00Z'), berlin)).toBe(true);
  });

  test('without any nobody is there', () => {
    expect(isOpen([], at('2026-11-23T12:00:00Z'), 'UTC')).toBe(false);
  });
});
