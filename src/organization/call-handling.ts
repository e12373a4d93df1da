import { z } from 'zod';
import { cleanText } from '../platform/text.ts';

/**
 * How an organization handles its calls: wrap-up codes, case templates, what is logged. One document,
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
  /** Offered first. */
  isDefault: z.boolean().default(false),
});
export type CaseTemplate = z.infer<typeof caseTemplate>;

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
  /** Which calls are written to the CRM when they end. */
  logging: z
    .object({
      directions: z.array(z.enum(callDirections)).default(['inbound', 'outbound']),
      results: z.array(z.enum(callResults)).default([...callResults]),
      /** Answered calls that talked for less are not logged. */
      minimumSeconds: z.int().min(0).max(3600).default(0),
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
  logging: callHandling.shape.logging.unwrap().optional(),
});
