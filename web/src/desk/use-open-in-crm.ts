import type { ActionId } from './shortcuts.ts';
import { useShortcut } from './use-shortcut.ts';
import { safeHref } from './wording.ts';

/** Makes an action of a record's web address, in a new tab; of none where it has none. Answers the address. */
export function useOpenInCrm(id: ActionId, link: string | null, name = ''): string | null {
  const href = safeHref(link);
  const open = () => window.open(href ?? '', '_blank', 'noopener,noreferrer');
  useShortcut(id, open, href !== null, name);
  return href;
}
