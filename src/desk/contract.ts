import { z } from 'zod';
import { callPriorities } from '../organization/call-priority.ts';
import { earlierCalls } from './earlier-call-contract.ts';
import { callWork } from './work-contract.ts';

export type { CallWork } from './work-contract.ts';

/**
 * HTTP API of the room `desk/`, below `/api/v1`.
 *
 * GET  /desk/stream                  server-sent events, see deskEvent
 * GET  /desk/pops                    the viewer's pops now (what the stream's `pops` event says)
 * POST /desk/pops/:callId/match      chooses one of several candidates (matchChoice); answers the pop
 * PUT  /desk/pops/:callId/memory     forgets whom the number was said to be, or undoes that (callerMemory); answers the pop
 * POST /desk/pops/shown              this browser shows these calls (shownPops); 204
 * POST /desk/test-calls/:id/shown    this browser shows that a test call of the Systems Check has come; 204
 * POST /desk/pops/:callId/dismiss    takes an ended pop off the viewer's Desk; 204
 * POST /desk/call                    rings the viewer's phone, then dials (callInput); 204 once the phone was lifted
 * GET  /desk/calls/:callId/earlier    more of the earlier calls with the same caller (earlierCalls)
 * POST /calls                        rings the phone of an extension, then dials (orderedCall); 204; for API keys alone
 * GET  /lookup?number=               who would pop, and why (lookupAnswer)
 *
 * All names, numbers and descriptions come from outside: they are text, never markup.
 */

const link = z.string().nullable();
const time = z.iso.datetime();

export const openCase = z.object({
  id: z.string(),
  number: z.string(),
  shortDescription: z.string(),
  state: z.string(),
  priority: z.string(),
  /** Sort key of the priority, 1 = most urgent; 99 unknown. */
  priorityRank: z.int(),
  openedAt: time.nullable(),
  link,
});
export type OpenCase = z.infer<typeof openCase>;

/** Why a candidate matched, as parts and as the sentence shown. */
export const matchReason = z.object({
  /** `mobile phone` */
  label: z.string(),
  /** The CRM's field name, `mobile_phone`. */
  field: z.string(),
  /** The number as stored, `(030) 123-45`. */
  raw: z.string(),
  /** When the CRM last changed the record. */
  updatedAt: time.nullable(),
  /** The number is on its way to the CRM: since when, and who put it there; null: the CRM has it. */
  pending: z.object({ at: time, by: z.string().nullable() }).nullable(),
  /** 'mobile phone of contact Ada Berg, as stored: (030) 123-45' without the age, which the screen adds. */
  text: z.string(),
});

export const candidate = z.object({
  /** Stable within the organization: `contact:<connection>:<id>`. */
  key: z.string(),
  kind: z.enum(['contact', 'consumer', 'customer', 'user']),
  name: z.string(),
  title: z.string(),
  email: z.string(),
  city: z.string(),
  country: z.string(),
  customer: z.object({ name: z.string(), link }).nullable(),
  link,
  reason: matchReason,
  openCases: z.array(openCase),
  /** Open cases in all; openCases holds at most 20, and none for candidates after the fifth that were not chosen. */
  openCaseCount: z.int(),
  /** When somebody last chose this one of several with the number; `by` is null when that person is gone. */
  lastChosen: z.object({ at: time, by: z.string().nullable() }).nullable(),
  /** The record is still being made in the CRM, which has no id or link for it yet. */
  provisional: z.boolean(),
});
export type Candidate = z.infer<typeof candidate>;

export const callerNumber = z.object({
  /** As received, made harmless and cut to 64 characters. */
  raw: z.string(),
  /** Null when nobody can dial it. */
  e164: z.string().nullable(),
  /** How to write it for the reader: international notation, or the raw text. */
  display: z.string(),
  /** Country it belongs to, ISO 3166 alpha-2, or null. */
  country: z.string().nullable(),
  anonymous: z.boolean(),
});
export type CallerNumber = z.infer<typeof callerNumber>;

export const match = z.object({
  status: z.enum(['one', 'several', 'none', 'anonymous']),
  /** Key of the candidate shown; null while several wait to be chosen from. */
  chosen: z.string().nullable(),
  /** Best first; at most 50. */
  candidates: z.array(candidate),
  /** Somebody looked and left the caller unknown; then nobody is chosen. */
  leftUnknown: z.boolean(),
  /** The customer when all candidates share it. */
  sharedCustomer: z.object({ name: z.string(), link }).nullable(),
});
export type Match = z.infer<typeof match>;

