import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tickSeconds } from '../../../src/desk/contract.ts';
import { DeskLine } from './desk-line.ts';
import type { DeskView } from './desk-view.ts';
import { popOf } from './testing.ts';

/** The hub's end of the lines that were opened, the newest last. */
const opened: FakeStream[] = [];

class FakeStream extends EventTarget {
  onerror: (() => void) | null = null;
  closed = false;
  constructor() {
    super();
    opened.push(this);
  }
  close() {
    this.closed = true;
  }
  says(event: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }));
  }
  saysState(callIds: string[]) {
    const pops = callIds.map((callId) => popOf(callId));
    this.says('state', { pops, blocked: null, now: new Date().toISOString() });
  }
}

const first = '0195f3a0-0000-7000-8000-000000000001';
const second = '0195f3a0-0000-7000-8000-000000000002';
const views: DeskView[] = [];
const onSignedOut = vi.fn<() => void>();
let line: DeskLine;
let answer: { status: number } | Error = { status: 200 };

beforeEach(() => {
  vi.useFakeTimers();
  opened.length = 0;
  views.length = 0;
  answer = { status: 200 };
  onSignedOut.mockClear();
  vi.stubGlobal('EventSource', FakeStream);
  vi.stubGlobal('fetch', async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  });
  line = new DeskLine({ onView: (view) => views.push(view), onSignedOut });
});
afterEach(() => {
  line.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const shown = () => line.view.pops.map((pop) => pop.callId);

test('a line that breaks is opened again, and the hub’s first word replaces everything', async () => {
  opened[0]?.saysState([first]);
  opened[0]?.onerror?.();
  expect([line.view.line, shown()]).toEqual(['lost', [first]]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([opened.length, opened[0]?.closed]).toEqual([2, true]);
  opened[1]?.saysState([second]);
  expect([line.view.line, shown()]).toEqual(['live', [second]]);
});

test('while the hub is away it is tried again and again, ever more rarely, at most every 40 seconds', async () => {
  answer = new Error('refused');
  for (let tries = 0; tries < 12; tries += 1) {
    opened.at(-1)?.onerror?.();
    await vi.advanceTimersByTimeAsync(40_000);
    expect(opened.length).toBe(tries + 2);
  }
});

test('a line that fell silent without breaking counts as lost', async () => {
  opened[0]?.saysState([first]);
  await vi.advanceTimersByTimeAsync(tickSeconds * 1000);
  opened[0]?.says('tick', { now: new Date().toISOString() });
  await vi.advanceTimersByTimeAsync(tickSeconds * 2000);
  expect(line.view.line).toBe('live');
  await vi.advanceTimersByTimeAsync(tickSeconds * 1000);
  expect(opened.length).toBe(2);
});

test('after a sleep of hours the line is opened anew within a second, and what was shown stays meanwhile', async () => {
  opened[0]?.saysState([first]);
  // A laptop that sleeps runs no timers: only the clock has moved when it wakes.
  vi.setSystemTime(Date.now() + 3 * 3_600_000);
  await vi.advanceTimersByTimeAsync(2_000);
  expect([opened.length, opened[0]?.closed, shown()]).toEqual([2, true, [first]]);
});

test('waking up tries at once instead of waiting out a long pause', async () => {
  for (let tries = 0; tries < 8; tries += 1) {
    opened.at(-1)?.onerror?.();
    await vi.advanceTimersByTimeAsync(40_000);
  }
  opened.at(-1)?.onerror?.();
  const before = opened.length;
  line.wake();
  expect(opened.length).toBe(before + 1);
  opened.at(-1)?.saysState([]);
  line.wake();
  expect(opened.length).toBe(before + 1);
});

test('signed out meanwhile: says so instead of trying on', async () => {
  answer = { status: 401 };
  opened[0]?.onerror?.();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([onSignedOut.mock.calls.length, opened.length]).toEqual([1, 1]);
});

test('what it cannot read changes nothing', () => {
  opened[0]?.saysState([first]);
  opened[0]?.says('pop', { callId: 'no' });
  opened[0]?.dispatchEvent(new MessageEvent('state', { data: '<html>' }));
  expect(shown()).toEqual([first]);
});
