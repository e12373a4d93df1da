import { expect, test } from 'vitest';
import { findUnstorableText } from './stored-text.ts';

test('finds NUL and half characters wherever they are', () => {
  const found = (body: unknown) => findUnstorableText(body)?.field ?? null;
  expect(found({ a: 'fine', b: [1, null, { c: 'ünï 😀' }] })).toBeNull();
  expect(found({ people: [{ name: 'x' }, { name: 'a\0' }] })).toBe('people.1.name');
  expect(found({ settings: { 'k\0ey': 'x' } })).toBe('settings.key');
  expect(found('\ud83d')).toBe('');
  expect(found(undefined)).toBeNull();
});

test('no nesting is too deep', () => {
  const depth = 500_000;
  expect(findUnstorableText(JSON.parse('['.repeat(depth) + ']'.repeat(depth)))).toBeNull();
});
