import { expect, test } from 'vitest';
import type { CheckCode, CheckStepId } from '../crm/check-step.ts';
import { cutShort, noFindings, paceOf, pullableKinds, verdict, withPull, withStep } from './run.ts';
import type { Findings } from './run.ts';

type Status = 'pass' | 'warn' | 'fail' | 'skip';

function after(statuses: Partial<Record<CheckStepId, [Status, CheckCode]>>): Findings {
  return noFindings().steps.reduce((found, { id, title }) => {
    const [status, code] = statuses[id] ?? ['pass', null];
    return withStep(found, {
      type: 'finished',
      step: { id, title, status, code, detail: '', fix: null, ms: 1 },
      count: null,
    });
  }, noFindings());
}

test('what can be read is pulled; hidden fields do not stand in the way, hidden rows do', () => {
  expect(pullableKinds(after({}).steps)).toEqual(['users', 'customers', 'contacts', 'cases']);
  expect(
    pullableKinds(
      after({ contacts: ['fail', 'field-hidden'], cases: ['fail', 'no-access'] }).steps,
    ),
  ).toEqual(['users', 'customers', 'contacts']);
  expect(pullableKinds(after({ customers: ['fail', 'rows-hidden'] }).steps)).toEqual([
    'users',
    'contacts',
    'cases',
  ]);
  expect(pullableKinds(after({ 'signed-in': ['fail', 'unauthorized'] }).steps)).toEqual([]);
  expect(
    pullableKinds(
      after({ 'details-link': ['fail', 'bad-url'], 'query-safety': ['fail', 'unsafe-query'] })
        .steps,
    ),
  ).toHaveLength(4);
  expect(pullableKinds(noFindings().steps)).toEqual([]);
});

test('the worst of steps and pulls is the verdict', () => {
  expect(verdict(after({}))).toBe('passed');
  expect(verdict(after({ 'query-safety': ['warn', 'unsafe-query'] }))).toBe('warned');
  expect(verdict(after({ users: ['fail', 'no-access'] }))).toBe('failed');
  expect(verdict(withPull(after({}), 'cases', { status: 'failed' }))).toBe('failed');
});

test('rate and time left, once there is something to say', () => {
  expect(paceOf(0, 100, 5000)).toEqual({ rate: null, secondsLeft: null });
  expect(paceOf(1000, 3000, 2000)).toEqual({ rate: 500, secondsLeft: 4 });
  expect(paceOf(1000, null, 2000)).toEqual({ rate: 500, secondsLeft: null });
  expect(paceOf(3100, 3000, 2000).secondsLeft).toBe(0);
});

test('a run cut short leaves nothing open and keeps what was found', () => {
  const begun = withStep(after({ contacts: ['pass', 'dns'] }), {
    type: 'started',
    id: 'cases',
    title: '',
  });
  const pulling = withPull(withPull(begun, 'users', { status: 'done' }), 'customers', {
    status: 'running',
    rate: 5,
    secondsLeft: 9,
  });
  const failed = cutShort(pulling, 'Gone.', 'failed');
  expect(failed.steps.find(({ id }) => id === 'cases')).toMatchObject({
    status: 'fail',
    detail: 'Gone.',
  });
  expect(failed.pulls.map(({ status }) => status)).toEqual([
    'done',
    'failed',
    'skipped',
    'skipped',
  ]);
  expect(failed.pulls[1]).toMatchObject({ message: 'Gone.', rate: null, secondsLeft: null });
  const cancelled = cutShort(pulling, 'Cancelled.', 'cancelled');
  expect(cancelled.steps.find(({ id }) => id === 'cases')?.status).toBe('skip');
  expect(cancelled.pulls.map(({ status }) => status)).toEqual([
    'done',
    'skipped',
    'skipped',
    'skipped',
  ]);
});
