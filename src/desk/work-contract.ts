import { z } from 'zod';
import { cleanLines, cleanText } from '../platform/text.ts';
import { writeView } from './outbox-contract.ts';

/**
 * HTTP API of what an agent does with a call, below `/api/v1/desk/calls/:callId`. It takes somebody who had the call; a supervisor or an
 * administrator may read the notes. Whatever changes the call answers the changed pop.
 *
 * GET    /note                 everybody's notes (callNotes)
 * PUT    /note                 saves the viewer's own (noteSave): 200 noteAnswer; 409 `conflict` when somebody wrote in another window
 * POST   /note/send            hands the note to the tagged case as a work note (noteSending)
 * GET    /cases?number=        cases with exactly this number (foundCases)
 * GET    /case/form            templates filled in, choice lists, who the viewer is there (caseForm)
 * GET    /case/assignees?q=    CRM users by name (assignees)
 * POST   /cases                makes a case and tags it (newCase)
 * PUT    /case                 tags a case (caseTag)
 * DELETE /case                 takes the tag off
 * POST   /case/changes         changes the tagged case (caseChange)
 * POST   /comment              a work note or a comment that the customer sees (caseComment)
 * PUT    /wrap-up              code and time worked (wrapUpInput)
 * POST   /wrap-up/finish       ends the wrap-up (wrapUpFinish)
 *
 * What orders a write carries a `request`, an id that the browser makes: sent twice, it orders nothing twice; sent
 * again with another case, change or comment it is refused (`conflict`).
 */

const time = z.iso.datetime();
const line = (max: number) =>
  z
    .string()
    .max(max * 4)
    .overwrite((value) => cleanText(value, max * 4))
    .max(max, `At most ${max} characters.`);
const lines = (max: number) =>
  z
    .string()
    .max(max * 4)
    .overwrite(cleanLines)
    .max(max, `At most ${max} characters.`);
const choiceValue = z.string().max(64);
const request = z.uuid();

/** Characters that a note or a comment has at most. */
export const noteLength = 4000;

/** What was handed over and does not change any more. */
export const sentPart = z.object({
  text: z.string(),
  at: time,
  /** The write that carries it, as in `writes`. */
  write: z.uuid(),
});
export type SentPart = z.infer<typeof sentPart>;

/** The viewer's own note: what was sent, and what is still being written. */
export const ownNote = z.object({
  text: z.string(),
  /** 0: nothing was ever saved. */
  version: z.int(),
  updatedAt: time.nullable(),
  sent: z.array(sentPart),
});
export type OwnNote = z.infer<typeof ownNote>;

export const colleagueNote = z.object({
  personId: z.uuid(),
  name: z.string(),
  text: z.string(),
  updatedAt: time,
  sent: z.array(sentPart),
});
export type ColleagueNote = z.infer<typeof colleagueNote>;

export const callNotes = z.object({ own: ownNote, colleagues: z.array(colleagueNote) });
export type CallNotes = z.infer<typeof callNotes>;

/** A field of a case; `write` is set while the value is only saved here and on its way. */
export const caseField = z.object({
  value: z.string(),
  label: z.string(),
  write: z.uuid().nullable(),
});
export type CaseField = z.infer<typeof caseField>;

export const caseSummary = z.object({
  /** `case:<connection>:<id>` */
  key: z.string(),
  number: z.string(),
  shortDescription: z.string(),
  state: z.string(),
  priority: z.string(),
  open: z.boolean(),
  /** Whose it is; '' where not known. */
  contact: z.string(),
  customer: z.string(),
  link: z.string().nullable(),
});
export type CaseSummary = z.infer<typeof caseSummary>;

/** The case that the call is about. */
export const taggedCase = z.object({
  /** Null while it is still to be made. */
  key: z.string().nullable(),
  /** The write that makes it; null for a case that was there. */
  write: z.uuid().nullable(),
  /** '' while it is still to be made. */
  number: z.string(),
  shortDescription: z.string(),
  open: z.boolean(),
  state: caseField,
  priority: caseField,
  assignedTo: caseField.nullable(),
  assignmentGroup: caseField.nullable(),
  contact: z.string(),
  customer: z.string(),
  link: z.string().nullable(),
  /** Who tagged it; '' when that person is gone. */
  taggedBy: z.string(),
});
export type TaggedCase = z.infer<typeof taggedCase>;

export const wrapUp = z.object({
  /** `none`: the call has none; `ahead`: the call is up; `open`: to be finished. */
  state: z.enum(['none', 'ahead', 'open', 'finished']),
  beganAt: time.nullable(),
  /** When the hub finishes it; null without a time limit. */
  dueAt: time.nullable(),
  /** The organization's codes, where the viewer's plan has them. */
  codes: z.array(z.object({ id: z.uuid(), label: z.string() })),
  /** It cannot be finished by hand without a code. */
  required: z.boolean(),
  code: z.object({ id: z.uuid(), label: z.string() }).nullable(),
  secondsTalked: z.int(),
  /** As the agent put it; null: talk and wrap-up as measured. */
  secondsWorked: z.int().nullable(),
  finishedBy: z.enum(['agent', 'limit']).nullable(),
  /** The pop stays on the Desk until it is finished. */
  keeps: z.boolean(),
});
export type WrapUp = z.infer<typeof wrapUp>;

