import { z } from 'zod';

/** HTTP API of the audit log. All paths are below `/api/v1`. */

export const auditEntry = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  /** Who did it; Ringside itself has no id. */
  by: z.object({ id: z.uuid().nullable(), name: z.string() }),
  /** A verb and a noun, such as `invite person`. */
  action: z.string(),
  subject: z.string(),
  /** What changed, by name; never a secret. */
  detail: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** GET /audit and /audit.csv (administrator): the newest first. */
export const auditQuery = z.object({
  /** Somebody's name, an action or a subject holds this text. */
  q: z.string().trim().max(100).default(''),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  /** `next` of the page before. */
  after: z.string().max(100).optional(),
});
export type AuditQuery = z.output<typeof auditQuery>;

export const auditPage = z.object({
  entries: z.array(auditEntry),
  /** Null on the last page. */
  next: z.string().nullable(),
});
