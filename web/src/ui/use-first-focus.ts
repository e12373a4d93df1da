import { useEffect, useRef } from 'react';

/**
 * For the first field of a form that comes into an open dialog late, when the dialog has given the focus to something else. Where the form may
 * be there at once, the field has data-autofocus as well: else the dialog gives the focus to its Close.
 */
export function useFirstFocus<E extends HTMLElement>() {
  const field = useRef<E>(null);
  useEffect(() => field.current?.focus(), []);
  return field;
}
