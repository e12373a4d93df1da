import { expect, test } from 'vitest';
import type { StoredTestCall } from '../desk/test-call-store.ts';
import { testCall } from './test-call-contract.ts';
import { presentTestCall } from './test-call.ts';

const startedAt = new Date('2026-05-04T10:00:00Z');
const whole: StoredTestCall = {
  organizationId: 'o',
  id: '01a2098b-2071-7016-a82d-e66d7eeb8ea9',
  personId: 'p',
  phoneSystemId: '01a2098b-2071-7016-a82d-e66d7eeb8ea8',
  startedBy: 'Ada Admin',
  startedAt,
  finishedAt: new Date('2026-05-04T10:00:01Z'),
  numberKnown: true,
  hops: { received: 1, committed: 4, matched: 6, streamed: 7, shown: 31 },
  found: 1,
  streams: 2,
  shownIn: 'Firefox on Linux',
  fault: null,
};
const present = (over: Partial<StoredTestCall>, hops: Partial<StoredTestCall['hops']> = {}) =>
  testCall.parse(presentTestCall({ ...whole, ...over, hops: { ...whole.hops, ...hops } }));
const codes = ({ hops }: ReturnType<typeof present>) => hops.map((hop) => hop.code ?? hop.status);

test('a test that came all the way passes and tells when each hop was there', () => {
  const { status, hops } = present({});
  expect(status).toBe('passed');
  expect(hops.map(({ ms }) => ms)).toEqual([1, 4, 6, 7, 31]);
});

test('while it goes on the next hop is awaited', () => {
  const going = present({ finishedAt: null }, { matched: null, streamed: null, shown: null });
  expect(going.status).toBe('running');
  expect(codes(going)).toEqual(['pass', 'pass', 'running', 'waiting', 'waiting']);
});

test('the first hop that never came fails, with what to do; those after it were not reached', () => {
  const silent = present({}, { shown: null });
  expect([silent.status, ...codes(silent)]).toEqual([
    ...['failed', 'pass', 'pass', 'pass', 'pass', 'not-shown'],
  ]);
  expect(silent.hops.at(-1)?.fix).toContain('buffering');
  const closed = present({ streams: null }, { streamed: null, shown: null });
  expect(codes(closed)).toEqual(['pass', 'pass', 'pass', 'no-stream', 'skip']);
  const deaf = present({}, { matched: null, streamed: null, shown: null });
  expect(codes(deaf)).toEqual(['pass', 'pass', 'never-came', 'skip', 'skip']);
  const broken = present(
    { fault: 'The log says what.' },
    { committed: null, matched: null, streamed: null, shown: null },
  );
  expect(broken.hops[1]).toMatchObject({ code: 'fault', detail: 'The log says what.' });
});

test('a number that nobody is found for, a mirror without numbers and a late browser are warned of', () => {
  expect(codes(present({ found: 0 }))[2]).toBe('not-found');
  expect(codes(present({ numberKnown: false, found: 0 }))[2]).toBe('empty-mirror');
  const late = present({}, { shown: 4_000 });
  expect([late.status, codes(late)[4]]).toEqual(['warned', 'slow']);
});
