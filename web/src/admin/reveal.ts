/** Moves the focus to the input of an edit path, waiting a few frames for it to be drawn. */
export function focusPath(path: string, framesLeft = 20): void {
  const input = document.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`);
  if (input !== null) {
    input.focus();
    input.scrollIntoView({ block: 'center' });
    return;
  }
  if (framesLeft > 0) requestAnimationFrame(() => focusPath(path, framesLeft - 1));
}

/** Asks for the input of a path to be shown and focused; a new object each time, so that asking twice works twice. */
export interface Reveal {
  path: string;
}