/** What the agent and their colleagues do with the call. */
export const callWork = z.object({
  note: ownNote,
  /** Of others who had the call; to be read only. */
  colleagues: z.array(colleagueNote),
  case: taggedCase.nullable(),
  /** Opens the form of a new case in the CRM, filled in for the caller. */
  newCaseLink: z.string().nullable(),
  wrapUp,
  /** What was ordered for the call, in its order. */
  writes: z.array(writeView),
});
export type CallWork = z.infer<typeof callWork>;

/** A note as a window has it. */
export const noteSave = z.object({
  text: lines(noteLength),
  /** The version that the text is based on. */
  base: z.int().min(0),
  /** This window, and how many saves it made, this one included. */
  editor: z.string().regex(/^[\w-]{8,64}$/, 'An id of 8 to 64 letters, digits and hyphens.'),
  step: z.int().min(1).max(2_000_000_000),
});
export type NoteSave = z.infer<typeof noteSave>;

export const noteAnswer = z.object({ note: ownNote });
export const noteSending = z.object({ request, note: noteSave });

export const caseQuery = z.object({ number: line(40).min(1, 'Type the number of a case.') });
export const foundCases = z.object({
  cases: z.array(caseSummary),
  /** Why the CRM could not be asked; null when it was, or need not be. */
  problem: z.string().nullable(),
});
export type FoundCases = z.infer<typeof foundCases>;

export const caseTag = z.object({ key: z.string().max(200) });

export const newCase = z.object({
  request,
  templateId: z.uuid().nullable().default(null),
  shortDescription: line(160).min(1, 'A case needs a short description.'),
  description: lines(4000).default(''),
  /** Null leaves the CRM's default, here and below. */
  priority: choiceValue.nullable().default(null),
  category: choiceValue.nullable().default(null),
  assignmentGroupId: choiceValue.nullable().default(null),
  /** Assigns it to the CRM user that the viewer is mapped to. */
  assignToMe: z.boolean().default(false),
});
export type NewCase = z.infer<typeof newCase>;

const choice = z.object({
  value: z.string(),
  label: z.string(),
  /** What the CRM wants to have with this state. */
  asks: z.array(z.enum(['resolutionCode', 'resolutionNotes'])).optional(),
});
/** Null: the list could not be read yet. */
const choiceList = z.array(choice).nullable();

export const caseForm = z.object({
  /** Filled in for this call; empty where the plan has none. The first is offered first. */
  templates: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      shortDescription: z.string(),
      description: z.string(),
      priority: z.string().nullable(),
      category: z.string().nullable(),
      assignmentGroup: z.object({ id: z.string(), name: z.string() }).nullable(),
    }),
  ),
  choices: z.object({
    state: choiceList,
    priority: choiceList,
    category: choiceList,
    resolutionCode: choiceList,
    assignmentGroup: choiceList,
  }),
  /** Why the lists may be old; null when they are as the CRM has them. */
  problem: z.string().nullable(),
  /** The CRM user that the viewer is mapped to. */
  me: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** For whom a new case is made; null: for nobody that the CRM knows. */
  caller: z.string().nullable(),
});
export type CaseForm = z.infer<typeof caseForm>;

export const assigneeQuery = z.object({ q: line(100).default('') });
export const assignees = z.object({
  users: z.array(z.object({ id: z.string(), name: z.string(), detail: z.string() })),
});

export const caseChange = z
  .object({
    request,
    state: choiceValue.optional(),
    priority: choiceValue.optional(),
    assignedToId: choiceValue.optional(),
    assignmentGroupId: choiceValue.optional(),
    resolutionCode: choiceValue.optional(),
    resolutionNotes: lines(noteLength).optional(),
  })
  .refine(
    (change) =>
      Object.entries(change).some(([name, value]) => name !== 'request' && value !== undefined),
    { message: 'Say what is to be changed.', path: ['state'] },
  );
export type CaseChange = z.infer<typeof caseChange>;

export const caseComment = z
  .object({
    request,
    visibility: z.enum(['work-note', 'customer']),
    text: lines(noteLength).refine((text) => text.trim() !== '', 'Write something first.'),
    /** The agent was told that the customer will read it. */
    customerSeesIt: z.boolean().default(false),
  })
  .refine(({ visibility, customerSeesIt }) => visibility === 'work-note' || customerSeesIt, {
    message: 'The customer will read this: confirm it.',
    path: ['customerSeesIt'],
  });
export type CaseComment = z.infer<typeof caseComment>;

const wrapUpFields = {
  codeId: z.uuid().nullable(),
  secondsWorked: z.int().min(0).max(86_400).nullable(),
};
export const wrapUpInput = z.object(wrapUpFields);
export type WrapUpInput = z.infer<typeof wrapUpInput>;

export const wrapUpFinish = z.object({
  request,
  ...wrapUpFields,
  /** The note as it stands; left out: as it was saved. */
  note: noteSave.optional(),
});
export type WrapUpFinish = z.infer<typeof wrapUpFinish>;
