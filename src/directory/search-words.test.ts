import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldWord, tokensOf, wordsOf } from './search-words.ts';

test.each([
  ['Müller', ['muller', 'mueller']],
  ['MÜLLER', ['muller', 'mueller']],
  // As a decomposed text has it.
  ['Mu\u0308ller', ['muller', 'mueller']],
  ['Groß', ['gross']],
  ['Zoë', ['zoe']],
  ['Søren', ['soren', 'soeren']],
  ['Łukasz', ['lukasz']],
  ['Ayşe', ['ayse']],
  ['İpek', ['ipek']],
  ['Œuvre', ['ouvre', 'oeuvre']],
  ['Йоханнес', ['иоханнес']],
  ['Ὀδυσσεύς', ['οδυσσευσ']],
  ['高橋', ['高橋']],
  ['ﬁnn', ['finn']],
])('%s is found as %s', (word, forms) => {
  expect(foldWord(word)).toEqual(forms);
});

test('words stand where they stand', () => {
  expect(tokensOf('a b@Ünal-x')).toEqual([
    { start: 0, end: 1, forms: ['a'] },
    { start: 2, end: 3, forms: ['b'] },
    { start: 4, end: 8, forms: ['unal', 'uenal'] },
    { start: 9, end: 10, forms: ['x'] },
  ]);
});

test('what is written together or apart is found either way', () => {
  expect([...wordsOf("Anna-Lena O'Brien")].toSorted()).toEqual(
    ['anna', 'lena', 'annalena', 'o', 'brien', 'obrien'].toSorted(),
  );
});

test('whatever text comes, words are short, few, folded once and for all', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const words = [...wordsOf(text)];
      expect(words.length).toBeLessThanOrEqual(130);
      expect(words.filter((word) => !/^[\p{L}\p{N}\p{M}]{1,40}$/u.test(word))).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test('the beginning of a name is a beginning of what it is found by', () => {
  const letter = fc.constantFrom(...Array.from('abcxyzäöüßéøñ'));
  fc.assert(
    fc.property(fc.array(letter, { minLength: 2, maxLength: 10 }), fc.nat(), (letters, cut) => {
      const typed = letters.slice(0, 1 + (cut % letters.length)).join('');
      const whole = foldWord(letters.join(''));
      for (const form of foldWord(typed))
        expect(whole.some((one) => one.startsWith(form))).toBe(true);
    }),
  );
});
