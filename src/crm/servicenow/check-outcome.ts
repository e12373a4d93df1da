import { CrmError } from '../crm-error.ts';
import type { CheckCode, CheckStep, CheckStepId } from '../check-step.ts';
import type { RecordKind } from '../record.ts';

/** What a step of the check found. */
export interface Outcome {
  status: CheckStep['status'];
  code: CheckCode | null;
  detail: string;
  fix: string | null;
  count?: { kind: RecordKind; total: number | null };
  /** Steps that make no sense after this one. */
  blocks?: readonly CheckStepId[];
}

export function pass(detail: string, more: Pick<Outcome, 'count'> = {}): Outcome {
  return { status: 'pass', code: null, detail, fix: null, ...more };
}

export function warn(
  code: CheckCode,
  detail: string,
  fix: string,
  more: Pick<Outcome, 'count'> = {},
): Outcome {
  return { status: 'warn', code, detail, fix, ...more };
}

export function fail(
  code: CheckCode,
  detail: string,
  fix: string,
  more: Pick<Outcome, 'count' | 'blocks'> = {},
): Outcome {
  return { status: 'fail', code, detail, fix, ...more };
}

export function skip(detail: string): Outcome {
  return { status: 'skip', code: null, detail, fix: null };
}

/** A failed call as the outcome of its step. Whatever is no CrmError is not the instance's doing and goes on up. */
export function failed(error: unknown, more: Pick<Outcome, 'count' | 'blocks'> = {}): Outcome {
  if (!(error instanceof CrmError)) throw error;
  return fail(error.checkCode, error.message, error.fix, more);
}

/** The worst status wins, and its code and fix; the findings are told one after the other, the first count stays. */
export function together(outcomes: Outcome[]): Outcome {
  const rank = { skip: 0, pass: 1, warn: 2, fail: 3 };
  const worst = outcomes.toSorted((a, b) => rank[b.status] - rank[a.status])[0] ?? skip('');
  const count = outcomes.find((outcome) => outcome.count !== undefined)?.count;
  const detail = outcomes.map((outcome) => outcome.detail).join(' ');
  return { ...worst, detail, ...(count === undefined ? {} : { count }) };
}
