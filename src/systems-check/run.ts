import { checkStepIds, checkStepTitles } from '../crm/check-step.ts';
import { recordKinds } from '../crm/record.ts';
import type { CheckProgress } from '../crm/check-step.ts';
import type { RecordKind } from '../crm/record.ts';
import type { CheckRun, Oddity, PullView, StepView } from './contract.ts';

/** What a run has found so far. Values are never changed, only replaced. */
export interface Findings {
  steps: StepView[];
  pulls: PullView[];
  counts: CheckRun['counts'];
  oddities: Oddity[];
  caseRight: CheckRun['caseRight'];
}

/** What a run begins with. By night nothing is pulled: the mirror keeps itself fresh. */
export function noFindings(byNight = false): Findings {
  return {
    steps: checkStepIds.map((id) => ({
      id,
      title: checkStepTitles[id],
      status: 'waiting',
      code: null,
      detail: '',
      fix: null,
      ms: null,
    })),
    pulls: (byNight ? [] : recordKinds).map((kind) => ({
      kind,
      status: 'waiting',
      done: 0,
      total: null,
      rate: null,
      secondsLeft: null,
      message: null,
    })),
    counts: null,
    oddities: [],
    caseRight: null,
  };
}

export function withStep(findings: Findings, progress: CheckProgress): Findings {
  const id = progress.type === 'started' ? progress.id : progress.step.id;
  const change: Partial<StepView> =
    progress.type === 'started' ? { status: 'running' } : progress.step;
  return {
    ...findings,
    steps: findings.steps.map((step) => (step.id === id ? { ...step, ...change } : step)),
  };
}

export function withPull(
  findings: Findings,
  kind: RecordKind,
  change: Partial<PullView>,
): Findings {
  return {
    ...findings,
    pulls: findings.pulls.map((pull) => (pull.kind === kind ? { ...pull, ...change } : pull)),
  };
}

/** Rows a second since the kind began, and seconds left at that pace; null while nothing can be said. */
export function paceOf(
  done: number,
  total: number | null,
  elapsedMs: number,
): Pick<PullView, 'rate' | 'secondsLeft'> {
  if (done === 0 || elapsedMs < 200) return { rate: null, secondsLeft: null };
  const rate = (done * 1000) / elapsedMs;
  const left = total === null ? null : Math.max(0, Math.ceil((total - done) / rate));
  return { rate: Math.round(rate * 10) / 10, secondsLeft: left };
}

/**
 * Kinds worth pulling: none when the user is not in, and of the rest those that the user can read. A kind whose rows are all hidden is
 * left alone: pulling nothing would look as if everything had been deleted.
 */
export function pullableKinds(steps: StepView[]): RecordKind[] {
  const fails = (id: StepView['id'], ...codes: (StepView['code'] | undefined)[]): boolean => {
    const step = steps.find((one) => one.id === id);
    if (step === undefined || step.status === 'waiting' || step.status === 'skip') return true;
    return step.status === 'fail' && !codes.includes(step.code);
  };
  if (fails('url') || fails('reachable') || fails('signed-in')) return [];
  return recordKinds.filter((kind) => !fails(kind, 'field-hidden'));
}

/** How a run ended, from what it found. */
export function verdict({
  steps,
  pulls,
  caseRight,
}: Findings): Exclude<CheckRun['status'], 'running' | 'cancelled'> {
  if (
    steps.some(({ status }) => status === 'fail') ||
    pulls.some(({ status }) => status === 'failed')
  )
    return 'failed';
  const warned = steps.some(({ status }) => status === 'warn') || caseRight?.answer === 'no';
  return warned ? 'warned' : 'passed';
}

/** What an instance that is away for a while is told by; nobody has to mend a connection for it. */
const passing: ReadonlySet<StepView['code']> = new Set([
  ...(['dns', 'refused', 'timeout', 'hibernating', 'maintenance'] as const),
  ...(['rate-limited', 'dropped', 'transaction-cancelled'] as const),
]);

/** All that failed may be over in an hour: instances are maintained by night. */
export function mayPass({ steps }: Pick<Findings, 'steps'>): boolean {
  const failed = steps.filter(({ status }) => status === 'fail');
  return failed.length > 0 && failed.every(({ code }) => passing.has(code));
}

/** User name and password were refused: each further attempt may lock the user out. */
export function wasRefused({ steps }: Pick<Findings, 'steps'>): boolean {
  const signIn = steps.find(({ id }) => id === 'signed-in');
  return signIn?.code === 'unauthorized' || signIn?.code === 'mfa-required';
}

/** Closes whatever was open when a run ended before its time, and says why there. */
export function cutShort(
  findings: Findings,
  reason: string,
  outcome: 'failed' | 'cancelled',
): Findings {
  const steps = findings.steps.map((step): StepView => {
    if (step.status !== 'running' && step.status !== 'waiting') return step;
    const broken = step.status === 'running' && outcome === 'failed';
    return { ...step, status: broken ? 'fail' : 'skip', detail: reason };
  });
  const pulls = findings.pulls.map((pull): PullView => {
    if (pull.status !== 'running' && pull.status !== 'waiting') return pull;
    const broken = pull.status === 'running' && outcome === 'failed';
    return {
      ...pull,
      status: broken ? 'failed' : 'skipped',
      rate: null,
      secondsLeft: null,
      message: reason,
    };
  });
  return { ...findings, steps, pulls };
}
