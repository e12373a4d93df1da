import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NoteSave, OwnNote } from '../../../src/desk/work-contract.ts';
import { ProblemError } from '../ui/problem.ts';
import type { NoteDrafts } from './note-drafts.ts';
import { NoteKeeper } from './note-keeper.ts';

const note = (text: string, version: number, sent: string[] = []): OwnNote => ({
  ...{ text, version, updatedAt: null },
  sent: sent.map((part) => ({ text: part, at: '2026-11-23T12:00:00.000Z', write: 'w' })),
});
const problem = (status: number, code: string, detail = code) =>
  new ProblemError({ status, code, detail });

/** What the hub has, and how it answers. */
class Hub {
  stored = note('', 0);
  readonly saves: NoteSave[] = [];
  failing: ProblemError | null = null;
  /** Saves wait until it is called. */
  let: (() => void) | null = null;
  slow = false;
  save = async (save: NoteSave): Promise<OwnNote> => {
    this.saves.push(save);
    if (this.slow) await new Promise<void>((resolve) => (this.let = resolve));
    if (this.failing !== null) throw this.failing;
    this.stored = note(
      save.text,
      this.stored.version + 1,
      this.stored.sent.map(({ text }) => text),
    );
    return this.stored;
  };
  read = async () => this.stored;
}

function draftsOf(kept: NoteSave[] = []): NoteDrafts & { kept: NoteSave[] } {
  return {
    kept,
    keep: (_, draft) => {
      kept.splice(0, kept.length, ...kept.filter(({ editor }) => editor !== draft.editor), draft);
    },
    drop: (_, editor) => {
      kept.splice(0, kept.length, ...kept.filter((draft) => draft.editor !== editor));
    },
    list: () => kept.map((draft) => ({ callId: 'call', draft, at: 0 })),
  };
}

let hub: Hub;
beforeEach(() => {
  vi.useFakeTimers();
  hub = new Hub();
});
afterEach(() => vi.useRealTimers());

const keeperOf = (drafts = draftsOf(), first = hub.stored) =>
  new NoteKeeper(
    { callId: 'call', editor: 'window-a', drafts, save: hub.save, read: hub.read },
    first,
  );
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const texts = () => hub.saves.map(({ text }) => text);

describe('what is typed', () => {
  test('is kept in the browser at once and saved after a pause; the draft goes when the hub has it', async () => {
    const drafts = draftsOf();
    const keeper = keeperOf(drafts);
    keeper.type('P');
    keeper.type('Printer');
    expect(drafts.kept.map(({ text }) => text)).toEqual(['Printer']);
    expect(keeper.view).toMatchObject({ text: 'Printer', state: 'unsaved' });
    await pass(1_000);
    expect(texts()).toEqual(['Printer']);
    expect(keeper.view.state).toBe('saved');
    expect(drafts.kept).toEqual([]);
  });

  test('while a save is under way goes after it, based on what that one made', async () => {
    hub.slow = true;
    const keeper = keeperOf();
    keeper.type('One');
    await pass(700);
    keeper.type('One, two');
    await pass(700);
    expect(texts()).toEqual(['One']);
    hub.let?.();
    await pass(0);
    expect(keeper.view).toMatchObject({ text: 'One, two', state: 'unsaved' });
    hub.slow = false;
    await pass(1_000);
    expect(hub.saves.at(-1)).toMatchObject({ text: 'One, two', base: 1 });
    expect(keeper.view.state).toBe('saved');
  });

  test('outlives a hub that is down, is tried again, and at once when the network is back', async () => {
    const drafts = draftsOf();
    hub.failing = problem(0, 'offline', 'The Ringside server does not answer.');
    const keeper = keeperOf(drafts);
    keeper.type('Printer');
    await pass(700);
    expect(keeper.view).toMatchObject({
      state: 'unsaved',
      problem: expect.stringMatching(/not answer/),
    });
    await pass(8_000);
    expect(hub.saves.length).toBeGreaterThan(2);
    expect(drafts.kept).toHaveLength(1);
    hub.failing = null;
    keeper.flush();
    await pass(0);
    expect(keeper.view.state).toBe('saved');
    expect(hub.stored.text).toBe('Printer');
  });

  test('that the hub refuses stays, with the reason, and is not sent again and again', async () => {
    hub.failing = problem(400, 'invalid-input', 'At most 4000 characters.');
    const keeper = keeperOf();
    keeper.type('Too long');
    await pass(60_000);
    expect(hub.saves).toHaveLength(1);
    expect(keeper.view).toMatchObject({
      ...{ text: 'Too long', state: 'refused', problem: 'At most 4000 characters.' },
    });
    hub.failing = null;
    keeper.type('Short');
    await pass(1_000);
    expect(keeper.view).toMatchObject({ text: 'Short', state: 'saved', problem: null });
  });

  test.each([401, 429, 500, 503])('is tried again after %i', async (status) => {
    hub.failing = problem(status, 'x');
    const keeper = keeperOf();
    keeper.type('Printer');
    await pass(5_000);
    hub.failing = null;
    await pass(20_000);
    expect(keeper.view.state).toBe('saved');
  });
});

