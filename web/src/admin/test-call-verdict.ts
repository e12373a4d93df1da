import type { TestCall } from '../../../src/systems-check/test-call-contract.ts';
import { duration } from '../ui/moment.ts';
import type { Verdict } from './check-verdict.ts';

/** The outcome of a test call in one sentence. */
export function testCallVerdictOf({ status, hops }: TestCall): Verdict {
  if (status === 'running') {
    const hop = hops.find((one) => one.status === 'running');
    const detail = hop === undefined ? '' : `Waiting for: ${hop.title}.`;
    return { tone: 'running', title: 'The test call is on its way …', detail };
  }
  if (status === 'failed') {
    const hop = hops.find((one) => one.status === 'fail');
    return {
      tone: 'fail',
      title: 'The test call did not arrive',
      detail: `The hop that never came: ${hop?.title ?? ''}.`,
    };
  }
  const title = `The test call arrived after ${duration(hops.at(-1)?.ms ?? 0)}`;
  return status === 'warned'
    ? { tone: 'warn', title, detail: 'One of the hops has a warning, see below.' }
    : { tone: 'pass', title, detail: 'Every hop from the phone system to your browser works.' };
}
