import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { availableActions, offerAction, subscribeActions } from './shortcuts.ts';
import type { ActionId } from './shortcuts.ts';

/**
 * Makes an action of shortcuts.ts available while the component is on the screen and `when` is true: by its keys, in the command
 * palette and in the help.
 *
 * @example useShortcut('open-record', () => window.open(href), href !== null);
 */
export function useShortcut(id: ActionId, run: () => void, when = true): void {
  const runNow = useEffectEvent(run);
  useEffect(() => (when ? offerAction(id, () => runNow()) : undefined), [id, when]);
}

/** What can be done just now. */
export function useAvailableActions() {
  return useSyncExternalStore(subscribeActions, availableActions);
}
