import { useEffect, useState, useSyncExternalStore } from 'react';
import { v4 as newId } from 'uuid';
import { callNotes, noteAnswer } from '../../../src/desk/work-contract.ts';
import type { OwnNote } from '../../../src/desk/work-contract.ts';
import { api } from '../ui/api.ts';
import { useMe } from '../ui/use-me.ts';
import { noteDrafts } from './note-drafts.ts';
import { NoteKeeper } from './note-keeper.ts';

const editor = newId();
/** They go on when a call is folded away. */
const keepers = new Map<string, NoteKeeper>();

/** The viewer's note on a call: typed here, saved by the hub. */
export function useNote(callId: string, note: OwnNote) {
  const { person } = useMe();
  const [keeper] = useState(() => keeperOf(person.id, callId, note));
  const view = useSyncExternalStore(
    (listener) => keeper.subscribe(listener),
    () => keeper.view,
  );
  useEffect(() => keeper.hear(note), [keeper, note]);
  useEffect(() => {
    const flush = () => keeper.flush();
    window.addEventListener('online', flush);
    document.addEventListener('visibilitychange', flush);
    return () => {
      window.removeEventListener('online', flush);
      document.removeEventListener('visibilitychange', flush);
      flush();
    };
  }, [keeper]);
  return { keeper, view };
}

function keeperOf(personId: string, callId: string, note: OwnNote): NoteKeeper {
  const key = `${personId} ${callId}`;
  const known = keepers.get(key);
  if (known !== undefined) return known;
  const path = `/desk/calls/${callId}/note`;
  const keeper = new NoteKeeper(
    {
      callId,
      editor,
      drafts: noteDrafts(personId),
      save: async (save) => (await api.put(path, save, noteAnswer)).note,
      read: async () => (await api.get(path, callNotes)).own,
    },
    note,
  );
  keepers.set(key, keeper);
  return keeper;
}

/** Sends what windows left behind that are gone, also for calls that are no longer on the Desk. */
export function useLeftDrafts(): void {
  const { person } = useMe();
  useEffect(() => {
    const drafts = noteDrafts(person.id);
    for (const { callId, draft } of drafts.list()) {
      if (draft.editor === editor || keepers.has(`${person.id} ${callId}`)) continue;
      api
        .put(`/desk/calls/${callId}/note`, draft, noteAnswer)
        .then(() => drafts.drop(callId, draft.editor))
        // It stays for the next visit.
        .catch(() => undefined);
    }
  }, [person.id]);
}
