import { setImmediate } from 'node:timers/promises';
import { CopyText } from '../platform/database/copy-rows.ts';
import type { Database } from '../platform/database/database.ts';
import { ChunkEntries } from './chunk-entries.ts';
import { alterPacked, chunkOf, firstOf, packPlaces } from './document-set.ts';
import { anybodyBusy, entriesOf, entryOf, partsOf } from './index-entries.ts';
import type { IndexedRecord } from './index-entries.ts';
import { commitWithoutWaiting } from './pull-store.ts';
import type { Place } from './record-store.ts';
import * as store from './search-index-store.ts';
import { inSlices } from './write-page.ts';

const pageSize = 1_000;
const changesAtOnce = 500;
const caseChangesAtOnce = 5_000;
const keysAtOnce = 2_000;
const pieceBytes = 60_000;

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
    return (
      (await followChanges(trx, place, last)) ||
      (await followCases(trx, place, last)) ||
      (await indexChunk(trx, place, last))
    );
  });
}

/** Goes on until nothing is left to do. */
export async function indexDirectory(db: Database, place: Place): Promise<void> {
  while (await indexNext(db, place));
}

/**
 * Takes out what changed records were, and puts in what they are. A record behind the last one is left to its turn. Several changes
 * of a record, and one that came while it was being indexed, all leave what they were: nothing of that stays. Whether somebody
 * had an open case nobody noted, so it is taken out in any case.
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

/** Puts in who has an open case now, and takes out who has none any more. */
async function followCases(trx: Database, place: Place, last: number): Promise<boolean> {
  const people = await store.takeCaseChanges(trx, place, caseChangesAtOnce);
  if (people === null) return false;
  const reached = people.filter((document) => document <= last);
  const changes = new PostingChanges();
  for (const { active, busy, document } of await store.documentsNow(trx, place, reached))
    changes.mark(anybodyBusy, document, active && busy);
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
  const entries = new ChunkEntries();
  let [after, count] = [last, 0];
  for (;;) {
    const page = await store.documentsAfter(trx, place, { after, before, limit: pageSize });
    await inSlices(page, (record) => entries.add(record, record.document - firstOf(chunk)));
    count += page.length;
    after = page.at(-1)?.document ?? after;
    if (page.length < pageSize) break;
  }
  if (last < firstOf(chunk)) await store.loadPostings(trx, postingText(place, chunk, entries));
  else await alterPostings(trx, place, PostingChanges.of(chunk, entries));
  await store.advanceIndex(trx, place, after, count);
  return true;
}

/** In the order of the key, so that the index of the table grows page by page; in pieces, since all of it is some 50 MB. */
async function* postingText(
  place: Place,
  chunk: number,
  entries: ChunkEntries,
): AsyncGenerator<Buffer, void, void> {
  let text = new CopyText();
  for (const { entry, places } of entries.postings()) {
    text.add(store.postingLine(place, { ...partsOf(entry), chunk, documents: packPlaces(places) }));
    if (text.bytes.length < pieceBytes) continue;
    yield text.bytes;
    text = new CopyText();
    // A call that rings meanwhile does not wait for all of them.
    await setImmediate();
  }
  yield text.bytes;
}

/** What is to be put into and taken out of postings. */
class PostingChanges {
  readonly byKey = new Map<
    string,
    { entry: string; chunk: number; add: number[]; remove: number[] }
  >();

  static of(chunk: number, entries: ChunkEntries): PostingChanges {
    const changes = new PostingChanges();
    for (const { entry, places } of entries.postings())
      changes.#of(entry, chunk).add = Array.from(places, (at) => firstOf(chunk) + at);
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

  mark(entry: string, document: number, has: boolean): void {
    this.#of(entry, chunkOf(document))[has ? 'add' : 'remove'].push(document);
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
        `${posting.chunk} ${entryOf(posting.owner, posting.word)}`,
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
