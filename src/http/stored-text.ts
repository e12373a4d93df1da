import type { FieldError } from '../platform/errors.ts';

/** A value and the way to it, as a chain: a path copied for each level of a deeply nested body would take gigabytes. */
interface Place {
  value: unknown;
  key: string;
  parent: Place | null;
}

/**
 * Text that PostgreSQL cannot store: with NUL or with half a surrogate pair. Answers such a field of a parsed body or query, or null.
 * Without recursion, so that no nesting overflows the stack.
 */
export function findUnstorableText(body: unknown): FieldError | null {
  const open: Place[] = [{ value: body, key: '', parent: null }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value } = place;
    if (isUnstorable(value) || isUnstorable(place.key)) {
      const message = 'This holds a character that is no text (NUL or half a character).';
      return { field: pathTo(place), message };
    }
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, item] of Object.entries(value)) open.push({ value: item, key, parent: place });
  }
  return null;
}

function isUnstorable(value: unknown): boolean {
  return typeof value === 'string' && (value.includes('\0') || !value.isWellFormed());
}

function pathTo(place: Place): string {
  const keys: string[] = [];
  for (let at: Place | null = place; at?.parent; at = at.parent) keys.unshift(at.key);
  // The field stands in an answer of JSON, so it must be text itself.
  return keys.join('.').toWellFormed().replaceAll('\0', '').slice(0, 200);
}
