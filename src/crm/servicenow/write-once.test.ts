import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { writeOnce } from './write-once.ts';

const settledAfterMs = 10_000;
/** An earlier try that may be under way for so much longer. */
const stillFor = (ms: number) => ({
  attempts: 1,
  doubtSince: new Date(Date.now() - settledAfterMs + ms),
});
const write = (send: () => Promise<string>, answerMs: number) => ({
  ...{ send, tried: true, subject: 'a case', settledAfterMs },
  async find() {
    await sleep(answerMs);
    return 'not-done' as const;
  },
});

test('a look-up that was sent while the earlier try may have been under way proves nothing, however late its answer is read', async () => {
  const send = vi.fn<() => Promise<string>>(async () => 'made');
  const late = writeOnce(write(send, 500), stillFor(400));
  await expect(late).rejects.toMatchObject({ code: 'unsettled', retryAfter: 1 });
  expect(send).not.toHaveBeenCalled();
});

test('once that time is over it is sent', async () => {
  const send = vi.fn<() => Promise<string>>(async () => 'made');
  const made = await writeOnce(write(send, 0), stillFor(-1));
  expect(made).toEqual({ result: 'made', existed: false });
});
