import { z } from 'zod';

/** What was done with a call, for lists of calls; shared by the Desk's earlier calls and the history. */

/** What one person noted about a call, sent or not. */
export const callNote = z.object({
  /** '' when that person is gone. */
  by: z.string(),
  text: z.string(),
  /** There is more of it than stands here. */
  cut: z.boolean(),
});
export type CallNote = z.infer<typeof callNote>;

/** The case that a call was about. */
const callCase = z.object({
  /** '' while it is still to be made. */
  number: z.string(),
  shortDescription: z.string(),
  link: z.string().nullable(),
});

export const callSummary = z.object({
  notes: z.array(callNote),
  /** What the wrap-up codes were called then. */
  wrapUpCodes: z.array(z.string()),
  case: callCase.nullable(),
});
export type CallSummary = z.infer<typeof callSummary>;

export const emptySummary: CallSummary = { notes: [], wrapUpCodes: [], case: null };
