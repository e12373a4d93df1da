import { beforeEach, expect, test, vi } from 'vitest';
import { noteDrafts } from './note-drafts.ts';

/** As a browser's, in memory. */
class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  full = false;
  get length() {
    return this.#items.size;
  }
  key = (index: number) => [...this.#items.keys()][index] ?? null;
  getItem = (key: string) => this.#items.get(key) ?? null;
  setItem = (key: string, value: string) => {
    if (this.full) throw new Error('QuotaExceededError');
    this.#items.set(key, value);
  };
  removeItem = (key: string) => void this.#items.delete(key);
  clear = () => this.#items.clear();
}

let storage: MemoryStorage;
beforeEach(() => {
  storage = new MemoryStorage();
  vi.useRealTimers();
});
const draft = (text: string, editor = 'window-a') => ({ text, base: 0, editor, step: 1 });

test('a draft is kept for its call and window, and goes when the hub has it', () => {
  const drafts = noteDrafts('alice', storage);
  drafts.keep('call1', draft('First'));
  drafts.keep('call1', draft('Second'));
  drafts.keep('call1', draft('Elsewhere', 'window-b'));
  drafts.keep('call2', draft('Other call'));
  expect(drafts.list('call1').map((one) => one.draft)).toEqual([
    draft('Second'),
    draft('Elsewhere', 'window-b'),
  ]);
  expect(drafts.list().map(({ callId }) => callId)).toEqual(['call1', 'call1', 'call2']);
  drafts.drop('call1', 'window-a');
  expect(drafts.list('call1').map(({ draft: { text } }) => text)).toEqual(['Elsewhere']);
});

test('are of one person: whoever signs in next in this browser does not see them', () => {
  noteDrafts('alice', storage).keep('call1', draft('Mine'));
  expect(noteDrafts('bob', storage).list()).toEqual([]);
});

test('the oldest comes first, and none is kept for longer than a week', () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 1) });
  const drafts = noteDrafts('alice', storage);
  drafts.keep('call1', draft('Old'));
  vi.setSystemTime(Date.UTC(2026, 10, 6));
  drafts.keep('call1', draft('Young', 'window-b'));
  expect(drafts.list('call1').map(({ draft: { text } }) => text)).toEqual(['Old', 'Young']);
  vi.setSystemTime(Date.UTC(2026, 10, 9));
  expect(drafts.list('call1').map(({ draft: { text } }) => text)).toEqual(['Young']);
  expect(storage.length).toBe(1);
});

test('a full browser keeps nothing and breaks nothing; what is damaged is thrown away', () => {
  const drafts = noteDrafts('alice', storage);
  storage.full = true;
  drafts.keep('call1', draft('Lost'));
  expect(drafts.list()).toEqual([]);
  storage.full = false;
  storage.setItem('ringside-note:alice:call1:window-a', '{"text":');
  storage.setItem('other', 'of somebody else');
  expect(drafts.list()).toEqual([]);
  expect(storage.getItem('other')).toBe('of somebody else');
  expect(storage.length).toBe(1);
});