describe('another window', () => {
  async function inConflict(): Promise<NoteKeeper> {
    const keeper = keeperOf();
    hub.stored = note('Theirs', 4);
    hub.failing = problem(409, 'conflict');
    keeper.type('Mine');
    await pass(700);
    hub.failing = null;
    expect(keeper.view).toMatchObject({
      text: 'Mine',
      state: 'conflict',
      theirs: { text: 'Theirs' },
    });
    return keeper;
  }

  test.each([
    ['mine', 'Mine'],
    ['theirs', 'Theirs'],
    ['both', 'Theirs\nMine'],
  ] as const)('wrote meanwhile: neither text is lost, and %s is kept', async (keep, expected) => {
    const keeper = await inConflict();
    keeper.resolve(keep);
    await pass(1_000);
    expect(hub.saves.at(-1)).toMatchObject({ text: expected, base: 4 });
    expect(keeper.view).toMatchObject({ text: expected, state: 'saved', theirs: null });
  });

  test('in conflict nothing is sent, whatever is typed', async () => {
    const keeper = await inConflict();
    const sent = hub.saves.length;
    keeper.type('Mine and more');
    await pass(60_000);
    expect(hub.saves).toHaveLength(sent);
    keeper.resolve('mine');
    await pass(1_000);
    expect(hub.stored.text).toBe('Mine and more');
  });

  test('sent the note meanwhile: only what was typed after it is left', async () => {
    const keeper = keeperOf();
    hub.stored = note('', 4, ['Printer on fire']);
    hub.failing = problem(409, 'conflict');
    keeper.type('Printer on fire\nIt is out');
    await pass(700);
    hub.failing = null;
    await pass(2_000);
    expect(keeper.view).toMatchObject({ text: 'It is out', state: 'saved' });
    expect(hub.saves.at(-1)).toMatchObject({ text: 'It is out', base: 4 });
  });

  test('wrote and this one did not: its text appears, but never over what is typed here', async () => {
    const keeper = keeperOf();
    keeper.hear(note('From the other', 2));
    expect(keeper.view.text).toBe('From the other');
    keeper.hear(note('Late news', 1));
    expect(keeper.view.text).toBe('From the other');
    keeper.type('Typed here');
    keeper.hear(note('Again', 3));
    expect(keeper.view.text).toBe('Typed here');
  });
});

test('what a window left behind that is gone goes on its way as that window would have sent it', async () => {
  const left = { text: 'Half a sen', base: 3, editor: 'window-gone', step: 7 };
  const drafts = draftsOf([left]);
  const keeper = keeperOf(drafts, note('Half', 3));
  expect(keeper.view).toMatchObject({ text: 'Half a sen', state: 'unsaved' });
  await pass(10);
  expect(hub.saves).toEqual([left]);
  expect(drafts.kept).toEqual([]);
  keeper.type('Half a sentence');
  await pass(1_000);
  expect(hub.saves.at(-1)).toMatchObject({ editor: 'window-a', step: 1 });
});

test('what is handed out with another request is not saved a second time', async () => {
  const drafts = draftsOf();
  const keeper = keeperOf(drafts);
  keeper.type('Printer');
  expect(keeper.handOut()).toMatchObject({ text: 'Printer', base: 0 });
  keeper.settle(note('', 2, ['Printer']));
  await pass(60_000);
  expect(hub.saves).toEqual([]);
  expect(keeper.view).toMatchObject({ text: '', state: 'saved' });
  expect(drafts.kept).toEqual([]);
});
