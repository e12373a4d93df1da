import { useEffect, useRef } from 'react';

/** For the first field of a form that comes into an open dialog late, when the dialog has given the focus to something else. */
export function useFirstFocus<E extends HTMLElement>() {
  const field = useRef<E>(null);
  useEffect(() => field.current?.focus(), []);
  return field;
}
