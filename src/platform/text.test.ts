import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText } from './text.ts';

test('harmless text stays as it is', () => {
  expect(cleanText('Ada Berg — Café Zürich 株式会社 👩‍🚀', 100)).toBe(
    'Ada Berg — Café Zürich 株式会社 👩‍🚀',
  );
});

test('control characters and bidirectional overrides go, line breaks become a space', () => {
  expect(cleanText('\u0000a\u001b[31mb\r\nc\u202Etxt.exe\u2066d ', 100)).toBe('a[31mb ctxt.exed');
});

test('a cut never leaves half a character', () => {
  expect(cleanText('ab👩', 3)).toBe('ab');
  expect(cleanText('x\ud800y', 10)).toBe('x\ufffdy');
});

test('whatever comes in, what goes out is short, well formed and free of controls', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.integer({ min: 1, max: 80 }),
      (raw, max) => {
        const text = cleanText(raw, max);
        expect(text.length).toBeLessThanOrEqual(max);
        expect(text.isWellFormed()).toBe(true);
        expect(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text)).toBe(false);
      },
    ),
  );
});
