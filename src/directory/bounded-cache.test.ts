import { expect, test } from 'vitest';
import { boundedCache } from './bounded-cache.ts';

function counting(size: number) {
  const cache = boundedCache<string>(size);
  const computed: string[] = [];
  const get = (text: string, context = '') =>
    cache(text, context, () => {
      computed.push(`${context}${text}`);
      return `${context}${text}`;
    });
  return { get, computed };
}

test('computes once for a text and a context', () => {
  const { get, computed } = counting(10);
  expect([get('1', 'DE'), get('1', 'DE'), get('1', 'US'), get('1', 'DE')]).toEqual([
    'DE1',
    'DE1',
    'US1',
    'DE1',
  ]);
  expect(computed).toEqual(['DE1', 'US1']);
});

test('keeps what is used and forgets the rest', () => {
  const { get, computed } = counting(10);
  for (let index = 0; index < 100; index += 1) {
    get('used');
    get(`other ${index}`);
  }
  expect(computed.filter((text) => text === 'used')).toHaveLength(1);
  get('other 0');
  expect(computed.filter((text) => text === 'other 0')).toHaveLength(2);
});

test('does not keep long texts', () => {
  const { get, computed } = counting(10);
  get('x'.repeat(65));
  get('x'.repeat(65));
  expect(computed).toHaveLength(2);
});
