import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** In a process of its own: what is set here holds for all that runs in one. */
const script = `
  import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
  import { runInNewContext } from 'node:vm';
  import { keepNewSpaceSmall, restoreNewSpace } from '${import.meta.dirname}/new-space.ts';
  const size = () => getHeapSpaceStatistics().find((one) => one.space_name === 'new_space').space_size;
  const sizes = [];
  restoreNewSpace();
  sizes.push(size());
  keepNewSpaceSmall();
  sizes.push(size());
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  for (let turn = 0; turn < 20 && size() > 8_000_000; turn += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  sizes.push(size());
  restoreNewSpace();
  sizes.push(size());
  for (let kept = [], n = 0; n < 300_000; n += 1) kept.push([n]);
  sizes.push(size());
  console.log(JSON.stringify(sizes));
`;

test('the space for new objects is grown once, again after V8 made it small, and no further', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    script,
  ]);
  const [untouched, grown, idle, restored, used] = JSON.parse(stdout) as number[];
  expect(untouched).toBeLessThan(16_000_000);
  expect(grown).toBeGreaterThanOrEqual(16_000_000);
  expect(idle).toBeLessThan(8_000_000);
  expect(restored).toBeGreaterThanOrEqual(16_000_000);
  expect(used).toBeLessThan(40_000_000);
});
