import type { Call } from '../calls/call.ts';
import type { MirroredCase } from '../directory/case-store.ts';
import type { CallHandling } from '../organization/call-handling.ts';
import { unlocks } from '../organization/features.ts';
import type { Plan } from '../organization/plan.ts';
import type { LinkMaker } from './match.ts';
import type { WriteView } from './outbox-contract.ts';
import type { Part } from './part.ts';
import type {
  CallWork,
  CaseField,
  CaseSummary,
  ColleagueNote,
  OwnNote,
  SentPart,
  TaggedCase,
  WrapUp,
} from './work-contract.ts';
import type { StoredPart, StoredWork } from './work-store.ts';
import type { WantedField } from './work-tables.ts';
import { secondsTalked, wrapUpStage } from './wrap-up.ts';

/** Everything that the work on a call is shown from. */
export interface WorkFacts {
  stored: StoredWork;
  writes: WriteView[];
  /** The tagged case as the mirror has it; null when it does not. */
  mirrored: MirroredCase | null;
  handling: CallHandling;
  link: LinkMaker;
}

/** Whose screen it is. */
export interface WorkViewer {
  personId: string;
  plan: Plan | null;
  extension: string;
  part: Part & { kind: 'shown' };
}

export function workView(
  facts: WorkFacts,
  call: Call,
  viewer: WorkViewer,
  newCaseLink: string | null,
): CallWork {
  const { own, colleagues } = notesFor(facts.stored, viewer.personId);
  return {
    note: own,
    colleagues,
    case: presentTag(facts),
    newCaseLink,
    wrapUp: presentWrapUp(facts, call, viewer),
    writes: facts.writes,
  };
}

/** A person's own note, and those of others. */
export function notesFor(
  { notes, parts }: Pick<StoredWork, 'notes' | 'parts'>,
  personId: string,
): { own: OwnNote; colleagues: ColleagueNote[] } {
  const sentBy = Map.groupBy(parts, (part) => part.personId);
  const note = notes.find((one) => one.personId === personId);
  const own: OwnNote = {
    text: note?.text ?? '',
    version: note?.version ?? 0,
    updatedAt: note?.updatedAt.toISOString() ?? null,
    sent: (sentBy.get(personId) ?? []).map(presentPart),
  };
  const colleagues = notes
    .filter((one) => one.personId !== personId && (one.text !== '' || sentBy.has(one.personId)))
    .map((one) => ({
      personId: one.personId,
      name: one.name,
      text: one.text,
      updatedAt: one.updatedAt.toISOString(),
      sent: (sentBy.get(one.personId) ?? []).map(presentPart),
    }));
  return { own, colleagues };
}

const presentPart = ({ text, sentAt, writeId }: StoredPart): SentPart => ({
  text,
  at: sentAt.toISOString(),
  write: writeId,
});

/** The CRM's id of the tagged case: known, or as the outbox made it. */
export function caseIdOf(
  tag: NonNullable<StoredWork['tag']>,
  writes: readonly WriteView[],
): string | null {
  return tag.caseId ?? writes.find(({ id }) => id === tag.writeId)?.record?.id ?? null;
}

/** Null without a tag, and when what was to make the case was dropped. */
function presentTag({ stored, writes, mirrored, link }: WorkFacts): TaggedCase | null {
  const { tag } = stored;
  if (tag === null) return null;
  const id = caseIdOf(tag, writes);
  const making = writes.find((write) => write.id === tag.writeId);
  if (id === null && making === undefined) return null;
  // What is on its way is shown as it will be; what was refused, as it still is.
  const onItsWay = new Set(
    writes.filter(({ state }) => state === 'waiting' || state === 'sending').map((one) => one.id),
  );
  const wanted = (field: WantedField): CaseField | null => {
    const value = tag.wanted[field];
    return value !== undefined && (onItsWay.has(value.write) || mirrored === null) ? value : null;
  };
  const settled = (value: { value: string; label: string } | undefined): CaseField => ({
    value: value?.value ?? '',
    label: value?.label ?? '',
    write: null,
  });
  const assigned = mirrored?.assignedTo ?? null;
  return {
    key: id === null ? null : `case:${tag.connectionId}:${id}`,
    write: tag.writeId,
    number: mirrored?.number ?? making?.record?.number ?? tag.number,
    shortDescription: mirrored?.shortDescription ?? tag.shortDescription,
    open: mirrored?.open ?? true,
    state: wanted('state') ?? settled(mirrored?.state),
    priority: wanted('priority') ?? settled(mirrored?.priority),
    assignedTo:
      wanted('assignedTo') ??
      (assigned === null ? null : { value: assigned.id, label: assigned.name, write: null }),
    // The mirror does not hold it: what was asked for here stays the last that is known.
    assignmentGroup: tag.wanted.assignmentGroup ?? null,
    contact: mirrored?.contact ?? '',
    customer: mirrored?.customer ?? '',
    link: id === null ? null : link(tag.connectionId, { kind: 'case', id }),
    taggedBy: tag.taggedBy,
  };
}

function presentWrapUp({ stored, handling }: WorkFacts, call: Call, viewer: WorkViewer): WrapUp {
  const { personId, part, extension } = viewer;
  const row = stored.wrapUps.find((one) => one.personId === personId);
  const stage = wrapUpStage(call, extension, part);
  const finished = row !== undefined && row.finishedAt !== null;
  const state = finished ? 'finished' : stage;
  const rules = wrapUpRules(handling, viewer.plan);
  const note = stored.notes.find((one) => one.personId === personId)?.text ?? '';
  const limited = row?.limited === true && !finished;
  const chosen = row?.codeId ?? null;
  return {
    state,
    beganAt: stage === 'open' ? ((row?.beganAt ?? part.endedAt)?.toISOString() ?? null) : null,
    dueAt: limited ? (row?.dueAt?.toISOString() ?? null) : null,
    codes: state === 'none' ? [] : rules.codes,
    required: rules.required,
    code: chosen === null ? null : { id: chosen, label: row?.codeLabel ?? '' },
    secondsTalked: secondsTalked(part),
    secondsWorked: row?.secondsWorked ?? null,
    finishedBy: row?.finishedBy ?? null,
    keeps:
      state === 'open' &&
      row !== undefined &&
      (limited || chosen !== null || rules.codes.length > 0 || note.trim() !== ''),
  };
}

/** The codes that are offered to somebody with this plan, and whether one has to be chosen. */
export function wrapUpRules(
  { wrapUp }: CallHandling,
  plan: Plan | null,
): { codes: { id: string; label: string }[]; required: boolean } {
  if (!unlocks(plan, 'wrap-up-codes')) return { codes: [], required: false };
  const codes = wrapUp.codes.filter(({ active }) => active).map(({ id, label }) => ({ id, label }));
  return { codes, required: wrapUp.required && codes.length > 0 };
}

export function presentCase(found: MirroredCase, link: LinkMaker): CaseSummary {
  return {
    key: `case:${found.connectionId}:${found.id}`,
    number: found.number,
    shortDescription: found.shortDescription,
    state: found.state.label,
    priority: found.priority.label,
    open: found.open,
    contact: found.contact,
    customer: found.customer,
    link: link(found.connectionId, { kind: 'case', id: found.id }),
  };
}
