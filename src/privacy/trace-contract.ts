import { z } from 'zod';

/** HTTP API of one caller's traces, for administrators, below `/api/v1`. In bodies, so that no number stands in an address. */

/** Whose traces are meant: a telephone number in any notation, or a record's key, `contact:<connection>:<id>`. */
export const traceQuery = z.object({ who: z.string().trim().min(1).max(200) });

/** What Ringside holds of them, in numbers. */
const traceCounts = z.object({
  calls: z.int(),
  notes: z.int(),
  /** Entries of the missed list. */
  missedCalls: z.int(),
  /** Writes to the CRM that are kept here. */
  writes: z.int(),
  /** Whom the number was said to be. */
  choices: z.int(),
  /** Bodies that were sent to webhooks. */
  deliveries: z.int(),
});
export type TraceCounts = z.infer<typeof traceCounts>;

/** A record of the CRM that tells of their calls; Ringside deletes nothing there. */
const keptRecord = z.object({
  connectionId: z.uuid(),
  /** As in src/crm/port.ts, or 'interaction'. */
  type: z.string(),
  id: z.string(),
  number: z.string(),
});
export type KeptRecord = z.infer<typeof keptRecord>;

/** POST /privacy/traces */
export const traceSummary = z.object({
  /** What must be typed to erase: the number as it is compared, or the name. */
  name: z.string(),
  counts: traceCounts,
  /** Calls that still go on, are worked on, or whose writes wait for the CRM: nothing is erased as long as there are any. */
  busy: z.int(),
  kept: z.array(keptRecord),
  /** Records of them in the mirror: they follow the CRM, and go when they are deleted there. */
  mirrored: z.int(),
});
export type TraceSummary = z.infer<typeof traceSummary>;

/** POST /privacy/traces/export: rows by what they tell of, as they are stored. */
export const traceExport = z.object({
  name: z.string(),
  exportedAt: z.iso.datetime(),
  summary: traceSummary,
  rows: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
});
export type TraceExport = z.infer<typeof traceExport>;

/** POST /privacy/traces/erase answers what is left: traceSummary, with what was erased as `counts`. */
export const eraseInput = traceQuery.extend({
  /** `name` of the summary, typed. */
  confirm: z.string().max(400),
});
