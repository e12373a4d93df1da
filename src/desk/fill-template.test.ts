import { expect, test } from 'vitest';
import { fillTemplate, templateDate } from './fill-template.ts';

const facts = {
  caller: 'Ada Berg',
  company: 'Nordwind GmbH',
  number: '+49 30 123450',
  queue: 'Support',
  agent: 'Alice Adams',
  date: '23 Nov 2026',
};

test.each([
  ['Call from {caller}, {company}', {}, 'Call from Ada Berg, Nordwind GmbH'],
  ['Call from {caller}, {company}', { company: '' }, 'Call from Ada Berg'],
  ['{queue}: {caller} ({number})', { queue: '', number: '' }, 'Ada Berg'],
  ['{company} – {caller} – {date}', { caller: '' }, 'Nordwind GmbH – 23 Nov 2026'],
  ['{agent} on {date}', {}, 'Alice Adams on 23 Nov 2026'],
  ['Braces {stay} and {Caller} too', {}, 'Braces {stay} and {Caller} too'],
  ['Two\n\nlines for {company}', { company: '' }, 'Two\n\nlines for'],
])('%j with %o', (text, change, filled) => {
  expect(fillTemplate(text, { ...facts, ...change })).toBe(filled);
});

test('what a caller is called is not filled in again', () => {
  expect(fillTemplate('{caller}', { ...facts, caller: '{agent} $& $1' })).toBe('{agent} $& $1');
});

test('a date is that of the organization', () => {
  const lateInLondon = new Date('2026-11-23T23:30:00Z');
  expect(templateDate(lateInLondon, 'Europe/Berlin')).toBe('24 Nov 2026');
});
