import { v4 as newId } from 'uuid';
import { asProblem } from '../ui/problem.ts';

/** What was typed into a form of a call and not sent, for this tab alone, over reloads and until somebody signs out. */
export interface KeptDraft<T> {
  read(): T | null;
  keep(draft: T): void;
  /** The id of the request that sends this: the same for every try, also after a reload, so that a lost answer does nothing twice. */
  request(): string;
  /** Why a try failed. After a `conflict` the hub may have that request with what stood here before: the next is one of its own. */
  failed(error: unknown): void;
  /** It was sent or is not wanted; whatever the form still keeps before it is gone counts for nothing. */
  forget(): void;
}

export function keptDraft<T>(form: string, callId: string): KeptDraft<T> {
  const draft = kept<T>(`ringside.${form}.${callId}`);
  const sent = kept<string>(`ringside.${form}.request.${callId}`);
  let over = false;
  return {
    read: draft.read,
    keep(value) {
      if (!over) draft.write(value);
    },
    request() {
      const id = sent.read() ?? newId();
      sent.write(id);
      return id;
    },
    failed(error) {
      if (asProblem(error).code === 'conflict') sent.write(null);
    },
    forget() {
      over = true;
      draft.write(null);
      sent.write(null);
    },
  };
}

/** Storage that is full or forbidden only costs the convenience. */
function kept<T>(place: string) {
  return {
    read(): T | null {
      try {
        return JSON.parse(sessionStorage.getItem(place) ?? 'null') as T | null;
      } catch {
        return null;
      }
    },
    write(value: T | null): void {
      try {
        if (value === null) sessionStorage.removeItem(place);
        else sessionStorage.setItem(place, JSON.stringify(value));
      } catch {
        // As above.
      }
    },
  };
}
