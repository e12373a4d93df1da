import { expect, test, vi } from 'vitest';
import { KeptCallers } from './kept-callers.ts';

test('one look-up serves a call for five seconds, or until something else about it changed', async () => {
  let now = 0;
  const kept = new KeptCallers<number>({ now: () => new Date(now) });
  let looks = 0;
  const look = vi.fn<() => Promise<number>>(async () => (looks += 1));
  expect(await kept.find('call', '030', look)).toBe(1);
  now = 4_999;
  expect(await kept.find('call', '030', look)).toBe(1);
  expect(await kept.find('call', '040', look)).toBe(2);
  kept.forget('call');
  expect(await kept.find('call', '040', look)).toBe(3);
  now += 5_000;
  expect(await kept.find('call', '040', look)).toBe(4);
  expect(await kept.find('another', '040', look)).toBe(5);
});

test('a look-up that failed is not kept', async () => {
  const kept = new KeptCallers<number>({ now: () => new Date(0) });
  const broken = kept.find('call', '030', () => Promise.reject(new Error('no database')));
  await expect(broken).rejects.toThrow('no database');
  expect(await kept.find('call', '030', async () => 7)).toBe(7);
});
