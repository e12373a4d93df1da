import type { NoteSave } from '../../../src/desk/work-contract.ts';

/**
 * Notes that the hub has not confirmed yet, kept in this browser: they outlive a reload, a lost network and a hub that is down. One draft
 * for each call and window, removed as soon as the hub has it.
 */
export interface NoteDrafts {
  keep(callId: string, draft: NoteSave): void;
  drop(callId: string, editor: string): void;
  /** Of one call or of all, oldest first. */
  list(callId?: string): { callId: string; draft: NoteSave; at: number }[];
}

const keptDays = 7;

/** A browser that keeps nothing (or is full) loses only what a reload would lose anyway. */
export function noteDrafts(personId: string, storage: Storage = localStorage): NoteDrafts {
  const prefix = `ringside-note:${personId}:`;
  return {
    keep(callId, draft) {
      try {
        const value = JSON.stringify({ ...draft, at: Date.now() });
        storage.setItem(`${prefix}${callId}:${draft.editor}`, value);
      } catch {
        // Full, or forbidden by the browser's settings.
      }
    },
    drop: (callId, editor) => storage.removeItem(`${prefix}${callId}:${editor}`),
    list(callId) {
      const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
      return keys
        .filter((key) => key.startsWith(`${prefix}${callId ?? ''}`))
        .flatMap((key) => read(storage, key, key.slice(prefix.length).split(':')[0] ?? ''))
        .toSorted((a, b) => a.at - b.at);
    },
  };
}

function read(storage: Storage, key: string, callId: string) {
  try {
    const { at, ...draft } = JSON.parse(storage.getItem(key) ?? '') as NoteSave & { at: number };
    if (Date.now() - at < keptDays * 86_400_000) return [{ callId, draft, at }];
  } catch {
    // Not ours, or cut off.
  }
  storage.removeItem(key);
  return [];
}
