import type { FieldError } from '../platform/errors.ts';

/**
 * Text that PostgreSQL cannot store: with NUL or with half a surrogate pair. Answers the first such field of a parsed body or query,
 * or null. Walks every level; JSON of 64 KiB cannot nest deeply enough to hurt.
 */
export function findUnstorableText(value: unknown, path: string[] = []): FieldError | null {
  if (typeof value === 'string') {
    if (!value.includes('\0') && value.isWellFormed()) return null;
    return {
      field: path.join('.'),
      message: 'This holds a character that is no text (NUL or half a character).',
    };
  }
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    const found = findUnstorableText(item, [...path, key]) ?? findUnstorableText(key, path);
    if (found !== null) return found;
  }
  return null;
}
