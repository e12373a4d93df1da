import { z } from 'zod';
import { callSummary } from './call-summary-contract.ts';

/** A call that was had before with the same contact or number. */
export const earlierCall = callSummary.extend({
  id: z.uuid(),
  startedAt: z.iso.datetime(),
  direction: z.enum(['inbound', 'outbound', 'internal']),
  result: z.enum(['answered', 'missed', 'abandoned', 'busy', 'declined', 'failed', 'unknown']),
  queue: z.string().nullable(),
  /** Null: nobody talked. */
  secondsTalked: z.int().nullable(),
  /** Who talked: a name, else an extension; null: nobody of the house, or it is not known who. */
  agent: z.string().nullable(),
  /** With whom it was, where that is somebody else than who is shown; '' for the same, or not known. */
  otherParty: z.string(),
});
export type EarlierCall = z.infer<typeof earlierCall>;

export const earlierCalls = z.object({
  /** The newest first. */
  calls: z.array(earlierCall),
  /** Asks for those before, GET /desk/calls/:callId/earlier?after=; null when there are none. */
  next: z.string().nullable(),
});
export type EarlierCalls = z.infer<typeof earlierCalls>;

export const noEarlierCalls: EarlierCalls = { calls: [], next: null };

export const earlierQuery = z.object({
  /** `next` of what was shown before. */
  after: z.string().max(100).optional(),
});
