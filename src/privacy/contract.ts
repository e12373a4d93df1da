import { z } from 'zod';
import { callHandling } from '../organization/call-handling.ts';

/** HTTP API of what is kept and what is erased. All paths are below `/api/v1`; all are for administrators. */

/** POST /privacy/retention: what the next night would delete if calls were kept so long. */
export const retentionInput = callHandling.shape.retention.unwrap();

export const retentionPreview = z.object({
  calls: z.int(),
  /** Notes of calls that stay. */
  notes: z.int(),
  /** Calls that stay and lose the events that the phone system told. */
  journals: z.int(),
  /** Calls that are old enough, and stay as long as something of them is open. */
  held: z.int(),
});
export type RetentionPreview = z.infer<typeof retentionPreview>;
