import { describe, expect, test } from 'vitest';
import type { Pop } from '../../../src/desk/contract.ts';
import { callerTitle, emptyView, foldDesk, pruneDesk } from './desk-view.ts';
import type { DeskEvent } from './desk-view.ts';
import { popOf } from './testing.ts';

const noon = Date.UTC(2026, 10, 23, 12);
const time = (minute: number) => new Date(noon + minute * 60_000).toISOString();

const state = (pops: Pop[]): DeskEvent => ({
  type: 'state',
  state: { pops, blocked: null, phoneLinks: [], canCall: false, now: time(0) },
  receivedAt: noon - 3000,
});
const fold = (...events: DeskEvent[]) => events.reduce(foldDesk, emptyView);

describe('the Desk folded from its stream', () => {
  test('a state replaces everything and sets the clock', () => {
    const view = fold(state([popOf('old')]), state([popOf('new')]));
    expect(view).toMatchObject({ line: 'live', clockOffset: 3000 });
    expect(view.pops.map((pop) => pop.callId)).toEqual(['new']);
  });

  test('ringing stands above talking above ended, the newest first', () => {
    const pops = [
      popOf('ended', { state: 'ended', endedAt: time(9) }),
      popOf('talking', { state: 'talking', startedAt: time(5) }),
      popOf('rings first', { startedAt: time(6) }),
      popOf('rings last', { startedAt: time(7) }),
    ];
    expect(fold(state(pops)).pops.map((pop) => pop.callId)).toEqual([
      'rings last',
      'rings first',
      'talking',
      'ended',
    ]);
  });

  test('among those that ring, and among those that are up, the more urgent come first', () => {
    const priority = (level: 'urgent' | 'high' | 'low') => ({ priority: { level, why: 'a rule' } });
    const pops = [
      popOf('urgent and up', { state: 'talking', startedAt: time(5), ...priority('urgent') }),
      popOf('up', { state: 'held', startedAt: time(9) }),
      popOf('rings low', { startedAt: time(9), ...priority('low') }),
      popOf('rings', { startedAt: time(8) }),
      popOf('rings urgent', { startedAt: time(6), ...priority('urgent') }),
      popOf('rings high', { startedAt: time(7), ...priority('high') }),
      popOf('over', { state: 'ended', endedAt: time(9) }),
      popOf('over, was urgent', { state: 'ended', endedAt: time(4), ...priority('urgent') }),
    ];
    expect(fold(state(pops)).pops.map((pop) => pop.callId)).toEqual([
      ...['rings urgent', 'rings high', 'rings', 'rings low'],
      // Talking and on hold are told apart as before.
      ...['urgent and up', 'up', 'over', 'over, was urgent'],
    ]);
  });

  test('a changed pop takes the place of the one before', () => {
    const view = fold(state([popOf('a')]), { type: 'pop', pop: popOf('a', { state: 'talking' }) });
    expect(view.pops).toHaveLength(1);
    expect(view.pops[0]?.state).toBe('talking');
  });

  test('an answer shows at once, but takes back nothing that the line told since it was asked for', () => {
    const shown = fold(state([popOf('a')]));
    const answer = (pop: Pop): DeskEvent => ({ type: 'answer', pop, turn: shown.turn });
    const changed = popOf('a', { state: 'talking' });
    expect(foldDesk(shown, answer(changed)).pops).toEqual([changed]);
    const ended = foldDesk(shown, { type: 'pop', pop: popOf('a', { state: 'ended' }) });
    expect(foldDesk(ended, answer(changed))).toBe(ended);
    const gone = foldDesk(shown, {
      type: 'gone',
      gone: { callId: 'a', reason: 'dismissed', by: null },
      receivedAt: noon,
    });
    expect(foldDesk(gone, answer(changed)).pops).toEqual([]);
  });

  test('answered by a colleague: the pop goes, a notice says who, and it fades', () => {
    const gone: DeskEvent = {
      type: 'gone',
      gone: { callId: 'a', reason: 'answered-elsewhere', by: 'Bob Miller' },
      receivedAt: noon,
    };
    const view = fold(state([popOf('a')]), gone);
    expect(view.pops).toEqual([]);
    expect(view.notices.map((notice) => notice.text)).toEqual([
      'Unknown caller: answered by Bob Miller.',
    ]);
    expect(pruneDesk(view, noon + 60_000).notices).toEqual([]);
  });

  test('how many missed calls wait, and that their list changed though it is as long as before', () => {
    expect(fold(state([])).missed).toBe(null);
    const news: DeskEvent = { type: 'missed', news: { open: 2 } };
    expect(fold(state([]), news).missed).toEqual({ open: 2, changes: 1 });
    expect(fold(state([]), news, state([]), news).missed).toEqual({ open: 2, changes: 2 });
  });

  test('what was dismissed, or never shown, goes without a word', () => {
    const dismissed: DeskEvent = {
      type: 'gone',
      gone: { callId: 'a', reason: 'dismissed', by: null },
      receivedAt: noon,
    };
    const unknown: DeskEvent = {
      type: 'gone',
      gone: { callId: 'b', reason: 'answered-elsewhere', by: 'Bob' },
      receivedAt: noon,
    };
    expect(
      fold(state([popOf('a', { state: 'ended', endedAt: time(0) })]), dismissed, unknown),
    ).toMatchObject({
      pops: [],
      notices: [],
    });
  });

  test('a lost line keeps what was shown; before the first state there is nothing to call lost', () => {
    expect(fold(state([popOf('a')]), { type: 'lost' })).toMatchObject({
      line: 'lost',
      pops: [{ callId: 'a' }],
    });
    expect(fold({ type: 'lost' }).line).toBe('connecting');
  });

  test('ended pops leave after a quarter of an hour, and only five are kept', () => {
    const ended = Array.from({ length: 7 }, (_, minute) =>
      popOf(`e${minute}`, { state: 'ended', endedAt: time(minute) }),
    );
    const view = fold(state(ended));
    expect(view.pops.map((pop) => pop.callId)).toEqual(['e6', 'e5', 'e4', 'e3', 'e2']);
    expect(pruneDesk(view, noon + 18.5 * 60_000).pops.map((pop) => pop.callId)).toEqual([
      'e6',
      'e5',
      'e4',
    ]);
    expect(pruneDesk(view, noon)).toBe(view);
  });
});

describe('what the caller is called', () => {
  test.each([
    [popOf('a'), 'Unknown caller'],
    [popOf('a', { direction: 'outbound' }), 'Unknown number'],
    [
      popOf('a', {
        caller: { raw: '', e164: null, display: 'Anonymous', country: null, anonymous: true },
      }),
      'Anonymous caller',
    ],
  ])('%#: %s', (pop, title) => expect(callerTitle(pop)).toBe(title));
});
