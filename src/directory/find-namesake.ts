import type { Database } from '../platform/database/database.ts';
import type { SearchKind } from './contract.ts';
import type { Place } from './record-store.ts';
import { recordsWithWords } from './search-candidates.ts';
import { customerHasName, documentRows, searchState, unindexedDocuments } from './search-store.ts';
import type { FoundRow } from './search-store.ts';
import { tokensOf } from './search-words.ts';

/** So many records that have all words of a text are compared with it: 'info@' is a word of many, the whole address of few. */
const mostCompared = 1_000;
/** As for the search: so many records that the index does not have yet are gone through. */
const mostUnindexed = 20_000;

/** The name of an active contact or consumer of the connection that has the e-mail address, in capitals or not; null when nobody has. */
export async function contactWithEmail(
  db: Database,
  place: Place,
  email: string,
): Promise<string | null> {
  const rows = await rowsWith(db, place, email, ['contact', 'consumer']);
  return rows.find((row) => row.email.toLowerCase() === email.toLowerCase())?.name ?? null;
}

/** Whether the connection has a customer of this very name, in capitals or not; names without any word, as '&&', are compared too. */
export async function hasCustomerNamed(db: Database, place: Place, name: string): Promise<boolean> {
  if (tokensOf(name).length === 0)
    return customerHasName(db, place.organizationId, place.connectionId, name);
  const rows = await rowsWith(db, place, name, ['customer']);
  return rows.some((row) => row.name.toLowerCase() === name.toLowerCase());
}

/**
 * Records that may have a text, by the words of the search's index: the mirror's tables have none for what is compared without regard to
 * capitals, and going through a million contacts takes a second. A text without any word is found nowhere.
 */
async function rowsWith(
  db: Database,
  { organizationId, connectionId }: Place,
  text: string,
  kinds: readonly SearchKind[],
): Promise<FoundRow[]> {
  const words = tokensOf(text).map(({ forms }) => forms);
  const scope = { db, organizationId, connectionIds: [connectionId], kinds };
  const state = await searchState(db, organizationId);
  const behind = state.behind.find((one) => one.connectionId === connectionId);
  const [indexed, unindexed] = [
    await recordsWithWords(scope, words),
    behind === undefined
      ? { people: [], companies: [] }
      : await unindexedDocuments(db, organizationId, behind, [text.toLowerCase()], mostUnindexed),
  ];
  const wanted = kinds.includes('customer')
    ? { people: [], companies: [...indexed.companies.newest(mostCompared), ...unindexed.companies] }
    : { people: [...indexed.people.newest(mostCompared), ...unindexed.people], companies: [] };
  return documentRows(db, organizationId, [connectionId], wanted);
}
