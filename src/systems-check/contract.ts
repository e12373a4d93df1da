import { z } from 'zod';
import { caseRightCodes, checkCodes, checkStepIds } from '../crm/check-step.ts';
import { recordKinds } from '../crm/record.ts';

/**
 * HTTP API of the room `systems-check/`, below `/api/v1`.
 *
 * POST /connections/:id/systems-check starts a run or joins the running one; GET /connections/:id/systems-check shows the
 * latest run and is polled while it runs. POST /connections/:id/systems-check/:runId/cancel stops it.
 */

export const stepView = z.object({
  id: z.enum(checkStepIds),
  title: z.string(),
  status: z.enum(['waiting', 'running', 'pass', 'warn', 'fail', 'skip']),
  code: z.enum(checkCodes).nullable(),
  detail: z.string(),
  fix: z.string().nullable(),
  ms: z.number().nullable(),
});
export type StepView = z.infer<typeof stepView>;

export const pullView = z.object({
  kind: z.enum(recordKinds),
  status: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  done: z.int(),
  /** Null while the CRM has not said. */
  total: z.int().nullable(),
  /** Rows a second, and seconds left; null while unknown. */
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  message: z.string().nullable(),
});
export type PullView = z.infer<typeof pullView>;

/** What the pull found odd in the data. */
export const oddity = z.object({
  kind: z.enum(['contact-without-name', 'undiallable-number', 'shared-number']),
  count: z.int(),
  /** A few, for a look: name and raw number, or number and how many share it. Link opens the record in the CRM. */
  examples: z.array(z.object({ text: z.string(), link: z.string().nullable() })).max(10),
});
export type Oddity = z.infer<typeof oddity>;

/** Whether cases can be opened, as far as that can be known without opening one. */
export const caseRight = z.object({
  answer: z.enum(['yes', 'likely', 'no', 'unknown']),
  code: z.enum(caseRightCodes),
  detail: z.string(),
  fix: z.string().nullable(),
});

export const checkRun = z.object({
  id: z.uuid(),
  connectionId: z.uuid(),
  platform: z.string(),
  status: z.enum(['running', 'passed', 'warned', 'failed', 'cancelled']),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  startedBy: z.string(),
  steps: z.array(stepView),
  pulls: z.array(pullView),
  counts: z
    .object({ users: z.int(), customers: z.int(), contacts: z.int(), cases: z.int() })
    .nullable(),
  oddities: z.array(oddity),
  /** Null until it was looked at, and where the steps say that nothing works. */
  caseRight: caseRight.nullable(),
  /** Nobody asked for the run: the steps were made, and nothing pulled. */
  byNight: z.boolean(),
});
export type CheckRun = z.infer<typeof checkRun>;

/** Answer of POST: `joined` when a run was already under way. */
export const checkStarted = z.object({ run: checkRun, joined: z.boolean() });
/** Answer of GET: null when there was never a run. */
export const latestCheck = z.object({ run: checkRun.nullable() });
