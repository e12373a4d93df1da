import { describe, expect, test } from 'vitest';
import { followCalls, neighbour, openCallFrom, openCallText } from './open-call.ts';
import type { OpenCall } from './open-call.ts';
import { popOf } from './testing.ts';

type Calls = [callId: string, state: 'ringing' | 'talking' | 'held' | 'ended'][];
const pops = (calls: Calls) => calls.map(([callId, state]) => popOf(callId, { state }));
const nothing: OpenCall = { callId: null, states: new Map() };

/** What is open after each of the steps; `typing` throughout or not. */
function openAfter(steps: Calls[], typing = false, start = nothing): (string | null)[] {
  let open = start;
  return steps.map((step) => {
    open = followCalls(open, pops(step), typing);
    return open.callId;
  });
}

describe('which call is shown whole', () => {
  test('the one that rings, then the one that is answered, and it stays when it has ended', () => {
    expect(openAfter([[['a', 'ringing']], [['a', 'talking']], [['a', 'ended']], []])).toEqual([
      'a',
      'a',
      'a',
      null,
    ]);
  });

  test('a second ring waits on top while somebody talks, and opens once it is answered', () => {
    expect(
      openAfter([
        [['a', 'talking']],
        [
          ['b', 'ringing'],
          ['a', 'talking'],
        ],
        [
          ['b', 'talking'],
          ['a', 'held'],
        ],
        [
          ['a', 'held'],
          ['b', 'ended'],
        ],
        [
          ['a', 'talking'],
          ['b', 'ended'],
        ],
      ]),
    ).toEqual(['a', 'a', 'b', 'b', 'a']);
  });

  test('of two that ring the first stays, the answered one opens', () => {
    expect(
      openAfter([
        [['a', 'ringing']],
        [
          ['b', 'ringing'],
          ['a', 'ringing'],
        ],
        [
          ['a', 'ringing'],
          ['b', 'talking'],
        ],
      ]),
    ).toEqual(['a', 'a', 'b']);
  });

  test('a ring takes the place of a call that has ended', () => {
    expect(
      openAfter([
        [['a', 'ended']],
        [
          ['b', 'ringing'],
          ['a', 'ended'],
        ],
      ]),
    ).toEqual(['a', 'b']);
  });

  test('nothing changes under somebody who types', () => {
    const note: OpenCall = { callId: 'a', states: new Map([['a', 'ended']]) };
    expect(
      openAfter(
        [
          [
            ['b', 'ringing'],
            ['a', 'ended'],
          ],
          [
            ['b', 'talking'],
            ['a', 'ended'],
          ],
        ],
        true,
        note,
      ),
    ).toEqual(['a', 'a']);
  });

  test('a dismissed call opens no other that has ended; one that is up opens', () => {
    const open: OpenCall = { callId: 'a', states: new Map([['a', 'ended']]) };
    expect(openAfter([[['b', 'ended']], [['b', 'ended']]], false, open)).toEqual([null, null]);
    expect(
      openAfter(
        [
          [
            ['b', 'held'],
            ['c', 'ended'],
          ],
        ],
        false,
        open,
      ),
    ).toEqual(['b']);
  });

  test('a reload comes back to the call that was open, but for one that was answered meanwhile', () => {
    const before = followCalls(nothing, pops([['a', 'ended']]), false);
    const kept = openCallFrom(openCallText({ ...before, callId: 'a' }));
    const answered: Calls = [
      ['b', 'talking'],
      ['a', 'ended'],
    ];
    expect(openAfter([answered], false, kept)).toEqual(['b']);
    // Turned back to the ended one, and reloaded: both were known.
    const known = { ...followCalls(kept, pops(answered), false), callId: 'a' };
    expect(openAfter([answered], false, openCallFrom(openCallText(known)))).toEqual(['a']);
    for (const text of [null, 'a', '{"callId":"a"}', '{"callId":"a","states":7}'])
      expect(openAfter([answered], false, openCallFrom(text))).toEqual(['b']);
  });

  test('a reload whose calls nobody knows comes back to the call that was open', () => {
    const reloaded: OpenCall = { callId: 'a', states: new Map() };
    expect(
      openAfter(
        [
          [
            ['b', 'talking'],
            ['a', 'ended'],
          ],
        ],
        false,
        reloaded,
      ),
    ).toEqual(['a']);
    expect(openAfter([[['b', 'ended']]], false, reloaded)).toEqual(['b']);
  });

  test('the same object when nothing changed', () => {
    const open = followCalls(nothing, pops([['a', 'ringing']]), false);
    expect(followCalls(open, pops([['a', 'ringing']]), false)).toBe(open);
  });
});

test('round the stack by keyboard', () => {
  const calls = pops([
    ['a', 'ringing'],
    ['b', 'held'],
    ['c', 'ended'],
  ]);
  expect(neighbour(calls, 'a', 1)).toBe('b');
  expect(neighbour(calls, 'a', -1)).toBe('c');
  expect(neighbour(calls, null, 1)).toBe('a');
  expect(neighbour([], null, 1)).toBeNull();
});
