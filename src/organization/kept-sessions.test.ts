import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FoundSession } from './account-store.ts';
import { KeptSessions } from './kept-sessions.ts';

const session = { id: 'session' } as FoundSession;
const ask = vi.fn<(token: string) => Promise<FoundSession | null>>();
let sessions: KeptSessions;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  ask.mockReset().mockImplementation(async () => session);
  sessions = new KeptSessions(ask);
});
afterEach(() => void vi.useRealTimers());

test('a session is asked for once in half a second, each token for itself', async () => {
  expect(await sessions.find('a')).toBe(session);
  vi.advanceTimersByTime(499);
  expect(await sessions.find('a')).toBe(session);
  expect(await sessions.find('b')).toBe(session);
  expect(ask.mock.calls).toEqual([['a'], ['b']]);
  vi.advanceTimersByTime(1);
  ask.mockResolvedValue(null);
  expect(await sessions.find('a')).toBeNull();
});

test('what was being asked when something changed is not kept', async () => {
  const old = sessions.find('a');
  sessions.forget();
  ask.mockResolvedValue(null);
  expect(await old).toBe(session);
  expect(await sessions.find('a')).toBeNull();
});

test('neither a session that has ended nor a failure is kept', async () => {
  ask.mockResolvedValueOnce(null).mockRejectedValueOnce(new Error('database away'));
  expect(await sessions.find('a')).toBeNull();
  await expect(sessions.find('a')).rejects.toThrow('database away');
  expect(await sessions.find('a')).toBe(session);
});
