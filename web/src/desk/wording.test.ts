import { describe, expect, test } from 'vitest';
import {
  ago,
  ageOf,
  clockIn,
  countryOf,
  durationOf,
  inWords,
  languageOf,
  safeHref,
  transferText,
} from './wording.ts';

const now = Date.UTC(2026, 10, 23, 12);
const before = (minutes: number) => new Date(now - minutes * 60_000).toISOString();

describe('how old something is', () => {
  test.each([
    [0.5, 'now'],
    [5, '5 min'],
    [125, '2 h'],
    [60 * 24 * 3, '3 d'],
    [60 * 24 * 90, '2 mo'],
    [60 * 24 * 800, '2 y'],
    [-5, 'now'],
  ])('%d minutes: %s', (minutes, text) => expect(ageOf(before(minutes), now)).toBe(text));

  test('as a phrase', () => {
    expect(ago(before(0), now)).toBe('just now');
    expect(ago(before(125), now)).toBe('2 h ago');
  });

  test.each([
    [0.5, 'just now'],
    [1, '1 minute ago'],
    [60 * 24 * 3, '3 days ago'],
    [60 * 24 * 800, '2 years ago'],
    [-5, 'just now'],
  ])('%d minutes in a sentence: %s', (minutes, text) =>
    expect(inWords(before(minutes), now)).toBe(text),
  );
});

test('a running clock', () => {
  expect(durationOf(before(0), now)).toBe('0:00');
  expect(durationOf(before(12.55), now)).toBe('12:33');
  expect(durationOf(before(62), now)).toBe('1:02:00');
  expect(durationOf(before(-1), now)).toBe('0:00');
});

test('only web addresses become links', () => {
  expect(safeHref('https://acme.service-now.com/x')).toBe('https://acme.service-now.com/x');
  expect(safeHref('http://127.0.0.1:8080/x')).toBe('http://127.0.0.1:8080/x');
  for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'acme', '', null])
    expect(safeHref(bad)).toBeNull();
});

test('countries by their name', () => {
  expect(countryOf('DE')).toBe('Germany');
  for (const unknown of [null, 'XX', 'de', '<b>']) expect(countryOf(unknown)).toBeNull();
});

test('languages by their name', () => {
  expect(languageOf('de')).toBe('Speaks German');
  expect(languageOf('pt_BR')).toBe('Speaks Brazilian Portuguese');
  for (const unknown of ['', 'xx', '<b>', 'Deutsch!', 'a'.repeat(5000)])
    expect(languageOf(unknown)).toBeNull();
});

test('the clock at another place says the day where it is another', () => {
  expect(clockIn('Europe/Berlin', now)).toMatch(/1(:00 PM|3:00)/);
  expect(clockIn('Pacific/Auckland', now)).toMatch(/on Tuesday$/);
  expect(clockIn('Nowhere/Else', now)).toBeNull();
});

test('transfers in words', () => {
  const transfer = { kind: 'blind', from: 'Ada Berg', to: 'Bob', own: 'to', at: null } as const;
  expect(transferText(transfer)).toBe('Blind transfer from Ada Berg');
  expect(transferText({ ...transfer, own: 'from' })).toBe('Blind transfer to Bob');
  expect(transferText({ ...transfer, kind: 'attended', own: null })).toBe(
    'Attended transfer from Ada Berg to Bob',
  );
  expect(transferText({ ...transfer, kind: 'park', own: null })).toBe(
    'Parked by Ada Berg, fetched by Bob',
  );
  expect(transferText({ ...transfer, at: before(0) })).toMatch(/^Blind transfer from Ada Berg \d/);
});