/** What the caller's card says beyond the match. Of nobody's record while several candidates wait to be chosen from. */
export const popCard = z.object({
  /** All numbers of the record that is shown, in the order of its fields. */
  numbers: z.array(
    z.object({
      /** `mobile phone` */
      label: z.string(),
      number: callerNumber,
      /** To be dialled after the number was answered; '' for none. */
      extension: z.string(),
      /** The number of this call. */
      matches: z.boolean(),
    }),
  ),
  /** As the CRM spells it, `de`; '' when it does not say. */
  language: z.string(),
  /** The caller's IANA time zone, and what it was worked out from; null where it is not known for sure. */
  timeZone: z.object({ name: z.string(), from: z.enum(['country', 'city', 'number']) }).nullable(),
  /** The call's way through the house, in its order. */
  transfers: z.array(
    z.object({
      kind: z.enum(['blind', 'attended', 'pickup', 'park', 'redirect', 'passed-on']),
      /** People's names, extensions or numbers; null when not known. */
      from: z.string().nullable(),
      to: z.string().nullable(),
      /** Which of the two the viewer is. */
      own: z.enum(['from', 'to']).nullable(),
      at: time.nullable(),
    }),
  ),
  /** The last calls before this one with the record that is shown, or with the number. */
  earlier: earlierCalls,
});
export type PopCard = z.infer<typeof popCard>;

export const pop = z.object({
  callId: z.uuid(),
  /** What the call does at the viewer's phone; `held`: that phone has put the other party on hold. */
  state: z.enum(['ringing', 'talking', 'held', 'ended']),
  direction: z.enum(['inbound', 'outbound', 'internal']),
  caller: callerNumber,
  /** An internal consultation: the colleague who asks about the caller. Null: the caller is at the other end. */
  askedBy: z.string().nullable(),
  /** The number that was dialled, for people; '' when not known. */
  dialled: z.string(),
  queue: z.string().nullable(),
  /** What a rule of the organization says of it; null: nothing, it is a call like others. */
  priority: z.object({ level: z.enum(callPriorities), why: z.string() }).nullable(),
  startedAt: time,
  answeredAt: time.nullable(),
  endedAt: time.nullable(),
  /** Set when ended. */
  result: z
    .enum(['answered', 'missed', 'abandoned', 'busy', 'declined', 'failed', 'unknown'])
    .nullable(),
  match,
  card: popCard,
  /** The mirror's age: when it last heard from the CRM; null when it never did. */
  asOf: time.nullable(),
  /** Note, tagged case, wrap-up and writes of the call. */
  work: callWork,
});
export type Pop = z.infer<typeof pop>;

/** Why a signed-in person gets no pops; null when they do. */
export const deskBlock = z.enum(['no-plan', 'no-extension', 'not-mapped']).nullable();

export const deskState = z.object({
  pops: z.array(pop),
  blocked: deskBlock,
  /** Phone systems that Ringside cannot hear just now: calls there do not pop. */
  phoneLinks: z.array(z.object({ name: z.string(), since: time })).default([]),
  /** A phone system is connected that can place calls: POST /desk/call. */
  canCall: z.boolean().default(false),
  /** The server's time, so that clocks in the browser run right. */
  now: time,
});
export type DeskState = z.infer<typeof deskState>;

/**
 * Server-sent events: `event: state` data deskState (first, and after every reconnect); `event: pop` data pop (new or changed: replace by
 * callId); `event: gone` data {callId, reason}; `event: tick` data {now} every 20 s, so that a browser notices a dead line;
 * `event: missed` data missedNews after every state and whenever the list of missed calls changed, for who has the plan.
 * `event: test` data testNews when a test call that this person started has arrived.
 * A comment line every 15 s keeps proxies awake.
 */
export const popGone = z.object({
  callId: z.uuid(),
  reason: z.enum(['answered-elsewhere', 'dismissed', 'withdrawn']),
  /** Who answered, where known. */
  by: z.string().nullable(),
});
export type PopGone = z.infer<typeof popGone>;

/** How many missed calls wait for somebody to call back, in the widest list that the person may see. */
export const missedNews = z.object({ open: z.int() });
export type MissedNews = z.infer<typeof missedNews>;

/** A test call of the Systems Check arrived, for the administrator who started it: to be shown, and answered with POST /desk/test-calls/:id/shown. */
export const testNews = z.object({ id: z.uuid() });
export type TestNews = z.infer<typeof testNews>;

export const deskTick = z.object({ now: time });
/** Seconds between two ticks; a browser that heard nothing for more than twice as long opens a new stream. */
export const tickSeconds = 20;

/** An ended pop stays on the Desk until it is dismissed, is this old, or this many newer ones have ended. */
export const endedPopMinutes = 15;
export const endedPopsKept = 5;

/** POST /desk/call: a number in any notation. */
export const callInput = z.object({ number: z.string().trim().min(1).max(100) });

/** POST /calls, with an API key: whose phone is rung, and what it dials once it is lifted. */
export const orderedCall = callInput.extend({ extension: z.string().trim().min(1).max(16) });

/** POST /desk/pops/shown: what this browser shows now for the first time. */
export const shownPops = z.object({ callIds: z.array(z.uuid()).min(1).max(50) });

export const matchChoice = z.object({ key: z.string().max(200) });

/** PUT /desk/pops/:callId/memory: true forgets whom the number was said to be on earlier calls, false undoes that. */
export const callerMemory = z.object({ forgotten: z.boolean() });

export const lookupQuery = z.object({ number: z.string().min(1).max(10_000) });
export const lookupAnswer = z.object({ caller: callerNumber, match, ms: z.number() });
export type LookupAnswer = z.infer<typeof lookupAnswer>;
