import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { availableActions, offerAction, subscribeActions } from './shortcuts.ts';
import type { ActionId } from './shortcuts.ts';

/**
 * Makes an action of shortcuts.ts available while the component is on the screen and `when` is true: by its keys, in the command
 * palette and in the help. `detail` says in the palette what it is about just now.
 *
 * @example useShortcut('open-record', () => window.open(href), href !== null);
 */
export function useShortcut(id: ActionId, run: () => void, when = true, detail = ''): void {
  const runNow = useEffectEvent(run);
  useEffect(() => (when ? offerAction(id, () => runNow(), detail) : undefined), [id, when, detail]);
}

/** What can be done just now. */
export function useAvailableActions() {
  return useSyncExternalStore(subscribeActions, availableActions);
}
