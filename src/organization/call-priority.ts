import { z } from 'zod';
import { cleanText } from '../platform/text.ts';

/** Rules that say how urgent a call is. Part of how an organization handles its calls; shared with the web app. */

/** The most urgent first. `normal` is what no rule says anything about. */
export const callPriorities = ['urgent', 'high', 'normal', 'low'] as const;
export type CallPriority = (typeof callPriorities)[number];

/** What a rule looks at. */
export const priorityConditions = ['company', 'open-case', 'queue', 'number'] as const;
export type PriorityCondition = (typeof priorityConditions)[number];

const value = z
  .string()
  .max(400)
  .overwrite((text) => cleanText(text, 400))
  .min(1)
  .max(100);

export const priorityRule = z
  .object({
    priority: z.enum(callPriorities).exclude(['normal']),
    when: z.enum(priorityConditions),
    /** Names of companies or queues, in capitals or not; numbers that were called. Of `open-case`: none. */
    values: z.array(value).max(100).default([]),
    /** Of `open-case`: an open case of this priority or a more urgent one. */
    casePriority: z.int().min(1).max(2).default(1),
  })
  .refine(({ when, values }) => when === 'open-case' || values.length > 0, {
    path: ['values'],
    message: 'Say which.',
  });
export type PriorityRule = z.infer<typeof priorityRule>;

/** The first rule that fits counts. */
export const priorityRules = z.array(priorityRule).max(50).default([]);
