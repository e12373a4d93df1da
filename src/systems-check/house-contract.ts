import { z } from 'zod';

/**
 * HTTP API of the check of the house, below `/api/v1` (administrator): the database, the jobs, the clock, the phone systems, the mappings.
 *
 * POST /house-check starts a run or joins the running one; GET /house-check shows the latest and is polled while it runs.
 */

/** What kind of thing a step looks at. */
export const houseStepKinds = [
  'database',
  'jobs',
  'clock',
  'phone-systems',
  'phone-system',
  'mappings',
  'mapping',
] as const;

/** Why a step did not pass. Closed set: a report for support holds these instead of texts. */
export const houseCodes = [
  'slow',
  'late',
  'not-done',
  'clock-off',
  'none',
  'not-set-up',
  'link-lost',
  'link-not-held',
  'link-warnings',
  'nothing-heard',
  'long-silent',
  'extension-unknown',
  'crm-user-inactive',
  'crm-user-gone',
  'some-wrong',
  'fault',
] as const;
export type HouseCode = (typeof houseCodes)[number];

export const houseStep = z.object({
  /** Unique within a run. */
  id: z.string(),
  kind: z.enum(houseStepKinds),
  title: z.string(),
  status: z.enum(['waiting', 'running', 'pass', 'warn', 'fail', 'skip']),
  code: z.enum(houseCodes).nullable(),
  detail: z.string(),
  fix: z.string().nullable(),
  /** Milliseconds, where there is something to time. */
  ms: z.number().nullable(),
});
export type HouseStep = z.infer<typeof houseStep>;

export const houseRun = z.object({
  id: z.uuid(),
  status: z.enum(['running', 'passed', 'warned', 'failed']),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  startedBy: z.string(),
  steps: z.array(houseStep),
});
export type HouseRun = z.infer<typeof houseRun>;

/** Answer of POST: `joined` when a run was already under way. */
export const houseCheckStarted = z.object({ run: houseRun, joined: z.boolean() });
export const failedConnection = z.object({
  connectionId: z.uuid(),
  /** Of its platform, such as ServiceNow. */
  title: z.string(),
  /** The first step that failed; null where the pull did. */
  step: z.string().nullable(),
  startedAt: z.iso.datetime(),
});
export type FailedConnection = z.infer<typeof failedConnection>;

/** Answer of GET: null when there was never a run, and the connections whose own latest check is a failed one. */
export const latestHouseCheck = z.object({
  run: houseRun.nullable(),
  connections: z.array(failedConnection),
});
/** Answer of GET /house-check/report: text for support, without names, numbers, addresses or secrets. */
export const supportReport = z.object({ text: z.string() });
