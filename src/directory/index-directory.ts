import { CopyText } from '../platform/database/copy-rows.ts';
import type { Database } from '../platform/database/database.ts';
import { alterPacked, chunkOf, firstOf, packPlaces } from './document-set.ts';
import { entriesOf, partsOf } from './index-entries.ts';
import type { IndexedRecord } from './index-entries.ts';
import { commitWithoutWaiting } from './pull-store.ts';
import type { Place } from './record-store.ts';
import * as store from './search-index-store.ts';
import { inSlices } from './write-page.ts';

const pageSize = 1_000;
const changesAtOnce = 500;
const keysAtOnce = 2_000;

/**
 * Brings the words of a connection's mirror one step nearer to its records: changes first, else the next records that are not in
 * the index, at most 65,536. Every step is a transaction, so that a killed process loses one; memory holds the words of one step.
 * False when nothing is left to do, or another process is at it.
 */
export async function indexNext(db: Database, place: Place): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await commitWithoutWaiting(trx);
    const last = await store.lockIndex(trx, place);
    if (last === null) return false;
    return (await followChanges(trx, place, last)) || (await indexChunk(trx, place, last));
  });
}

/** Goes on until nothing is left to do. */
export async function indexDirectory(db: Database, place: Place): Promise<void> {
  while (await indexNext(db, place));
}

/**
 * Takes out what changed records were, and puts in what they are. A record behind the last one is left to its turn. Several changes
 * of a record, and one that came while it was being indexed, all leave what they were: nothing of that stays.
 */
async function followChanges(trx: Database, place: Place, last: number): Promise<boolean> {
  const before = await store.takeChanges(trx, place, changesAtOnce);
  if (before.length === 0) return false;
  const reached = before.filter(({ document }) => document <= last);
  const documents = [...new Set(reached.map(({ document }) => document))];
  const now = new Map(
    (await store.documentsNow(trx, place, documents)).map((record) => [record.document, record]),
  );
  const changes = new PostingChanges();
  for (const record of reached) changes.remove(record);
  for (const record of now.values()) changes.add(record);
  await alterPostings(trx, place, changes);
  return true;
}

async function indexChunk(trx: Database, place: Place, last: number): Promise<boolean> {
  const [first] = await store.documentsAfter(trx, place, {
    ...{ after: last, before: Number.MAX_SAFE_INTEGER, limit: 1 },
  });
  if (first === undefined) return false;
  const chunk = chunkOf(first.document);
  const before = firstOf(chunk + 1);
  const entries = new Map<string, number[]>();
  let [after, count] = [last, 0];
  for (;;) {
    const page = await store.documentsAfter(trx, place, { after, before, limit: pageSize });
    await inSlices(page, (record) => {
      const at = record.document - firstOf(chunk);
      for (const entry of entriesOf(record)) {
        const places = entries.get(entry);
        if (places === undefined) entries.set(entry, [at]);
        else places.push(at);
      }
    });
    count += page.length;
    after = page.at(-1)?.document ?? after;
    if (page.length < pageSize) break;
  }
  if (last < firstOf(chunk)) await loadChunk(trx, place, chunk, entries);
  else await alterPostings(trx, place, PostingChanges.of(chunk, entries));
  await store.advanceIndex(trx, place, after, count);
  return true;
}

/** Nothing of the chunk is there yet. */
async function loadChunk(
  trx: Database,
  place: Place,
  chunk: number,
  entries: Map<string, number[]>,
): Promise<void> {
  const text = new CopyText();
  // In the order of the key, so that the index of the table grows page by page.
  const sorted = [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
  await inSlices(sorted, ([entry, places]) => {
    const posting = { ...partsOf(entry), chunk, documents: packPlaces(places) };
    text.add(store.postingLine(place, posting));
  });
  await store.loadPostings(trx, text);
}

/** What is to be put into and taken out of postings. */
class PostingChanges {
  readonly byKey = new Map<
    string,
    { entry: string; chunk: number; add: number[]; remove: number[] }
  >();

  static of(chunk: number, entries: Map<string, number[]>): PostingChanges {
    const changes = new PostingChanges();
    for (const [entry, places] of entries)
      changes.#of(entry, chunk).add = places.map((at) => firstOf(chunk) + at);
    return changes;
  }

  add(record: IndexedRecord): void {
    for (const entry of entriesOf(record))
      this.#of(entry, chunkOf(record.document)).add.push(record.document);
  }

  remove(record: IndexedRecord): void {
    for (const entry of entriesOf(record))
      this.#of(entry, chunkOf(record.document)).remove.push(record.document);
  }

  #of(entry: string, chunk: number) {
    const key = `${chunk} ${entry}`;
    let change = this.byKey.get(key);
    if (change === undefined) this.byKey.set(key, (change = { entry, chunk, add: [], remove: [] }));
    return change;
  }
}

async function alterPostings(trx: Database, place: Place, changes: PostingChanges): Promise<void> {
  const all = [...changes.byKey.values()];
  for (let start = 0; start < all.length; start += keysAtOnce) {
    const some = all
      .slice(start, start + keysAtOnce)
      .map((change) => ({ ...change, ...partsOf(change.entry) }));
    const stored = new Map(
      (await store.postingsOf(trx, place, some)).map((posting) => [
        `${posting.chunk} ${posting.owner} ${posting.word}`,
        posting.documents,
      ]),
    );
    const postings: store.Posting[] = [];
    await inSlices(some, ({ entry, owner, word, chunk, add, remove }) => {
      const known = stored.get(`${chunk} ${entry}`) ?? Buffer.alloc(0);
      const documents = alterPacked(known, remove, add);
      if (!documents.equals(known)) postings.push({ owner, word, chunk, documents });
    });
    await store.putPostings(trx, place, postings);
  }
}
