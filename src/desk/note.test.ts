import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { handedOver, judgeSave, savedNote } from './note.ts';
import type { NoteState } from './note.ts';
import { workNoteText } from './note-text.ts';
import type { NoteSave } from './work-contract.ts';

const now = new Date('2026-11-23T09:00:00Z');
const empty: NoteState = { text: '', version: 0, editor: '', step: 0, updatedAt: now };
const save = (change: Partial<NoteSave>): NoteSave => ({
  text: 'Printer',
  base: 0,
  editor: 'window-a',
  step: 1,
  ...change,
});
const after = (...saves: NoteSave[]) =>
  saves.reduce(
    (note, one) => (judgeSave(note, one) === 'take' ? savedNote(note, one, now) : note),
    empty,
  );

describe('a save of a note', () => {
  test('is taken when it is based on what is stored, or follows one of the same window', () => {
    expect(after(save({}))).toMatchObject({ text: 'Printer', version: 1 });
    const typedOn = save({ text: 'Printer on fire', step: 2 });
    expect(after(save({}), typedOn)).toMatchObject({ text: 'Printer on fire', version: 2 });
    const other = save({ text: 'Printer smokes', base: 1, editor: 'window-b' });
    expect(after(save({}), other)).toMatchObject({ text: 'Printer smokes', version: 2 });
  });

  test('that comes late does not bring older text back', () => {
    const newer = after(save({ text: 'Printer on fire', step: 2 }));
    expect(judgeSave(newer, save({ step: 1 }))).toBe('overtaken');
  });

  test('is in conflict with what another window wrote since, unless both wrote the same', () => {
    const theirs = after(save({ editor: 'window-b', text: 'Scanner' }));
    expect(judgeSave(theirs, save({}))).toBe('conflict');
    expect(judgeSave(theirs, save({ text: 'Scanner' }))).toBe('overtaken');
  });

  test('does not bring back what was handed over', () => {
    const sent = handedOver(after(save({})), now);
    expect(judgeSave(sent, save({ text: 'Printer!', step: 2 }))).toBe('conflict');
    const addition = save({ text: 'One more thing', base: sent.version, step: 3 });
    expect(judgeSave(sent, addition)).toBe('take');
  });

  test('of one window in whatever order the saves arrive: the last one typed stays', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 1 }), (steps) => {
        const saves = steps.map((step) => save({ step, text: `text ${step}` }));
        expect(after(...saves).text).toBe(`text ${Math.max(...steps)}`);
      }),
    );
  });
});

describe('the work note', () => {
  const signature = { agent: 'Alice Adams', caller: 'Ada Berg (+49 30 123450)' };
  test.each([
    [
      'Printer on fire\n',
      undefined,
      'Printer on fire\n\nAlice Adams, call with Ada Berg (+49 30 123450)',
    ],
    [
      'Printer on fire',
      { code: 'Solved', secondsWorked: 421 },
      'Printer on fire\n\nWrap-up: Solved\nTime worked: 0:08\nAlice Adams, call with Ada Berg (+49 30 123450)',
    ],
    [
      ' ',
      { code: null, secondsWorked: 5400 },
      'Time worked: 1:30\nAlice Adams, call with Ada Berg (+49 30 123450)',
    ],
  ])('%j with %o', (text, ending, expected) => {
    expect(workNoteText(text, signature, ending)).toBe(expected);
  });
});
