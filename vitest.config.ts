import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// What V8 makes of the files is kept for the processes that tests start: they load them in half of the time.
process.env['NODE_COMPILE_CACHE'] ??= join(
  import.meta.dirname,
  'node_modules/.cache/ringside-tests',
);

/** They stand in for a module of Node, or are refused by an instance whose port another test has next: not beside others. */
const alone = ['src/platform/outbound.test.ts', 'src/crm/**/*.test.ts'];

const setup = ['test/setup/cheap-passwords.ts', 'test/setup/note-exchanges.ts'];

const everywhere = {
  testTimeout: 120_000,
  hookTimeout: 180_000,
  // A machine that is busy takes its time over everything; how fast things are is measured in bench/.
  expect: { poll: { timeout: 60_000 } },
  // What the files import is loaded once for each worker: that was a quarter of the run.
  isolate: false,
  setupFiles: [...setup, 'test/setup/outbound.ts'],
};

export default defineConfig({
  test: {
    // Ended in the order from the last to the first: the logs are searched when everything else is over.
    globalSetup: ['test/setup/logs.ts', 'test/setup/postgres.ts'],
    teardownTimeout: 60_000,
    // One more than the two cores of a small machine: the tests wait half of their time, for browsers, databases and other processes.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...everywhere,
          name: 'rooms',
          include: ['src/**/*.test.ts', 'sandbox/**/*.test.ts', 'web/src/**/*.test.{ts,tsx}'],
          exclude: alone,
        },
      },
      {
        test: {
          ...everywhere,
          name: 'house',
          include: ['test/**/*.test.ts'],
        },
      },
      { test: { ...everywhere, name: 'alone', include: alone, isolate: true, setupFiles: setup } },
    ],
  },
});
