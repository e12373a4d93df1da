import { afterEach, describe, expect, test, vi } from 'vitest';
import { actionFor, actions, availableActions, offerAction } from './shortcuts.ts';
import type { KeyPress } from './shortcuts.ts';

const reading = { typing: false, mac: false };
const writing = { typing: true, mac: false };
const withdrawals: (() => void)[] = [];
const offer = (...[id, run]: Parameters<typeof offerAction>) =>
  withdrawals.push(offerAction(id, run));
const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: `Key${key.toUpperCase()}`,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

afterEach(() => {
  for (const withdraw of withdrawals.splice(0)) withdraw();
});

test('no two actions share their keys', () => {
  const all = Object.values(actions).flatMap(({ keys }) => [...keys]);
  expect(all.filter((keys, place) => all.indexOf(keys) !== place)).toEqual([]);
});

describe('which action a key press asks for', () => {
  test('a letter, but never while typing; with Alt also then, except where Alt types', () => {
    offer('open-record', vi.fn());
    expect(actionFor(press('o'), reading)?.id).toBe('open-record');
    expect(actionFor(press('O', { shiftKey: true }), reading)).toBeNull();
    expect(actionFor(press('o'), writing)).toBeNull();
    expect(actionFor(press('o', { altKey: true }), writing)?.id).toBe('open-record');
    expect(actionFor(press('o', { altKey: true }), { typing: true, mac: true })).toBeNull();
    // AltGr of a PC keyboard.
    expect(actionFor(press('o', { altKey: true, ctrlKey: true }), writing)).toBeNull();
  });

  test('Ctrl or Cmd with a letter, whatever is typed in', () => {
    offer('command-palette', vi.fn());
    expect(actionFor(press('k', { ctrlKey: true }), writing)?.id).toBe('command-palette');
    expect(actionFor(press('k', { metaKey: true }), writing)?.id).toBe('command-palette');
    expect(actionFor(press('k'), reading)).toBeNull();
  });

  test('a keyboard without Latin letters', () => {
    offer('open-record', vi.fn());
    expect(actionFor(press('щ', { code: 'KeyO' }), reading)?.id).toBe('open-record');
    // French keyboards have their letters elsewhere: the letter counts, not the place.
    expect(actionFor(press('a', { code: 'KeyO' }), reading)).toBeNull();
  });

  test('a question mark is one wherever it lies', () => {
    offer('help', vi.fn());
    expect(actionFor(press('?', { shiftKey: true, code: 'Minus' }), reading)?.id).toBe('help');
    expect(actionFor(press('?', { shiftKey: true }), writing)).toBeNull();
  });
});

test('only what is offered can be done, and the last offer of an id counts', () => {
  const [first, last] = [vi.fn<() => void>(), vi.fn<() => void>()];
  offer('open-record', first);
  const withdraw = offerAction('open-record', last);
  actionFor(press('o'), reading)?.run();
  withdraw();
  actionFor(press('o'), reading)?.run();
  expect([first.mock.calls.length, last.mock.calls.length]).toEqual([1, 1]);
  withdrawals.splice(0).forEach((withdrawFirst) => withdrawFirst());
  expect(actionFor(press('o'), reading)).toBeNull();
  expect(availableActions()).toEqual([]);
});
