import type { Pop, PopCard } from '../../../src/desk/contract.ts';
import { callerTitle, shownCandidate } from './desk-view.ts';

/** How the Desk says times and states. `now` is always the server's clock in milliseconds. */

/** `now`, `5 min`, `2 h`, `3 d`, `7 mo`, `2 y`: short, for columns and 'updated … ago'. */
export function ageOf(time: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(time)) / 60_000);
  if (Number.isNaN(minutes)) return '';
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h`;
  const days = Math.floor(hours / 24);
  if (days < 60) return `${days} d`;
  return days < 730 ? `${Math.floor(days / 30.44)} mo` : `${Math.floor(days / 365.25)} y`;
}

/** `just now`, `2 h ago` */
export function ago(time: string, now: number): string {
  const age = ageOf(time, now);
  return age === 'now' ? 'just now' : `${age} ago`;
}

const units = [
  ['year', 365.25 * 86_400],
  ['month', 30.44 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** `just now`, `3 days ago`, `1 month ago`: the same in a sentence. */
export function inWords(time: string, now: number): string {
  const seconds = (now - Date.parse(time)) / 1000;
  const [unit, length] = units.find(([, most]) => seconds >= most) ?? ['', 0];
  if (length === 0) return 'just now';
  const count = Math.floor(seconds / length);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

/** `0:07`, `12:34`, `1:02:03` */
export function durationOf(from: string, to: number): string {
  return clockText(Math.max(0, Math.floor((to - Date.parse(from)) / 1000)));
}

/** Seconds as `0:07`, `12:34`, `1:02:03`. */
export function clockText(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

/** The organization hides the number from whoever reads: its `e164` stands for it in requests and is not to be shown. */
export function isMasked({ display }: { display: string }): boolean {
  return display.includes('•');
}

/** In the reader's own zone and notation. */
export function exactTime(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

export function timeOfDay(time: string): string {
  return new Date(time).toLocaleTimeString(undefined, { timeStyle: 'short' });
}

const results: Record<NonNullable<Pop['result']>, string> = {
  answered: 'Ended',
  missed: 'Missed',
  abandoned: 'Missed: the caller hung up',
  busy: 'Busy',
  declined: 'Declined',
  failed: 'Did not get through',
  unknown: 'Ended',
};

/** The state in a word or two. */
export function stateText(pop: Pop): string {
  if (pop.state === 'ringing') return pop.direction === 'outbound' ? 'Calling' : 'Ringing';
  if (pop.state === 'talking') return 'Talking';
  if (pop.state === 'held') return 'On hold';
  if (pop.direction === 'outbound' && pop.result === 'missed') return 'No answer';
  if (pop.direction === 'outbound' && pop.result === 'abandoned') return 'Cancelled';
  return results[pop.result ?? 'unknown'];
}

/** Whether somebody calls the agent just now. */
export function ringsIn(pop: Pop): boolean {
  return pop.state === 'ringing' && pop.direction !== 'outbound';
}

/** '3 open cases', '' for none. */
export function casesText(count: number): string {
  if (count === 0) return '';
  return count === 1 ? '1 open case' : `${count} open cases`;
}

/** Whether the conversation is over and the agent is not done with it. */
export function inWrapUp(pop: Pop): boolean {
  return pop.state === 'ended' && pop.work.wrapUp.state === 'open';
}

export function wasMissed(pop: Pop): boolean {
  return (
    pop.state === 'ended' &&
    pop.direction !== 'outbound' &&
    pop.result !== null &&
    ['missed', 'abandoned', 'busy'].includes(pop.result)
  );
}

/** 'Ada Berg, Nordwind GmbH' or 'Unknown caller, +49 30 12345': for announcements and the window's title. */
export function callerLine(pop: Pop): string {
  const title = callerTitle(pop);
  const company = shownCandidate(pop)?.customer?.name ?? '';
  if (company !== '' && company !== title) return `${title}, ${company}`;
  return pop.caller.anonymous || title === pop.caller.display || shownCandidate(pop) !== null
    ? title
    : `${title}, ${pop.caller.display}`;
}

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** The country's English name, or null for an unknown code. */
export function countryOf(code: string | null): string | null {
  return code !== null && /^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? null) : null;
}

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** 'Speaks German' for `de`; null for '' and what is no language. CRMs write `pt_BR` and `pb`, too. */
export function languageOf(code: string): string | null {
  const tag = code.trim().replace('_', '-');
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag)) return null;
  const name = languages.of(tag);
  return name === undefined ? null : `Speaks ${name}`;
}

/** What a clock shows in a time zone (without one: here), with the day where it is another; null for an unknown zone. */
export function clockIn(timeZone: string | undefined, now: number): string | null {
  try {
    const there = new Intl.DateTimeFormat(undefined, { timeZone, timeStyle: 'short' });
    const day = new Intl.DateTimeFormat('en', { timeZone, weekday: 'long' }).format(now);
    const today = new Intl.DateTimeFormat('en', { weekday: 'long' }).format(now);
    return day === today ? there.format(now) : `${there.format(now)} on ${day}`;
  } catch {
    return null;
  }
}

const transferKinds = {
  blind: 'Blind transfer',
  attended: 'Attended transfer',
  pickup: 'Picked up',
  park: 'Parked',
  redirect: 'Redirected',
  'passed-on': 'Passed on',
};

/** 'Blind transfer from Ada Berg 10:42' */
export function transferText({ kind, from, to, own, at }: PopCard['transfers'][number]): string {
  const who = [
    own === 'from' || from === null ? '' : `${kind === 'park' ? 'by' : 'from'} ${from}`,
    own === 'to' || to === null
      ? ''
      : `${kind === 'park' ? ', fetched by' : kind === 'pickup' ? 'by' : 'to'} ${to}`,
  ];
  const when = at === null ? '' : timeOfDay(at);
  const words = [transferKinds[kind], ...who, when].filter((part) => part !== '');
  return words.join(' ').replace(' ,', ',');
}

/** Only web addresses become links, whatever a CRM connection was set to. */
export function safeHref(link: string | null): string | null {
  if (link === null || !URL.canParse(link)) return null;
  return ['http:', 'https:'].includes(new URL(link).protocol) ? link : null;
}
