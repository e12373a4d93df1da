import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOneEdit, oneEditWords } from './one-edit.ts';

/** Latin letters and digits, Greek, Cyrillic: what words of the index are made of. */
const alphabets = [
  'abcdefghijklmnopqrstuvwxyz0123456789',
  'αβγδεζηθικλμνξοπρστυφχψω',
  'абвгдежзиклмнопрстуфхцчшщъыьэюя',
];

const edits = ['leave out', 'add', 'put another', 'swap'] as const;

/** A word, and one that one edit made of it. */
const neighbours = fc
  .constantFrom(...alphabets)
  .chain((alphabet) =>
    fc.record({
      word: fc.array(fc.constantFrom(...Array.from(alphabet)), { minLength: 2, maxLength: 14 }),
      edit: fc.constantFrom(...edits),
      place: fc.nat(),
      letter: fc.constantFrom(...Array.from(alphabet)),
    }),
  )
  .map(({ word, edit, place, letter }) => {
    const at = place % word.length;
    const typed = [...word];
    if (edit === 'leave out') typed.splice(at, 1);
    else if (edit === 'add') typed.splice(at, 0, letter);
    else if (edit === 'put another') typed[at] = letter;
    else {
      const other = (at + 1) % word.length;
      const [left, right] = [Math.min(at, other), Math.max(at, other)];
      if (right - left === 1) [typed[left], typed[right]] = [word[right]!, word[left]!];
    }
    return { word: word.join(''), typed: typed.join('') };
  })
  .filter(({ word, typed }) => word !== typed);

test('every word one edit away is found, from either side', () => {
  fc.assert(
    fc.property(neighbours, ({ word, typed }) => {
      expect(oneEditWords(typed).has(word)).toBe(true);
      expect(isOneEdit(typed, word)).toBe(true);
      expect(isOneEdit(word, typed)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('what is made is one edit away, and what is not made is not', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(letters, letters, (a, b) => {
      expect(isOneEdit(a, b)).toBe(oneEditWords(a).has(b));
    }),
    { numRuns: 2_000 },
  );
});

test('the beginning of a longer word may be one edit away', () => {
  expect(isOneEdit('schimdt', 'schmidtke', true)).toBe(true);
  expect(isOneEdit('schmit', 'schmidtke', true)).toBe(true);
  expect(isOneEdit('schimdt', 'schmidtke')).toBe(false);
  expect(isOneEdit('schimtd', 'schmidtke', true)).toBe(false);
});
