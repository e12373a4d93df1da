import type { HouseCode, HouseRun, HouseStep } from './house-contract.ts';

/** What makes a step pass, warn or fail: the thresholds of the check of the house. */

type Outcome = Pick<HouseStep, 'status' | 'code' | 'detail' | 'fix' | 'ms'>;

export const passed = (detail: string, ms: number | null = null): Outcome => ({
  ...{ status: 'pass', code: null, detail, fix: null, ms },
});

export const warned = (
  code: HouseCode,
  detail: string,
  fix: string | null,
  ms: number | null = null,
): Outcome => ({ status: 'warn', code, detail, fix, ms });

export const failed = (
  code: HouseCode,
  detail: string,
  fix: string | null,
  ms: number | null = null,
): Outcome => ({ status: 'fail', code, detail, fix, ms });

/** A pop asks the database a handful of questions, so one answer may take this long. */
const slowAnswerMs = 50;

/** @param ms The median time of an answer. */
export function judgeDatabase(ms: number, version: string): Outcome {
  const detail = `PostgreSQL ${version} answers in ${shown(ms)} ms and takes what is written.`;
  if (ms <= slowAnswerMs) return passed(detail, ms);
  return warned(
    'slow',
    `${detail} A pop asks it several times, so it comes late.`,
    'Run the hub near its database, and see whether the machine of the database is busy.',
    ms,
  );
}

/** How long the run waits for its job. */
export const jobPatienceMs = 15_000;
const lateJobMs = 3_000;

/** @param ms From ordering the job to its being worked on; null: not within {@link jobPatienceMs}. */
export function judgeJobs(ms: number | null): Outcome {
  if (ms === null) {
    return failed(
      'not-done',
      `A job that was ordered was not worked on within ${jobPatienceMs / 1000} s.`,
      'Calls are not described and webhooks not sent until jobs run again: look for ‘job worker’ in the log of the hub, and start it again.',
    );
  }
  if (ms <= lateJobMs) return passed('A job that was ordered was worked on.', ms);
  return warned(
    'late',
    'A job that was ordered was worked on late: many others wait before it.',
    'Look at the ringside_jobs figures in /metrics; it may catch up by itself after a large change.',
    ms,
  );
}

const clockWarnMs = 2_000;
const clockFailMs = 30_000;

/** @param offsetMs How far this node's clock is ahead of the database's. @param doubtMs Half the time the question took. */
export function judgeClock(offsetMs: number, doubtMs: number): Outcome {
  const off = Math.max(0, Math.abs(offsetMs) - doubtMs);
  if (off <= clockWarnMs) {
    return passed('This node and the database agree on the time.', Math.round(off));
  }
  const judge = off > clockFailMs ? failed : warned;
  return judge(
    'clock-off',
    `The clock of this node is ${(off / 1000).toFixed(1)} s ${offsetMs > 0 ? 'ahead of' : 'behind'} the clock of the database.`,
    'Switch on time synchronisation (NTP) on both machines: times of calls and the order of events depend on it.',
    Math.round(off),
  );
}

/** How a run ended, from its steps. */
export function houseVerdict(steps: readonly HouseStep[]): Exclude<HouseRun['status'], 'running'> {
  if (steps.some(({ status }) => status === 'fail')) return 'failed';
  return steps.some(({ status }) => status === 'warn') ? 'warned' : 'passed';
}

function shown(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : String(Math.round(ms));
}
