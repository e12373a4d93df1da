import { expect, test } from 'vitest';
import { callWords } from './call-words.ts';

const number = '+49 30 23125128';
const call = { number, name: null, whyNot: null, byDevice: false, pending: false };

test.each([
  call,
  { ...call, pending: true },
  { ...call, name: 'Ada Berg, Acme' },
  { ...call, whyNot: 'Your phone system cannot be asked.' },
  { ...call, whyNot: 'Your phone system cannot be asked.', byDevice: true },
])('the number stands there once: %j', (one) => {
  const { title, name, hint } = callWords(one);
  expect(name).toBe(one.name);
  expect(title).toBe(`Call ${number}?`);
  expect([title, name, hint].join(' ').split('23125128')).toHaveLength(2);
});
