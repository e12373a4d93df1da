import { RingsideError } from '../platform/errors.ts';
import type { Database } from '../platform/database/database.ts';
import { requireFeature } from '../organization/features.ts';
import type { Viewer } from '../organization/viewer.ts';
import { lookAtCallAgain } from './call-log-store.ts';
import { changeWork } from './change-work.ts';
import type { DeskActionDeps } from './choose-match.ts';
import type { Pop } from './contract.ts';
import { handedOver } from './note.ts';
import { lockNote, writeNote } from './note-store.ts';
import { workNoteText } from './note-text.ts';
import type { Signature } from './note-text.ts';
import type { OwnCall } from './own-call.ts';
import { takeSave } from './save-note.ts';
import { handOver, signatureOf } from './send-note.ts';
import { lockTaggedCase } from './tagged-case.ts';
import type { WrapUpFinish, WrapUpInput } from './work-contract.ts';
import { workCall } from './work-call.ts';
import { workOfCall } from './work-store.ts';
import { wrapUpRules } from './work-view.ts';
import { offeredSeconds, secondsTalked, wrapUpStage } from './wrap-up.ts';
import { closeWrapUp, saveWrapUp } from './wrap-up-store.ts';

/** Keeps the code and the time worked that the viewer chose so far. Throws `plan-required`, `not-found`, `invalid-input`, `conflict`. */
export async function setWrapUp(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  input: WrapUpInput,
): Promise<Pop> {
  if (input.codeId !== null) requireFeature(viewer, 'wrap-up-codes');
  const own = await workCall(deps.db, viewer, callId, 'notes');
  const values = await chosenValues(own, viewer, input);
  const owner = ownerOf(viewer, own);
  return changeWork(deps, viewer, own, null, async (trx) => {
    if (!(await saveWrapUp(trx, owner, values))) throw alreadyFinished();
  });
}

/**
 * Ends the viewer's wrap-up: the note, the code and the time worked go to the tagged case as one work note; without a tagged case they stay
 * here. Throws like setWrapUp; `invalid-input` also when a code is required and none was chosen.
 */
export async function finishWrapUp(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  { request, note: save, ...input }: WrapUpFinish,
): Promise<Pop> {
  if (input.codeId !== null) requireFeature(viewer, 'wrap-up-codes');
  const own = await workCall(deps.db, viewer, callId, 'notes');
  const values = await chosenValues(own, viewer, input);
  await requireCode(own, viewer, values.codeId);
  const owner = ownerOf(viewer, own);
  const signature = await signatureOf(own.view, own.extension, viewer.name);
  return changeWork(deps, viewer, own, { id: request }, async (trx) => {
    const now = deps.clock.now();
    await saveWrapUp(trx, owner, values);
    if (save !== undefined)
      await writeNote(trx, owner, takeSave(await lockNote(trx, owner), save, now));
    await concludeWrapUp(trx, { owner, own, signature, by: 'agent', now });
  });
}

/** Who takes the pop off the Desk is through with it. Throws `invalid-input` when a code is required and none was chosen. */
export async function concludeAtDismissal(
  trx: Database,
  viewer: Viewer,
  own: OwnCall,
  now: Date,
): Promise<void> {
  if (wrapUpStage(own.view.call, own.extension, own.part) !== 'open') return;
  const owner = ownerOf(viewer, own);
  const { wrapUps } = await workOfCall(trx, owner.organizationId, owner.callId);
  const row = wrapUps.find(({ personId }) => personId === viewer.personId);
  if (row !== undefined && row.finishedAt !== null) return;
  await requireCode(own, viewer, row?.codeId ?? null);
  const signature = await signatureOf(own.view, own.extension, viewer.name);
  await concludeWrapUp(trx, { owner, own, signature, by: 'agent', now });
}

interface Conclusion {
  owner: { organizationId: string; callId: string; personId: string };
  own: Pick<OwnCall, 'view' | 'extension' | 'part'>;
  signature: Signature;
  by: 'agent' | 'limit';
  now: Date;
  /** Time that nobody corrected counts as talk and wrap-up; without a time limit nobody knows how long the wrap-up was. */
  countWrapUp?: boolean;
}

/**
 * Marks a wrap-up as finished and hands over what is there; once, whoever comes first. Whoever locks several of them locks the wrap-up
 * first, then the note, then the tagged case.
 */
export async function concludeWrapUp(
  trx: Database,
  { owner, own, signature, by, now, countWrapUp = true }: Conclusion,
): Promise<void> {
  const began = own.part.endedAt ?? now;
  const closed = await closeWrapUp(trx, owner, by, began, now);
  if (closed === null) return;
  await lookAtCallAgain(trx, owner.organizationId, owner.callId);
  const note = await lockNote(trx, owner);
  const tag = await lockTaggedCase(trx, owner.organizationId, owner.callId);
  if (tag === null) return;
  const wrappingUp = countWrapUp ? (now.getTime() - closed.beganAt.getTime()) / 1000 : 0;
  const secondsWorked = closed.secondsWorked ?? offeredSeconds(secondsTalked(own.part), wrappingUp);
  const { codeLabel: code } = closed;
  if (note.text.trim() === '' && code === null && secondsWorked === 0) return;
  const text = workNoteText(note.text, signature, { code, secondsWorked });
  await handOver(trx, owner, tag, note.text, text, now);
  if (note.text !== '') await writeNote(trx, owner, handedOver(note, now));
}

function ownerOf({ organizationId, personId }: Viewer, { view }: OwnCall) {
  return { organizationId, callId: view.call.id, personId };
}

/** Throws `conflict` for a call that has no wrap-up, `invalid-input` for a code that the organization does not have. */
async function chosenValues(
  { view, extension, part }: OwnCall,
  viewer: Viewer,
  { codeId, secondsWorked }: WrapUpInput,
) {
  if (wrapUpStage(view.call, extension, part) === 'none')
    throw new RingsideError('conflict', 'This call has no wrap-up.', {
      fix: 'Only calls with somebody outside that you talked in have one.',
    });
  if (codeId === null) return { codeId, codeLabel: null, secondsWorked };
  const { codes } = await rulesFor({ view, extension }, viewer);
  const code = codes.find(({ id }) => id === codeId);
  if (code === undefined)
    throw new RingsideError('invalid-input', 'There is no such wrap-up code.', {
      fix: 'Choose one of those shown; the list may have changed meanwhile.',
      fields: [{ field: 'codeId', message: 'is none of the codes of your organization' }],
    });
  return { codeId, codeLabel: code.label, secondsWorked };
}

async function rulesFor(
  { view, extension }: Pick<OwnCall, 'view' | 'extension'>,
  { plan }: Viewer,
) {
  return wrapUpRules((await view.partyOf(extension)).facts.handling, plan);
}

async function requireCode(own: OwnCall, viewer: Viewer, codeId: string | null): Promise<void> {
  if (own.part.state !== 'ended')
    throw new RingsideError('conflict', 'This call is still going on.', {
      fix: 'Finish it when it has ended.',
    });
  const { required } = await rulesFor(own, viewer);
  if (!required || codeId !== null) return;
  throw new RingsideError('invalid-input', 'Choose a wrap-up code first.', {
    fields: [{ field: 'codeId', message: 'Your organization wants one for every call.' }],
  });
}

function alreadyFinished(): RingsideError {
  return new RingsideError('conflict', 'This call is finished already.', {
    fix: 'What you add to the note now can be sent to the case by itself.',
  });
}
