import { z } from 'zod';

/** GET /api/v1/phone-links (administrator): the links to phone systems as they are now. */
export const phoneLinkRow = z.object({
  phoneSystemId: z.uuid(),
  /** `connecting`: not tried yet, or its node just died and another takes over. */
  state: z.enum(['connected', 'lost', 'connecting']),
  connectedSince: z.iso.datetime().nullable(),
  lostSince: z.iso.datetime().nullable(),
  /** Why it is lost, and what to do. */
  reason: z.string().nullable(),
  fix: z.string().nullable(),
  /** What will not work, in whole sentences. */
  warnings: z.array(z.string()),
  /** The extensions that the phone system knows. */
  extensions: z.array(z.string()),
  lastEventAt: z.iso.datetime().nullable(),
  eventsPerMinute: z.int(),
});
export type PhoneLinkRow = z.infer<typeof phoneLinkRow>;
export const phoneLinkRows = z.array(phoneLinkRow);
