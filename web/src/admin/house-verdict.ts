import type { HouseRun } from '../../../src/systems-check/house-contract.ts';
import { counted } from '../ui/moment.ts';
import type { Verdict } from './check-verdict.ts';

/** The outcome of a check of the house in one sentence. */
export function houseVerdictOf({ status, steps }: HouseRun): Verdict {
  const failed = steps.filter((step) => step.status === 'fail');
  const warnings = steps.filter((step) => step.status === 'warn').length;
  if (status === 'running') {
    const step = steps.find((one) => one.status === 'running');
    return {
      tone: 'running',
      title: 'Checking Ringside itself …',
      detail: step === undefined ? '' : `${step.title}.`,
    };
  }
  if (status === 'failed') {
    const more = failed.length > 1 ? ` In all ${failed.length} steps failed, see below.` : '';
    return {
      tone: 'fail',
      title: 'Something in Ringside itself does not work',
      detail: `${failed[0]?.title ?? ''}: ${failed[0]?.detail ?? ''}${more}`,
    };
  }
  return status === 'warned'
    ? {
        tone: 'warn',
        title: 'Ringside itself works, with warnings',
        detail: `${counted(warnings, 'step has a warning', 'steps have warnings')}, see below.`,
      }
    : {
        tone: 'pass',
        title: 'Ringside itself is in order',
        detail: 'The database, the jobs, the clock, the phone systems and the mappings.',
      };
}
