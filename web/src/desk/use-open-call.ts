import { useEffect, useRef, useState } from 'react';
import type { Pop } from '../../../src/desk/contract.ts';
import { followCalls, openCallFrom, openCallText } from './open-call.ts';
import { isTyping } from './use-shortcut-keys.ts';

const storageKey = 'ringside-open-call';

/** Of a call's article, so that the focus can be brought there. */
export const callElementId = (callId: string) => `call-${callId}`;

/**
 * The call that is shown whole, over reloads of this tab too, and `open`, by which the agent turns to another. `pops` is null until the
 * calls are known.
 */
export function useOpenCall(pops: Pop[] | null): {
  callId: string | null;
  open(callId: string): void;
} {
  const [state, setState] = useState(() => openCallFrom(sessionStorage.getItem(storageKey)));
  const next = pops === null ? state : followCalls(state, pops, isTyping(document.activeElement));
  if (next !== state) setState({ ...next, states: new Map(next.states) });
  const { callId } = next;

  const asked = useRef(false);
  // A card that closes must not leave the keyboard nowhere.
  const focused = useRef<string | null>(null);
  focused.current = document.activeElement?.closest('article')?.id ?? focused.current;
  const known = pops !== null;
  useEffect(() => {
    if (!known) return;
    const id = callElementId(callId ?? '');
    const isLost = document.activeElement === document.body && focused.current !== null;
    if (asked.current || (isLost && focused.current !== id))
      document.getElementById(id)?.focus({ preventScroll: !asked.current });
    asked.current = false;
  }, [callId, known]);
  // With the calls as they were last seen, so that one that was answered during a reload opens as any other.
  const text = callId === null ? null : openCallText(next);
  useEffect(() => {
    if (!known) return;
    if (text === null) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, text);
  }, [text, known]);

  return {
    callId: known ? callId : null,
    open(wanted) {
      asked.current = true;
      setState({ callId: wanted, states: new Map(next.states) });
    },
  };
}
