import { useEffect, useState } from 'react';
import { keptDraft } from './kept-draft.ts';

/**
 * Which dialog of a call is open; null: none. A reload opens it again, and while another call is shown it is put away: dialogs stand
 * outside of the card that is hidden then.
 */
export function useKeptDialog<T extends string>(
  name: string,
  callId: string,
): [T | null, (open: T | null) => void] {
  const [open, setOpen] = useState<T | null>(null);
  useEffect(() => {
    setOpen(keptDraft<T>(name, callId).read());
    return () => setOpen(null);
  }, [name, callId]);
  const change = (next: T | null): void => {
    const kept = keptDraft<T>(name, callId);
    if (next === null) kept.forget();
    else kept.keep(next);
    setOpen(next);
  };
  return [open, change];
}
