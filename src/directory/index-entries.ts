import { wordsOf } from './search-words.ts';

export const postingOwners = ['contact', 'consumer', 'customer', 'staff', 'busy'] as const;
export type PostingOwner = (typeof postingOwners)[number];

/** What the index knows a record by. */
export interface IndexedRecord {
  document: number;
  kind: 'contact' | 'consumer' | 'customer';
  name: string;
  /** '' where there is none, as of a customer. */
  email: string;
  /** Whom a contact works for. */
  customer_id: string | null;
  /** People who are no longer there are not found. */
  active: boolean;
  /** Somebody with an open case. */
  busy: boolean;
}

/**
 * Beginnings of these lengths are words of the index themselves: so many words begin with them. At most one length is left out
 * between two: a beginning of three letters is those of four that begin so, and the word itself.
 */
const beginningLengths = [1, 2, 4, 6, 8] as const;

/** How the index writes 'every word that begins so'; no word holds a star. */
const beginning = (letters: readonly string[]): string => `${letters.length}*${letters.join('')}`;

/** How entries of words begin that begin with `form`, and whether the entry is that and no more; null for forms longer than any. */
export function beginningOf(form: string): { start: string; whole: boolean } | null {
  const { length } = Array.from(form);
  const next = beginningLengths.find((one) => one >= length);
  return next === undefined ? null : { start: `${next}*${form}`, whole: next === length };
}

/** How the index writes 'works for this customer'; no word holds an equals sign. */
export const staffOf = (customerId: string): string => `=${customerId}`;

/** A word and whose it is, in one text; in their order entries follow the key of the index. */
export const entryOf = (owner: PostingOwner, word: string): string => `${word} ${owner}`;

/** Of everybody with an open case. */
export const anybodyBusy = entryOf('busy', '');

/** Under which entries a record stands in the index. Depends on nothing but the record. */
export function entriesOf(record: IndexedRecord): Set<string> {
  const entries = new Set<string>();
  if (!record.active) return entries;
  for (const text of [record.name, record.email]) {
    for (const word of wordsOf(text)) {
      entries.add(entryOf(record.kind, word));
      const letters = Array.from(word);
      for (const length of beginningLengths)
        if (length <= letters.length)
          entries.add(entryOf(record.kind, beginning(letters.slice(0, length))));
    }
  }
  if (record.customer_id !== null) entries.add(entryOf('staff', staffOf(record.customer_id)));
  if (record.busy) entries.add(anybodyBusy);
  return entries;
}

/** An entry's parts again. */
export function partsOf(entry: string): { owner: PostingOwner; word: string } {
  const space = entry.lastIndexOf(' ');
  return { owner: entry.slice(space + 1) as PostingOwner, word: entry.slice(0, space) };
}
