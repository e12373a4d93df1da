import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { keepDoing } from './rounds.ts';

test('rounds follow each other, never two at once, also after one that failed; the last one is waited for', async () => {
  const lines: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(line) });
  let under = 0;
  let most = 0;
  let rounds = 0;
  let told = false;
  const end = keepDoing(
    async (signal) => {
      rounds += 1;
      under += 1;
      most = Math.max(most, under);
      signal.addEventListener('abort', () => (told = true));
      await new Promise((resolve) => setTimeout(resolve, 20));
      under -= 1;
      if (rounds === 1) throw new Error('broken');
    },
    { every: 1, log, failed: 'a round failed' },
  );
  await vi.waitFor(() => expect(rounds).toBeGreaterThan(2), 60_000);
  await vi.waitFor(() => expect(under).toBe(1), { interval: 1, timeout: 60_000 });
  await end();
  expect({ under, most, told }).toEqual({ under: 0, most: 1, told: true });
  expect(lines.join('')).toMatch(/^[^\n]*broken[^\n]*a round failed[^\n]*\n$/);
  const after = rounds;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(rounds).toBe(after);
});
