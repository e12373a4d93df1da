import { z } from 'zod';
import { callResults } from '../organization/call-handling.ts';
import { callPriorities } from '../organization/call-priority.ts';
import { callerNumber } from './contract.ts';

/**
 * HTTP API of the list of missed calls, below `/api/v1`. For people with the Core plan or a higher one.
 *
 * GET /desk/missed-calls?…       a page of the list, by priority, then the latest call first (missedQuery): missedPage
 * PUT /desk/missed-calls/:id     closes an entry by hand, or opens it again (missedChange); answers the entry
 *
 * All names and numbers come from outside: they are text, never markup.
 */

const time = z.iso.datetime();

/**
 * `mine`: calls that rang the viewer; `team`: also those that rang a member of their teams, those of the queues that ring them, and those
 * that rang nobody; `all`: for administrators and for supervisors who supervise no team.
 */
export const missedScopes = ['mine', 'team', 'all'] as const;
export type MissedScope = (typeof missedScopes)[number];

export const missedQuery = z.object({
  /** Left out: the widest that the viewer may see. */
  scope: z.enum(missedScopes).optional(),
  state: z.enum(['open', 'closed']).default('open'),
  /** Only those that rang a member of this team. */
  teamId: z.uuid().optional(),
  /** `next` of the page before. */
  after: z.string().max(100).optional(),
});
export type MissedQuery = z.output<typeof missedQuery>;

/** One of the calls of an entry. */
export const missedPart = z.object({
  callId: z.uuid(),
  /** `tried`: somebody called back, and nobody answered. */
  kind: z.enum(['missed', 'tried']),
  at: time,
  queue: z.string().nullable(),
  result: z.enum(callResults).nullable(),
  /** Whose phones rang, or who called back: names, else extensions. */
  people: z.array(z.string()),
});
export type MissedPart = z.infer<typeof missedPart>;

export const missedCall = z.object({
  id: z.uuid(),
  caller: callerNumber,
  /** As found when they called last; '' where unknown. */
  name: z.string(),
  company: z.string(),
  /** Opens who it is in the CRM. */
  link: z.string().nullable(),
  /** What a rule of the organization said of their most urgent call; null: nothing. */
  priority: z.object({ level: z.enum(callPriorities), why: z.string() }).nullable(),
  firstAt: time,
  lastAt: time,
  /** How often they called. */
  times: z.int(),
  /** How often somebody called back in vain. */
  tries: z.int(),
  /** The latest first; at most ten. */
  calls: z.array(missedPart),
  /** What a rule opened for it. */
  case: z
    .object({
      /** '' until the CRM has it. */
      number: z.string(),
      shortDescription: z.string(),
      link: z.string().nullable(),
      /** `attention`: the CRM refused it, an administrator has to decide. */
      state: z.enum(['on-its-way', 'attention', 'in-crm']),
    })
    .nullable(),
  closed: z
    .object({
      at: time,
      reason: z.enum(['called-back', 'got-through', 'by-hand']),
      /** Who talked to them or closed it, where known. */
      by: z.string().nullable(),
    })
    .nullable(),
});
export type MissedCall = z.infer<typeof missedCall>;

export const missedPage = z.object({
  /** What the list shows; narrower than asked for where the viewer may not see that. */
  scope: z.enum(missedScopes),
  scopes: z.array(z.enum(missedScopes)),
  /** Teams that can be asked for. */
  teams: z.array(z.object({ id: z.uuid(), name: z.string() })),
  /** Open entries in this scope; counted up to a thousand. */
  open: z.int(),
  calls: z.array(missedCall),
  /** Null on the last page. */
  next: z.string().nullable(),
});
export type MissedPage = z.infer<typeof missedPage>;

export const missedChange = z.object({ closed: z.boolean() });

/** Entries that are counted at most. */
export const missedCountedAtMost = 1000;
