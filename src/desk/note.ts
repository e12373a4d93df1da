import type { NoteSave } from './work-contract.ts';

/** A note as it is stored. */
export interface NoteState {
  text: string;
  /** 0: nothing was ever saved. */
  version: number;
  /** The window that wrote last; '' when it was the hub. */
  editor: string;
  step: number;
  updatedAt: Date;
}

/**
 * What a save does to a note: `take` it; it was `overtaken` by a later save of the same window, whose answer or request went astray; or it
 * is in `conflict` with what another window wrote since the version that it is based on.
 */
export type NoteVerdict = 'take' | 'overtaken' | 'conflict';

export function judgeSave(stored: NoteState, save: NoteSave): NoteVerdict {
  if (stored.editor === save.editor) return save.step > stored.step ? 'take' : 'overtaken';
  if (stored.version === save.base) return 'take';
  return stored.text === save.text ? 'overtaken' : 'conflict';
}

/** The note after a save that is to be taken. */
export function savedNote(stored: NoteState, save: NoteSave, now: Date): NoteState {
  const { text, editor, step } = save;
  const { version, updatedAt } = stored;
  if (text === stored.text) return { text, version, editor, step, updatedAt };
  return { text, version: version + 1, editor, step, updatedAt: now };
}

/**
 * The note after its text was handed over: what is written from now on is an addition. No window is its author any more, so that a save
 * under way, which still holds what was handed over, is in conflict and does not bring it back.
 */
export function handedOver(stored: NoteState, now: Date): NoteState {
  return { text: '', version: stored.version + 1, editor: '', step: 0, updatedAt: now };
}
