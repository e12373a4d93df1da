import { z } from 'zod';

/**
 * The notifier channels that the Desk listens to. A message is a hint that something changed; the tables say what. Every
 * sender and this room read the payload by these schemas.
 */

/** A call changed (calls/ publishes it in the transaction that stores the change). */
export const callsChannel = 'calls';
export const callChanged = z.object({
  organizationId: z.string(),
  callId: z.string(),
  /** Whose phones have a part in it, or had; a node that serves none of them need not read it. Not given: it is to be read. */
  extensions: z.array(z.string()).optional(),
});

/** Plans, extensions, mappings or who is active may have changed: to be published after every Save of an organization. */
export const peopleChannel = 'people';
export const peopleChanged = z.object({ organizationId: z.string() });

/** Sessions of somebody ended: the streams that they opened are to end at once. */
export const sessionsChannel = 'sessions';
export const sessionsEnded = z.object({ organizationId: z.string(), personId: z.string() });

/** Somebody chose a candidate (`personId` null: it concerns everybody with the call) or dismissed a pop. */
export const deskChannel = 'desk';
export const deskChanged = z.object({
  organizationId: z.string(),
  callId: z.string(),
  dismissedBy: z.string().nullable(),
});
export type DeskChanged = z.infer<typeof deskChanged>;

/** A phone system's link was lost or is back. */
export const linksChannel = 'phone-links';
export const linkChanged = z.object({ organizationId: z.string() });

/** Writes to a CRM were ordered, or may go on. */
export const outboxChannel = 'outbox';

/** Something changed in an organization's list of missed calls. */
export const missedChannel = 'missed-calls';
export const missedChanged = z.object({ organizationId: z.string() });
