import type { CheckRun } from '../../../src/systems-check/contract.ts';
import { counted } from '../ui/moment.ts';

export interface Verdict {
  tone: 'running' | 'pass' | 'warn' | 'fail' | 'stopped';
  title: string;
  /** The issue to be corrected, or what comes next. */
  detail: string;
}

/** The outcome of a run in one sentence. `title` is the platform's name on the screen. */
export function verdictOf(run: CheckRun, title: string): Verdict {
  const failed = run.steps.filter((step) => step.status === 'fail');
  const failedPull = run.pulls.find((pull) => pull.status === 'failed');
  const warnings = run.steps.filter((step) => step.status === 'warn').length;
  if (run.status === 'running') {
    const step = run.steps.find((one) => one.status === 'running');
    const pull = run.pulls.find((one) => one.status === 'running');
    const doing =
      step === undefined ? (pull === undefined ? '' : `Pulling ${pull.kind}.`) : `${step.title}.`;
    return {
      tone: 'running',
      title: `Checking the connection to ${title} …`,
      detail: doing,
    };
  }
  if (run.status === 'cancelled') {
    return {
      tone: 'stopped',
      title: 'The check was stopped',
      detail: 'What was pulled so far is kept.',
    };
  }
  if (run.status === 'failed') {
    const more = failed.length > 1 ? ` In all ${failed.length} steps failed, see below.` : '';
    return {
      tone: 'fail',
      title: `The connection to ${title} does not work${run.byNight ? '' : ' yet'}`,
      detail: `${failed[0]?.detail ?? failedPull?.message ?? 'The check ended early.'}${more}`,
    };
  }
  if (run.status === 'warned' && run.caseRight?.answer === 'no') {
    return {
      tone: 'warn',
      title: `The connection to ${title} can be read, but cases cannot be opened`,
      detail: run.caseRight.detail,
    };
  }
  const next = run.byNight
    ? 'Nothing was pulled.'
    : 'The CRM users it pulled can now be chosen under CRM User Mappings.';
  return run.status === 'warned'
    ? {
        tone: 'warn',
        title: `The connection to ${title} works`,
        detail: `${counted(warnings, 'step has a warning', 'steps have warnings')}, see below. ${next}`,
      }
    : { tone: 'pass', title: `The connection to ${title} works`, detail: next };
}
