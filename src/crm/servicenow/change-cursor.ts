import type { Moment } from './change-scan.ts';
import { queryTime } from './row.ts';

/*
 * Where a search for changes stands: one place for each of its searches, `c/2026-05-04 03:02:01~<sys_id>|…`.
 */

const place = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)~([^|~^\r\n]*)$/;

export function writeChangeCursor(places: readonly Moment[]): string {
  return `c/${places.map(({ at, after }) => `${at}~${after}`).join('|')}`;
}

/** A cursor that makes no sense begins at the beginning: reading twice is better than missing something. */
export function readChangeCursor(since: Date | string, searches: number): Moment[] {
  const begin = { at: since instanceof Date ? queryTime(since) : '1970-01-01 00:00:00', after: '' };
  const fresh = Array.from({ length: searches }, () => begin);
  if (since instanceof Date || !since.startsWith('c/')) return fresh;
  const read = since
    .slice(2)
    .split('|')
    .map((part) => place.exec(part));
  if (read.length !== searches) return fresh;
  return read.map((found) => ({ at: found?.[1] ?? begin.at, after: found?.[2] ?? '' }));
}

/** A change committed late carries an older time than others seen before it. */
const overlapMs = 120_000;
/** After a mass update the overlap may hold very many rows; no more than these pages are read again. */
const overlapPages = 3;

/** Where the next search begins: `seen` are the places that this one passed, its start first. */
export function nextStart(seen: readonly Moment[]): Moment {
  const first = seen[0] ?? { at: '1970-01-01 00:00:00', after: '' };
  const last = seen.at(-1) ?? first;
  const back = { at: earlier(last.at), after: '' };
  return [first, back, seen.at(-1 - overlapPages) ?? first].reduce(later);
}

function earlier(at: string): string {
  return queryTime(new Date(Date.parse(`${at.replace(' ', 'T')}Z`) - overlapMs));
}

function later(a: Moment, b: Moment): Moment {
  return `${a.at} ${a.after}` < `${b.at} ${b.after}` ? b : a;
}
