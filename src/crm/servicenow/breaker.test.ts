import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CrmError } from '../crm-error.ts';
import { createBreaker } from './breaker.ts';
import { failure } from './failure.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const fail = (code: 'dropped' | 'no-access') => () => Promise.reject(failure(code, 'Away.'));

async function outcome(task: Promise<unknown>): Promise<CrmError | string> {
  try {
    return String(await task);
  } catch (error) {
    if (error instanceof CrmError) return error;
    throw error;
  }
}

test('after failures in a row nothing is sent for a while, then one request decides', async () => {
  const breaker = createBreaker();
  for (let tries = 0; tries < 8; tries += 1) await outcome(breaker.run(fail('dropped')));
  const send = vi.fn<() => Promise<string>>(async () => 'here');
  const refused = await outcome(breaker.run(send));
  expect(send).not.toHaveBeenCalled();
  expect(refused).toMatchObject({ code: 'dropped', retryable: true, retryAfter: 10 });
  vi.advanceTimersByTime(10_001);
  expect(await outcome(breaker.run(send))).toBe('here');
  expect(await outcome(breaker.run(send))).toBe('here');
});

test('what says nothing about the next request does not open it', async () => {
  const breaker = createBreaker();
  for (let tries = 0; tries < 20; tries += 1) await outcome(breaker.run(fail('no-access')));
  expect(await outcome(breaker.run(async () => 'here'))).toBe('here');
});
