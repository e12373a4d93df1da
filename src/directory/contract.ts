import { z } from 'zod';

/**
 * HTTP API of the room `directory/`, below `/api/v1`, for administrators.
 *
 * GET  /connections/:id/sync   how the mirror of a connection is kept fresh (syncView)
 * POST /connections/:id/sync   'Pull now', or with `everything` 'Pull everything again'; answers syncView
 * PUT  /connections/:id/sync   how often, and how long closed cases are kept (syncSettings); answers syncView
 */

const time = z.iso.datetime().nullable();

export const syncView = z.object({
  /**
   * `unchecked`: never checked, so nothing is read. `stopped`: sign-ins were refused; somebody must change or check the
   * connection. `pulling`: everything is being pulled. `failing`: the last round failed, another one follows.
   */
  state: z.enum(['unchecked', 'stopped', 'pulling', 'failing', 'fresh']),
  /** Seconds between two rounds. */
  everySeconds: z.int(),
  /** Closed cases are kept for so many days after their last change. */
  caseDays: z.int(),
  nextAt: time,
  /** When the last complete pull began. */
  lastPullAt: time,
  /** Seconds by which contacts and cases may be behind; null before the first complete pull. */
  lagSeconds: z.int().nullable(),
  /** 'Pull everything again' was asked for and is not done. */
  everythingWanted: z.boolean(),
  /** False: deletions are found at night only, since the CRM does not let us read them; null: not known. */
  removalsReadable: z.boolean().nullable(),
  rows: z.array(
    z.object({
      type: z.enum(['user', 'customer', 'contact', 'consumer', 'case']),
      count: z.int(),
    }),
  ),
  kinds: z.array(
    z.object({
      kind: z.enum(['users', 'customers', 'contacts', 'cases']),
      status: z.enum(['running', 'done', 'failed', 'cancelled']),
      /** Records of the last pull so far, and in all as the CRM says. */
      done: z.int(),
      total: z.int().nullable(),
      /** All that the CRM knew then is here. */
      asOf: time,
    }),
  ),
  usage: z
    .object({
      requestsLastHour: z.int(),
      /** Of the CRM, per hour; null when it tells of none. */
      limit: z.int().nullable(),
      resetsAt: time,
    })
    .nullable(),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      fix: z.string(),
      at: time,
      /** Rounds that failed in a row. */
      failures: z.int(),
    })
    .nullable(),
});
export type SyncView = z.infer<typeof syncView>;

export const syncOrder = z.object({ everything: z.boolean().default(false) });

export const syncSettings = z.object({
  everySeconds: z.int().min(5).max(86_400),
  caseDays: z.int().min(1).max(3_650),
});
