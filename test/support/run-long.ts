import { spawnSync } from 'node:child_process';

/** `npm run test:long [-- FILE …]`: the tests as `npm test` runs them, those that repeat something more often. */
const { status } = spawnSync('npx', ['vitest', 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, RINGSIDE_TEST_LONG: '1' },
});
process.exitCode = status ?? 1;
