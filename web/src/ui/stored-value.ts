import { useSyncExternalStore } from 'react';
import type { z } from 'zod';

/** A small thing that this browser remembers, the same in all of its tabs. */
export interface StoredValue<T> {
  read(): T;
  write(value: T): void;
  subscribe(listener: () => void): () => void;
}

/** Kept in localStorage under `key`; what does not fit the schema, or cannot be stored, counts as `fallback`. */
export function storedValue<S extends z.ZodType>(
  key: string,
  schema: S,
  fallback: z.output<S>,
): StoredValue<z.output<S>> {
  const listeners = new Set<() => void>();
  let known: { text: string | null; value: z.output<S> } = { text: null, value: fallback };
  return {
    /** The same object until it changes. */
    read() {
      const text = localStorage.getItem(key);
      if (text !== known.text) known = { text, value: parse(text, schema, fallback) };
      return known.value;
    },
    write(value) {
      localStorage.setItem(key, JSON.stringify(value));
      for (const tell of listeners) tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      window.addEventListener('storage', listener);
      return () => {
        listeners.delete(listener);
        window.removeEventListener('storage', listener);
      };
    },
  };
}

export function useStoredValue<T>(stored: StoredValue<T>): T {
  return useSyncExternalStore(stored.subscribe, stored.read);
}

function parse<S extends z.ZodType>(
  text: string | null,
  schema: S,
  fallback: z.output<S>,
): z.output<S> {
  try {
    const { success, data } = schema.safeParse(JSON.parse(text ?? ''));
    return success ? data : fallback;
  } catch {
    return fallback;
  }
}
