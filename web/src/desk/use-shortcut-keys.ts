import { useEffect } from 'react';
import { actionFor } from './shortcuts.ts';

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Listens to the keyboard for all of the Desk. Once per page. */
export function useShortcutKeys(): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat || isDialogOpen()) return;
      const action = actionFor(event, { typing: isTyping(event.target), mac: isMac });
      if (action === null) return;
      // In a field Escape first closes what the field has opened.
      if (event.key === 'Escape' && isExpanded(event.target)) return;
      event.preventDefault();
      action.run();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

/** Whether a key pressed there may be meant as text, or chooses in a list. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) return !notText.has(target.type);
  return target.matches('textarea, select, [role="combobox"], [role="listbox"], [role="menu"] *');
}

const notText = new Set(['button', 'checkbox', 'radio', 'range', 'reset', 'submit', 'file']);

function isExpanded(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.getAttribute('aria-expanded') === 'true';
}

/** A dialog has the keyboard for itself until it gives the focus back; it may be seen a moment longer. */
function isDialogOpen(): boolean {
  const dialog = document.querySelector('[role="dialog"][aria-modal="true"]');
  const { activeElement } = document;
  return dialog !== null && (activeElement === document.body || dialog.contains(activeElement));
}
