import { createContext, useContext } from 'react';
import type { CallerNumber } from '../../../src/desk/contract.ts';
import type { DeskEvent } from './desk-view.ts';

/** What any panel of the Desk can do beyond its own pop. */
export interface DeskActions {
  /** Folds in what an answer of the API told, such as the changed pop, before the stream repeats it. */
  apply(event: DeskEvent): void;
  /** Asks for confirmation and calls a number; null while no phone system can. */
  call: ((number: CallerNumber) => void) | null;
}

export const DeskActionsContext = createContext<DeskActions | null>(null);

/** Only below the Desk. */
export function useDeskActions(): DeskActions {
  const actions = useContext(DeskActionsContext);
  if (actions === null) throw new Error('useDeskActions stands outside of the Desk');
  return actions;
}
