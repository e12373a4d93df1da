import { wordsOf } from './search-words.ts';

export const postingOwners = ['contact', 'consumer', 'customer', 'staff'] as const;
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
}

/** Beginnings of words up to this length are words of the index themselves: so many words begin with them. */
export const longestBeginning = 3;

/** How the index writes 'every word that begins so'; no word holds a star. */
export const beginning = (start: string): string => `${start}*`;

/** Under which entries (`ownerword` with a space between) a record stands in the index. Depends on nothing but the record. */
export function entriesOf(record: IndexedRecord): Set<string> {
  const entries = new Set<string>();
  if (!record.active) return entries;
  for (const text of [record.name, record.email]) {
    for (const word of wordsOf(text)) {
      entries.add(`${record.kind} ${word}`);
      const letters = Array.from(word).slice(0, longestBeginning);
      for (let length = 1; length <= letters.length; length += 1)
        entries.add(`${record.kind} ${beginning(letters.slice(0, length).join(''))}`);
    }
  }
  if (record.customer_id !== null) entries.add(`staff ${record.customer_id}`);
  return entries;
}

/** An entry's parts again. */
export function partsOf(entry: string): { owner: PostingOwner; word: string } {
  const space = entry.indexOf(' ');
  return { owner: entry.slice(0, space) as PostingOwner, word: entry.slice(space + 1) };
}
