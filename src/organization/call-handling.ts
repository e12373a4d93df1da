import { z } from 'zod';
import { cleanText } from '../platform/text.ts';
import { priorityRules } from './call-priority.ts';

/**
 * How an organization handles its calls: wrap-up codes, case templates, rules for missed calls, what is logged, how long it is kept. One document,
 * saved as a whole; shared with the web app. How calls are written to a CRM is a setting of that connection.
 */

const text = (max: number) =>
  z
    .string()
    .max(max * 4)
    .overwrite((value) => cleanText(value, max * 4))
    .max(max);

export const callResults = [
  'answered',
  'missed',
  'abandoned',
  'busy',
  'declined',
  'failed',
  'unknown',
] as const;
export const callDirections = ['inbound', 'outbound', 'internal'] as const;

export const wrapUpCode = z.object({
  id: z.uuid(),
  label: text(100).min(1, 'Say what the code is called.'),
  /** Codes that are not offered any more stay on the calls that have them. */
  active: z.boolean().default(true),
});
export type WrapUpCode = z.infer<typeof wrapUpCode>;

/** `{caller}`, `{company}`, `{number}`, `{queue}`, `{agent}` and `{date}` are filled in. */
export const caseTemplate = z.object({
  id: z.uuid(),
  name: text(100).min(1, 'Give the template a name.'),
  shortDescription: text(160).min(1, 'A case needs a short description.'),
  description: text(4000).default(''),
  /** Values of the connection's own choice lists; null leaves the CRM's default. */
  priority: text(40).nullable().default(null),
  category: text(40).nullable().default(null),
  /** The CRM's id of the group. */
  assignmentGroup: z
    .object({ id: z.string().max(64), name: text(200) })
    .nullable()
    .default(null),
  /** Offered first to agents. */
  isDefault: z.boolean().default(false),
});
export type CaseTemplate = z.infer<typeof caseTemplate>;

const keptDays = (least: number) =>
  z
    .int('Whole days.')
    .min(least, `At least ${least} days.`)
    .max(3650, 'At most 3650 days; or keep it for ever.')
    .nullable()
    .default(null);

export const callHandling = z.object({
  wrapUp: z
    .object({
      codes: z.array(wrapUpCode).max(100).default([]),
      required: z.boolean().default(false),
      /** Wrap-up ends by itself after so many seconds; null: when the agent finishes. */
      seconds: z.int().min(5).max(3600).nullable().default(null),
    })
    .prefault({}),
  caseTemplates: z.array(caseTemplate).max(100).default([]),
  missedCalls: z
    .object({
      /** Opens a case for a missed or abandoned call by itself. */
      openCase: z.boolean().default(false),
      /** Only calls of these queues, in capitals or not; empty: all. */
      queues: z.array(text(100).min(1)).max(100).default([]),
      /** Only callers whose number the CRM has with a contact, consumer or customer. */
      knownOnly: z.boolean().default(true),
      /** Further calls of the number within so many hours after the case was opened go to the same case. */
      foldHours: z.int().min(1).max(168).default(24),
      /** Only outside or only within the opening hours below. */
      when: z.enum(['always', 'open', 'closed']).default('always'),
      /** Null: Ringside's own words. */
      templateId: z.uuid().nullable().default(null),
    })
    .prefault({}),
  /** Which calls come first. Rest while the organization lacks the plan. */
  priorities: priorityRules,
  /** In the organization's time zone; a weekday (0 Monday … 6 Sunday) without an entry is closed. */
  openingHours: z
    .array(
      z.object({
        weekday: z.int().min(0).max(6),
        from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time such as 09:00.'),
        to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'A time such as 17:30.'),
      }),
    )
    .max(50)
    .default([]),
  /** Which calls are written to the CRM when they end. */
  logging: z
    .object({
      directions: z.array(z.enum(callDirections)).default(['inbound', 'outbound']),
      results: z.array(z.enum(callResults)).default([...callResults]),
      /** Answered calls that talked for less are not logged. */
      minimumSeconds: z.int().min(0).max(3600).default(0),
    })
    .prefault({}),
  /** How many days after their end Ringside keeps what it knows of calls; null: for ever. See src/privacy/forget-calls.ts. */
  retention: z
    .object({
      calls: keptDays(30),
      /** What people noted; null: as long as the call. */
      notes: keptDays(30),
      /** What the phone system told, event by event; null: as long as the call. */
      events: keptDays(7),
    })
    .prefault({}),
});
export type CallHandling = z.infer<typeof callHandling>;

/** What counts until an administrator saves something else. */
export const defaultCallHandling: CallHandling = callHandling.parse({});

/** A change: only the parts that are there, each as a whole. Without the defaults, which would put back what is left out. */
export const callHandlingInput = z.object({
  wrapUp: callHandling.shape.wrapUp.unwrap().optional(),
  caseTemplates: callHandling.shape.caseTemplates.unwrap().optional(),
  missedCalls: callHandling.shape.missedCalls.unwrap().optional(),
  priorities: callHandling.shape.priorities.unwrap().optional(),
  openingHours: callHandling.shape.openingHours.unwrap().optional(),
  logging: callHandling.shape.logging.unwrap().optional(),
  retention: callHandling.shape.retention.unwrap().optional(),
});
