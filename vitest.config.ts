import { defineConfig } from 'vitest/config';

/** They stand in for a module of Node, or are refused by an instance whose port another test has next: not beside others. */
const alone = ['src/platform/outbound.test.ts', 'src/crm/**/*.test.ts'];

const everywhere = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    globalSetup: ['test/setup/postgres.ts'],
    // Three were slower on two cores: browsers and databases are processes beside them.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...everywhere,
          name: 'rooms',
          include: ['src/**/*.test.ts', 'sandbox/**/*.test.ts', 'web/src/**/*.test.{ts,tsx}'],
          exclude: alone,
          // What they import is loaded once for each worker: that was a quarter of the run.
          isolate: false,
        },
      },
      { test: { ...everywhere, name: 'house', include: ['test/**/*.test.ts', ...alone] } },
    ],
  },
});
