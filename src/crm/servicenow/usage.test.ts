import { expect, test } from 'vitest';
import { failure } from './failure.ts';
import { createUsageMeter } from './usage.ts';

test('requests count for an hour, failures by code, the newest first', () => {
  let now = Date.parse('2026-05-04T03:00:30Z');
  const meter = createUsageMeter(() => now);
  for (let request = 0; request < 5; request += 1) meter.sent();
  meter.failed(failure('timeout', 'Silence.'));
  now += 30 * 60_000;
  meter.sent();
  meter.failed(failure('dropped', 'Gone.'));
  meter.failed(failure('timeout', 'Silence again.'));
  meter.answered({ 'x-ratelimit-limit': '500', 'x-ratelimit-reset': '1777864800' });
  meter.answered({});
  expect(meter.read()).toMatchObject({
    requestsLastHour: 6,
    rateLimit: { limit: 500, resetsAt: new Date(1_777_864_800_000) },
    errors: [
      { code: 'timeout', count: 2, message: 'Silence again.' },
      { code: 'dropped', count: 1 },
    ],
  });
  now += 31 * 60_000;
  expect(meter.read().requestsLastHour).toBe(1);
  now += 24 * 3_600_000;
  expect(meter.read().requestsLastHour).toBe(0);
});
