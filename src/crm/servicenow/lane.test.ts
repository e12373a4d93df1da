import { expect, test } from 'vitest';
import { enterLane } from './lane.ts';

/** How many of ten tasks run at the same time. */
async function width(lane: ReturnType<typeof enterLane>): Promise<number> {
  let running = 0;
  let most = 0;
  const task = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((done) => setTimeout(done, 5));
    running -= 1;
  };
  await Promise.all(Array.from({ length: 10 }, () => lane.run(task)));
  return most;
}

test('four at a time, fewer when the instance has too much to do, and more again after a calm', async () => {
  const lane = enterLane('https://one.example');
  expect(await width(lane)).toBe(4);
  lane.narrow();
  expect(await width(lane)).toBe(2);
  lane.narrow();
  lane.narrow();
  expect(await width(lane)).toBe(1);
  for (let answers = 0; answers < 50; answers += 1) lane.good();
  expect(await width(lane)).toBe(2);
  lane.release();
});

test('two connections to one instance share the four', async () => {
  const [one, two] = [enterLane('https://two.example'), enterLane('https://two.example')];
  one.narrow();
  expect(await width(two)).toBe(2);
  one.release();
  two.release();
});
