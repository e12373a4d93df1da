import type { CallHandling } from './call-handling.ts';

/**
 * Whether somebody is there at a moment: its day and time of day at the organization's place, by the clock on the wall there, fall
 * into one of the spans. `from` is within, `to` is not; `24:00` is the end of the day.
 */
export function isOpen(hours: CallHandling['openingHours'], at: Date, timeZone: string): boolean {
  const { weekday, time } = wallClock(at, timeZone);
  return hours.some((span) => span.weekday === weekday && span.from <= time && time < span.to);
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What calendar and clock show: 0 Monday … 6 Sunday, and `09:05`. */
function wallClock(at: Date, timeZone: string): { weekday: number; time: string } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    weekday: weekdays.indexOf(part('weekday')),
    time: `${part('hour')}:${part('minute')}`,
  };
}
