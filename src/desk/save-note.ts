import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Viewer } from '../organization/viewer.ts';
import { deskChannel } from './channel.ts';
import type { DeskChanged } from './channel.ts';
import type { DeskActionDeps } from './choose-match.ts';
import { judgeSave, savedNote } from './note.ts';
import type { NoteState } from './note.ts';
import { lockNote, writeNote } from './note-store.ts';
import type { CallNotes, NoteSave, OwnNote } from './work-contract.ts';
import { readableCall, workCall } from './work-call.ts';
import { notesFor } from './work-view.ts';
import { workOfCall } from './work-store.ts';

/**
 * Saves the viewer's note on a call as a window has it; answers what is stored now, which is newer where a later save overtook this one.
 * Throws `plan-required`, `not-found`, `conflict` when another window wrote meanwhile.
 */
export async function saveNote(
  { db, notifier, clock }: DeskActionDeps,
  viewer: Viewer,
  callId: string,
  save: NoteSave,
): Promise<OwnNote> {
  const { organizationId, personId } = viewer;
  const { id } = (await workCall(db, viewer, callId, 'notes')).view.call;
  await db.transaction().execute(async (trx) => {
    const owner = { organizationId, callId: id, personId };
    const stored = await lockNote(trx, owner);
    const note = takeSave(stored, save, clock.now());
    await writeNote(trx, owner, note);
    if (note.version === stored.version) return;
    const changed: DeskChanged = { organizationId, callId: id, dismissedBy: null };
    await notifier.publish(trx, deskChannel, changed);
  });
  return (await notesOf(db, viewer, id)).own;
}

/** The note with a save in it. Throws `conflict`. */
export function takeSave(stored: NoteState, save: NoteSave, now: Date): NoteState {
  switch (judgeSave(stored, save)) {
    case 'take':
      return savedNote(stored, save, now);
    case 'overtaken':
      return stored;
    case 'conflict':
      throw new RingsideError('conflict', 'Your note was changed in another window.', {
        fix: 'Both texts are kept: choose which one stays, or keep both.',
      });
  }
}

/** Everybody's notes on a call, for somebody who had it, supervisors and administrators. Throws `plan-required`, `not-found`. */
export async function readNotes(db: Database, viewer: Viewer, callId: string): Promise<CallNotes> {
  return notesOf(db, viewer, await readableCall(db, viewer, callId));
}

async function notesOf(
  db: Database,
  { organizationId, personId }: Viewer,
  callId: string,
): Promise<CallNotes> {
  return notesFor(await workOfCall(db, organizationId, callId), personId);
}
