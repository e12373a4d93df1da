import { expect, test } from 'vitest';
import type { PhoneEvent } from '../telephony/port.ts';
import { gatherEvents } from './gather-events.ts';

const event = (call: string): PhoneEvent => ({
  ...{ type: 'call-ended', call, at: new Date(0), cause: 'normal' },
});

test('what comes while a batch is being kept goes on as one, in order', async () => {
  const batches: string[][] = [];
  const releases: (() => void)[] = [];
  const gather = gatherEvents((events) => {
    batches.push(events.map((one) => (one.type === 'snapshot' ? '' : one.call)));
    return new Promise((resolve) => releases.push(resolve));
  });
  const first = gather([event('a')]);
  await Promise.resolve().then(() => undefined);
  const second = gather([event('b'), event('c')]);
  const third = gather([event('d')]);
  releases[0]?.();
  await first;
  await expect.poll(() => releases.length).toBe(2);
  releases[1]?.();
  await Promise.all([second, third, gather([])]);
  expect(batches).toEqual([['a'], ['b', 'c', 'd']]);
});

test('a batch that fails is told to those who are in it; the next goes on', async () => {
  const kept: number[] = [];
  let broken = true;
  const gather = gatherEvents(async (events) => {
    if (broken) throw new Error('no database');
    kept.push(events.length);
  });
  await expect(gather([event('a')])).rejects.toThrow('no database');
  broken = false;
  await gather([event('b')]);
  expect(kept).toEqual([1]);
});
