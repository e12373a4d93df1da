import { expect, test } from 'vitest';
import type { Call, Client } from './client.ts';
import { failure } from './failure.ts';
import { createPatience, quick } from './patience.ts';

function silentClient(seen: Call[]): Client {
  return {
    get: async (call) => {
      seen.push(call);
      await new Promise((done) => setTimeout(done, Math.min(60, call.policy.timeoutMs)));
      throw failure('timeout', 'silence');
    },
    write: () => Promise.reject(new Error('nobody writes here')),
    probe: async () => undefined,
    resume() {},
    usage: () => ({ requestsLastHour: 0, rateLimit: null, errors: [] }),
    locked: () => false,
    pausedFor: () => 0,
    settledAfterMs: 65_000,
    redact: (text) => text,
    close: async () => undefined,
  };
}

const call: Call = { path: '', parameters: {}, subject: '', policy: quick };

test('silence is added up: later calls get less time, and then none is made', async () => {
  const seen: Call[] = [];
  const patience = createPatience(1560);
  const client = patience.limit(silentClient(seen));
  await expect(client.get(call)).rejects.toMatchObject({ code: 'timeout' });
  expect(seen[0]?.policy).toMatchObject({ timeoutMs: 1560, budgetMs: 1560 });
  expect(patience.spent()).toBe(true);
  await expect(client.get(call)).rejects.toMatchObject({ code: 'timeout' });
  expect(seen).toHaveLength(1);
});

test('a call may take as long as the policy says while there is patience', async () => {
  const seen: Call[] = [];
  const patience = createPatience();
  await patience
    .limit(silentClient(seen))
    .get(call)
    .catch(() => undefined);
  expect(seen[0]?.policy.timeoutMs).toBe(quick.timeoutMs);
  expect(patience.spent()).toBe(false);
});
