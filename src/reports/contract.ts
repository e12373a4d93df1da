import { z } from 'zod';
import { callSummary } from '../desk/call-summary-contract.ts';
import { callerNumber } from '../desk/contract.ts';
import { callDirections, callResults } from '../organization/call-handling.ts';

/**
 * HTTP API of the call history, below `/api/v1`. Agents see their own calls, those of the queues that ring them and of their teams,
 * supervisors of teams those of their teams, other supervisors and administrators all.
 *
 * GET /calls?…            a page of the history, the newest first (callQuery): callPage
 * GET /calls/filters      what can be filtered by: callFilters
 * GET /calls/:callId      what happened to one call: callStory
 * GET /calls.csv?…        the same list as CSV, for supervisors
 *
 * All names, numbers and notes come from outside: they are text, never markup.
 */

const time = z.iso.datetime();
const link = z.string().nullable();
/** Commas separate several; nothing at all is as good as leaving it out. */
const several = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').filter((part) => part !== '') : value),
    z.array(item).max(20).default([]),
  );

export const callScopes = ['mine', 'team', 'all'] as const;
export type CallScope = (typeof callScopes)[number];

export const callQuery = z.object({
  /** Left out: the widest that the viewer may see. `team`: of the queues that ring the viewer, of their teams' members, and their own. */
  scope: z.enum(callScopes).optional(),
  direction: z.enum(callDirections).optional(),
  results: several(z.enum(callResults)),
  queue: z.string().max(200).optional(),
  personId: z.uuid().optional(),
  /** Of the members of a team. */
  teamId: z.uuid().optional(),
  /** A telephone number, or the beginning of one, or of a name. */
  q: z.string().trim().max(100).default(''),
  from: time.optional(),
  to: time.optional(),
  /** `next` of the page before. */
  after: z.string().max(100).optional(),
});
export type CallQuery = z.output<typeof callQuery>;

/** Times in the file are those of this zone. */
export const exportQuery = callQuery.extend({ timeZone: z.string().max(60).default('UTC') });
export type ExportQuery = z.output<typeof exportQuery>;

/** An extension and whose it was then. */
export const phoneName = z.object({ extension: z.string(), name: z.string().nullable() });
export type PhoneName = z.infer<typeof phoneName>;

export const transferStep = z.object({
  kind: z.enum(['blind', 'attended', 'pickup', 'park', 'redirect']),
  /** Names where known, else extensions or numbers; null: nobody yet. */
  from: z.string().nullable(),
  to: z.string().nullable(),
});

export const listedCall = callSummary.extend({
  id: z.uuid(),
  startedAt: time,
  answeredAt: time.nullable(),
  /** Null while it is up. */
  endedAt: time.nullable(),
  direction: z.enum(callDirections),
  /** Null while it is up. */
  result: z.enum(callResults).nullable(),
  queue: z.string().nullable(),
  /** The party outside; of a call in the house, the phone that called. */
  party: callerNumber,
  /** As found then; '' where unknown. */
  name: z.string(),
  company: z.string(),
  /** The number or extension that was called, for people. */
  dialled: z.string(),
  answeredBy: phoneName.nullable(),
  /** Who talked to the far end of a call by us. */
  placedBy: phoneName.nullable(),
  transfers: z.array(transferStep),
  recorded: z.boolean(),
});
export type ListedCall = z.infer<typeof listedCall>;

export const callPage = z.object({
  /** What the list shows; wider was asked for than the viewer may see when it differs from what was asked. */
  scope: z.enum(callScopes),
  /** Calls that are up, on the first page. */
  running: z.array(listedCall),
  calls: z.array(listedCall),
  /** Null on the last page. */
  next: z.string().nullable(),
});
export type CallPage = z.infer<typeof callPage>;

export const callFilters = z.object({
  scopes: z.array(z.enum(callScopes)),
  queues: z.array(z.string()),
  /** Whose calls can be asked for; empty for agents. */
  people: z.array(z.object({ id: z.uuid(), name: z.string(), extension: z.string().nullable() })),
  /** Teams whose calls can be asked for; empty where the organization has none of its plan. */
  teams: z.array(z.object({ id: z.uuid(), name: z.string() })),
  /** May export. */
  canExport: z.boolean(),
});
export type CallFilters = z.infer<typeof callFilters>;

/** One thing that happened to a call. */
export const callStep = z.object({
  /** By our clock. */
  at: time,
  /** `phone`: told by the phone system; `desk`: what Ringside or an agent did. */
  source: z.enum(['phone', 'desk']),
  text: z.string(),
  tone: z.enum(['plain', 'good', 'bad']),
});
export type CallStep = z.infer<typeof callStep>;

/** What to do about something, and where. */
export const mend = z.object({
  text: z.string(),
  /** A place in Ringside, such as `/admin/organization#crm-user-mappings`; null: elsewhere, or not the viewer's to mend. */
  to: z.string().nullable(),
});
export type Mend = z.infer<typeof mend>;

/** Why a pop came or did not, for one extension that took part. */
export const popReason = z.object({
  extension: z.string(),
  /** Whose it was then; null: nobody's. */
  person: z.string().nullable(),
  /** Null: it placed the call or took it by its own action. */
  rangAt: time.nullable(),
  mapped: z.boolean(),
  plan: z.string().nullable(),
  sentAt: time.nullable(),
  /** How many browsers it went to. */
  browsers: z.int().nullable(),
  shownAt: time.nullable(),
  shownIn: z.string().nullable(),
  /** `shown`: a browser says so; `sent`: none does; `none`: there was no pop. */
  verdict: z.enum(['shown', 'sent', 'none']),
  /** Why, in one sentence. */
  text: z.string(),
  mend: mend.nullable(),
});
export type PopReason = z.infer<typeof popReason>;

/** Who the number was found to belong to, then. */
export const foundParty = z.object({
  at: time,
  /** As received, and in the form that is compared. */
  number: z.string(),
  e164: z.string().nullable(),
  status: z.enum(['one', 'several', 'none', 'anonymous']),
  candidates: z.array(
    z.object({ key: z.string(), name: z.string(), company: z.string(), reason: z.string(), link }),
  ),
  candidateCount: z.int(),
  /** Key of the candidate whom the call counts with; null: nobody, or none of these. */
  chosen: z.string().nullable(),
  asOf: time.nullable(),
  /** Why nobody was found, in one sentence; null when somebody was. */
  text: z.string().nullable(),
  mend: mend.nullable(),
});
export type FoundParty = z.infer<typeof foundParty>;

export const callStory = z.object({
  call: listedCall,
  /** The phone system and its own id of the call. */
  source: z.object({ phoneSystem: z.string(), id: z.string() }),
  held: z.boolean(),
  /** The phone system's name of the recording. */
  recording: z.string().nullable(),
  /** How far the phone system's clock was from ours, in seconds, where that confuses; null: not far. */
  clockAhead: z.number().nullable(),
  found: foundParty.nullable(),
  /** Why nothing popped for anybody; null when the phones below tell. */
  text: z.string().nullable(),
  mend: mend.nullable(),
  pops: z.array(popReason),
  steps: z.array(callStep),
});
export type CallStory = z.infer<typeof callStory>;
