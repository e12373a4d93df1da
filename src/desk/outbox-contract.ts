import { z } from 'zod';

/** HTTP shapes of the outbox, shared with the web app. */

export const writeKinds = [
  'create-case',
  'update-case',
  'add-note',
  'create-contact',
  'create-customer',
  'update-contact',
  'log-call',
] as const;

/** A write as people see it. `waiting` and `sending`: saved here, on its way; `delivered`: it is in the CRM. */
export const writeView = z.object({
  id: z.uuid(),
  /** 'Note on CS0001234' */
  subject: z.string(),
  kind: z.enum(writeKinds),
  state: z.enum(['waiting', 'sending', 'delivered', 'attention']),
  /** What it made or changed, once delivered. */
  record: z.object({ id: z.string(), number: z.string(), link: z.string().nullable() }).nullable(),
  /** Why it waits longer than usual, or why nothing more is tried. */
  reason: z.string().nullable(),
  /** What to do about it. */
  fix: z.string().nullable(),
  /** When it was ordered; once delivered, when it was. */
  at: z.iso.datetime(),
});
export type WriteView = z.infer<typeof writeView>;
