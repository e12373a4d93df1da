import { CrmError } from '../crm/crm-error.ts';
import type { CrmConnection } from '../crm/port.ts';
import { lastCaseWrite } from '../desk/case-write-store.ts';
import type { LastCaseWrite } from '../desk/case-write-store.ts';
import type { Database } from '../platform/database/database.ts';
import type { CheckRun, StepView } from './contract.ts';
import type { StoredRun } from './store.ts';

/**
 * Whether cases can be opened, without opening one: what became of the last that Ringside itself ordered, else what the CRM lets us
 * know. Null where the sign-in failed: then nothing is to be known, and nothing more may be asked.
 */
export async function lookAtCaseRight(
  db: Database,
  { organizationId, connectionId }: Pick<StoredRun, 'organizationId' | 'connectionId'>,
  crm: Pick<CrmConnection, 'caseRight'>,
  steps: readonly StepView[],
  signal: AbortSignal,
): Promise<CheckRun['caseRight']> {
  if (steps.find(({ id }) => id === 'signed-in')?.status !== 'pass') return null;
  const last = await lastCaseWrite(db, organizationId, connectionId);
  if (last !== null && last.state === 'attention') return judgeRefusal(last);
  try {
    const right = await crm.caseRight(signal);
    return last === null || right.answer === 'no' ? right : judgeDelivery(last);
  } catch (error) {
    if (signal.aborted || !(error instanceof CrmError)) throw error;
    const detail = `It could not be asked: ${error.message}`;
    return { answer: 'unknown', code: 'no-answer', detail, fix: error.fix };
  }
}

function judgeDelivery({ number, settledAt }: LastCaseWrite): CheckRun['caseRight'] {
  const what = number === null ? 'a case' : `the case ${number}`;
  const detail = `Ringside opened ${what} on ${dayOf(settledAt)}.`;
  return { answer: 'yes', code: 'made-before', detail, fix: null };
}

/** What the user may not it may not next time; a rule may have been against that one case alone. */
function judgeRefusal({ code, reason, fix, settledAt }: LastCaseWrite): CheckRun['caseRight'] {
  return {
    answer: code === 'no-access' ? 'no' : 'unknown',
    code: 'refused-before',
    detail:
      `The last case that Ringside wanted to open, on ${dayOf(settledAt)}, was refused. ${reason ?? ''}`.trim(),
    fix: fix ?? 'Look at it under ‘Outbox’: it can be mended and sent again there.',
  };
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);
