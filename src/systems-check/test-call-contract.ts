import { z } from 'zod';

/**
 * HTTP API of test calls, below `/api/v1` (administrator).
 *
 * POST /test-call places one, or joins the viewer's own that is under way; GET /test-call shows the viewer's latest and is polled
 * while it goes on. It goes the whole way of a call to the viewer's own browsers, and no further.
 */

/** The hops of a call from the phone system to the browser, in their order. */
export const hopIds = ['received', 'committed', 'matched', 'streamed', 'shown'] as const;
export type HopId = (typeof hopIds)[number];

/** Why a hop did not pass. Closed set: a report for support holds these instead of texts. */
export const hopCodes = [
  'never-came',
  'no-stream',
  'not-shown',
  'not-found',
  'empty-mirror',
  'slow',
  'fault',
] as const;

export const hop = z.object({
  id: z.enum(hopIds),
  title: z.string(),
  status: z.enum(['waiting', 'running', 'pass', 'warn', 'fail', 'skip']),
  code: z.enum(hopCodes).nullable(),
  detail: z.string(),
  fix: z.string().nullable(),
  /** Milliseconds from the start of the test to the end of this hop; null: it never came. */
  ms: z.number().nullable(),
});
export type Hop = z.infer<typeof hop>;

export const testCall = z.object({
  id: z.uuid(),
  phoneSystemId: z.uuid(),
  status: z.enum(['running', 'passed', 'warned', 'failed']),
  startedAt: z.iso.datetime(),
  startedBy: z.string(),
  hops: z.array(hop),
});
export type TestCall = z.infer<typeof testCall>;

export const testCallInput = z.object({ phoneSystemId: z.uuid() });
/** Answer of POST: `joined` when one of the viewer's was already under way. */
export const testCallStarted = z.object({ test: testCall, joined: z.boolean() });
/** Answer of GET: null when the viewer never placed one. */
export const latestTestCall = z.object({ test: testCall.nullable() });
