import { createContext, useContext } from 'react';
import type { CallerNumber, Pop } from '../../../src/desk/contract.ts';
import type { DeskEvent } from './desk-view.ts';

/** What any panel of the Desk, and any page, can do beyond its own pop. */
export interface DeskActions {
  /** Folds in what an answer of the API told, before the stream repeats it. */
  apply(event: DeskEvent): void;
  /** Sends a request whose answer is the changed pop, and shows that pop unless the stream was quicker. */
  ask(request: () => Promise<Pop>): Promise<Pop>;
  /** Asks for confirmation and calls a number, also one in any notation; null for whom an administrator does not let call. */
  call: ((number: CallerNumber | string) => void) | null;
}

export const DeskActionsContext = createContext<DeskActions | null>(null);

/** On every page for who is signed in. */
export function useDeskActions(): DeskActions {
  const actions = useContext(DeskActionsContext);
  if (actions === null) throw new Error('useDeskActions stands outside of the shell');
  return actions;
}
