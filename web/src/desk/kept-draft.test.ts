import { beforeEach, expect, test, vi } from 'vitest';
import { ProblemError } from '../ui/problem.ts';
import { keptDraft } from './kept-draft.ts';

const stored = new Map<string, string>();

beforeEach(() => {
  stored.clear();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
});

test('what was typed is there for the next form of the same call, until it was sent', () => {
  const form = keptDraft<string>('comment', 'call-1');
  form.keep('Half a sen');
  expect(keptDraft<string>('comment', 'call-1').read()).toBe('Half a sen');
  expect(keptDraft<string>('comment', 'call-2').read()).toBeNull();
  form.forget();
  // A form that is on its way off the screen.
  form.keep('Half a sen');
  expect(keptDraft<string>('comment', 'call-1').read()).toBeNull();
});

test('every try is the same request, also after a reload, until it was sent or the hub had it otherwise', () => {
  const first = keptDraft('comment', 'call-1').request();
  const reloaded = keptDraft('comment', 'call-1');
  expect(reloaded.request()).toBe(first);
  reloaded.failed(new ProblemError({ status: 503, code: 'unavailable', detail: '' }));
  expect(reloaded.request()).toBe(first);
  reloaded.failed(new ProblemError({ status: 409, code: 'conflict', detail: '' }));
  const second = reloaded.request();
  expect(second).not.toBe(first);
  reloaded.forget();
  expect(keptDraft('comment', 'call-1').request()).not.toBe(second);
});

test('storage that is forbidden costs nothing else', () => {
  vi.stubGlobal('sessionStorage', undefined);
  const form = keptDraft<string>('comment', 'call-1');
  form.keep('text');
  expect(form.read()).toBeNull();
  expect(form.request()).not.toBe('');
  form.forget();
});
