import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Viewer } from '../organization/viewer.ts';
import type { CallView } from './call-view.ts';
import { changeWork } from './change-work.ts';
import type { DeskActionDeps } from './choose-match.ts';
import type { Pop } from './contract.ts';
import { handedOver } from './note.ts';
import { addPart, lockNote, writeNote } from './note-store.ts';
import { workNoteText } from './note-text.ts';
import type { Signature } from './note-text.ts';
import { takeSave } from './save-note.ts';
import { caseName, caseRef, lockTaggedCase, needTag, orderForCase } from './tagged-case.ts';
import type { CaseTag } from './work-store.ts';
import type { NoteSave } from './work-contract.ts';
import { workCall } from './work-call.ts';

/**
 * Hands the viewer's note to the tagged case as a work note, now. What is written after it is an addition. Throws `plan-required`,
 * `not-found`, `invalid-input` for an empty note, `conflict` without a tagged case or when another window wrote meanwhile.
 */
export async function sendNote(
  deps: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  { request, note: save }: { request: string; note: NoteSave },
): Promise<Pop> {
  const { organizationId, personId } = viewer;
  const own = await workCall(deps.db, viewer, callId, 'notes');
  const signature = await signatureOf(own.view, own.extension, viewer.name);
  const owner = { organizationId, callId: own.view.call.id, personId };
  return changeWork(deps, viewer, own, { id: request }, async (trx) => {
    const now = deps.clock.now();
    const note = takeSave(await lockNote(trx, owner), save, now);
    if (note.text.trim() === '') {
      throw new RingsideError('invalid-input', 'The note is empty.', {
        fields: [{ field: 'note.text', message: 'Write something first.' }],
      });
    }
    const tag = needTag(await lockTaggedCase(trx, organizationId, owner.callId));
    await handOver(trx, owner, tag, note.text, workNoteText(note.text, signature), now);
    await writeNote(trx, owner, handedOver(note, now));
  });
}

/** Orders the work note and keeps what it was made of. */
export async function handOver(
  trx: Database,
  owner: { organizationId: string; callId: string; personId: string },
  tag: CaseTag,
  typed: string,
  text: string,
  at: Date,
): Promise<void> {
  const writeId = await orderForCase(trx, owner.organizationId, tag, {
    personId: owner.personId,
    subject: `Note on ${caseName(tag)}`,
    action: { kind: 'add-note', case: caseRef(tag), visibility: 'work-note', text },
  });
  if (typed.trim() !== '') await addPart(trx, owner, { text: typed.trim(), writeId, at });
}

/** Who noted it and who was on the line. */
export async function signatureOf(
  view: CallView,
  extension: string,
  agent: string,
): Promise<Signature> {
  const { caller, chosen } = await view.partyOf(extension);
  const number = caller.anonymous ? 'an anonymous caller' : caller.display;
  return { agent, caller: chosen === null ? number : `${chosen.name} (${number})` };
}
