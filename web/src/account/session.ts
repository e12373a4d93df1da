import { z } from 'zod';

/** One place where the account is signed in, as GET /sessions lists it. */
export const session = z.object({
  id: z.string(),
  /** The session that asks. */
  current: z.boolean(),
  createdAt: z.string(),
  lastUsedAt: z.string(),
  address: z.string(),
  userAgent: z.string(),
});
export type Session = z.infer<typeof session>;
export const sessions = z.array(session);
