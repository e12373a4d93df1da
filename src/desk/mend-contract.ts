import { z } from 'zod';
import { writeView } from './outbox-contract.ts';

/**
 * HTTP API of writes that somebody has to look at, below `/api/v1`. An agent sees and mends their own, an administrator all.
 *
 * GET  /desk/writes                 the viewer's own that need attention or are on their way (writeList)
 * GET  /outbox                      administrators: how it goes with every connection (outboxOverview)
 * GET  /outbox/writes?connectionId= administrators: the same list for a connection
 * GET  /outbox/writes/:id           what a write says (writeDetail)
 * POST /outbox/writes/:id/retry     tries again, with changed fields where given (writeRetry)
 * POST /outbox/writes/:id/drop      gives it up
 */

export const listedWrite = writeView.extend({
  connectionId: z.uuid(),
  callId: z.uuid().nullable(),
  /** Who ordered it; 'Ringside' for the hub itself. */
  person: z.string(),
  attempts: z.int(),
});
export type ListedWrite = z.infer<typeof listedWrite>;
export const writeList = z.object({ writes: z.array(listedWrite) });

export const writeField = z.object({
  name: z.string(),
  value: z.string(),
  /** Ids of records and the like stay as they are. */
  editable: z.boolean(),
  /** What people call the field. */
  label: z.string(),
  /** What people call the value, where it is the id of a record or a choice; null where it is not known, or text. */
  shown: z.string().nullable(),
  /** What may be chosen instead; null: any text. */
  choices: z.array(z.object({ value: z.string(), label: z.string() })).nullable(),
});
export type ShownField = z.infer<typeof writeField>;
export const writeDetail = listedWrite.extend({
  fields: z.array(writeField),
  /** Later writes that wait for this one. */
  waitingFor: z.int(),
});
export type WriteDetail = z.infer<typeof writeDetail>;

export const writeRetry = z.object({
  /** Only what is to change. */
  fields: z.record(z.string().max(40), z.string().max(16_000)).default({}),
});

export const outboxOverview = z.object({
  connections: z.array(
    z.object({
      connectionId: z.uuid(),
      waiting: z.int(),
      attention: z.int(),
      deliveredLastHour: z.int(),
      /** When the oldest that waits was ordered. */
      oldest: z.iso.datetime().nullable(),
      /** Why nothing is sent just now; null while all is well. */
      reason: z.string().nullable(),
      fix: z.string().nullable(),
      failingSince: z.iso.datetime().nullable(),
      /** After refused sign-ins nothing is tried until the connection is saved or checked. */
      stopped: z.boolean(),
    }),
  ),
});
export type OutboxOverview = z.infer<typeof outboxOverview>;
