import { expect, test } from 'vitest';
import { checkStepIds } from '../../../src/crm/check-step.ts';
import { recordKinds } from '../../../src/crm/record.ts';
import type { CheckRun, StepView } from '../../../src/systems-check/contract.ts';
import { verdictOf } from './check-verdict.ts';

function run(
  status: CheckRun['status'],
  steps: Partial<Record<string, Partial<StepView>>>,
): CheckRun {
  return {
    ...{
      id: 'r',
      connectionId: 'c',
      platform: 'servicenow',
      status,
      startedBy: 'Ada',
      counts: null,
      oddities: [],
      caseRight: null,
      byNight: false,
    },
    ...{ startedAt: '2026-01-01T00:00:00Z', finishedAt: null },
    steps: checkStepIds.map((id) => ({
      ...{
        id,
        title: `Step ${id}`,
        status: 'pass' as const,
        code: null,
        detail: '',
        fix: null,
        ms: 1,
      },
      ...steps[id],
    })),
    pulls: recordKinds.map((kind) => ({
      ...{
        kind,
        status: 'done' as const,
        done: 1,
        total: 1,
        rate: null,
        secondsLeft: null,
        message: null,
      },
    })),
  };
}

test('a run that passed says that the connection works', () => {
  expect(verdictOf(run('passed', {}), 'ServiceNow')).toMatchObject({
    tone: 'pass',
    title: 'The connection to ServiceNow works',
  });
});

test('warnings are counted, and do not take the good news away', () => {
  const verdict = verdictOf(run('warned', { contacts: { status: 'warn' } }), 'ServiceNow');
  expect(verdict.title).toBe('The connection to ServiceNow works');
  expect(verdict.detail).toContain('1 step has a warning');
});

test('that cases cannot be opened comes before warnings', () => {
  const closed = run('warned', { 'query-safety': { status: 'warn' } });
  const caseRight = {
    ...{ answer: 'no' as const, code: 'no-access' as const },
    ...{ detail: 'The table is closed.', fix: null },
  };
  expect(verdictOf({ ...closed, caseRight }, 'ServiceNow')).toEqual({
    tone: 'warn',
    title: 'The connection to ServiceNow can be read, but cases cannot be opened',
    detail: 'The table is closed.',
  });
});

test('by night nothing was pulled, and nothing is said to have been', () => {
  const passed = { ...run('passed', {}), byNight: true, pulls: [] };
  expect(verdictOf(passed, 'ServiceNow').detail).toBe('Nothing was pulled.');
});

test('a failure names the first issue to correct', () => {
  const failed = { status: 'fail' as const };
  const one = run('failed', { cases: { ...failed, detail: 'No access to cases.' } });
  expect(verdictOf(one, 'ServiceNow')).toMatchObject({
    tone: 'fail',
    detail: 'No access to cases.',
  });
  const two = run('failed', { customers: { ...failed, detail: 'No access.' }, cases: failed });
  expect(verdictOf(two, 'ServiceNow').detail).toBe('No access. In all 2 steps failed, see below.');
});

test('a failed pull is an issue too', () => {
  const stopped = run('failed', {});
  const pulls = stopped.pulls.map((pull) => ({
    ...pull,
    status: 'failed' as const,
    message: 'It broke off.',
  }));
  expect(verdictOf({ ...stopped, pulls }, 'ServiceNow').detail).toBe('It broke off.');
});

test('while it runs the step under way is named', () => {
  const verdict = verdictOf(run('running', { users: { status: 'running' } }), 'ServiceNow');
  expect(verdict).toMatchObject({ tone: 'running', detail: 'Step users.' });
});
