import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CrmRecord } from '../crm/record.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { DocumentSet } from './document-set.ts';
import { forgetMirrors } from './forget-mirrors.ts';
import { entriesOf, entryOf } from './index-entries.ts';
import type { PostingOwner } from './index-entries.ts';
import { indexDirectory, indexNext } from './index-directory.ts';
import { pullDirectory } from './pull-directory.ts';
import type { Place } from './record-store.ts';
import { documentsAfter, placesToIndex } from './search-index-store.ts';
import { searchDirectory } from './search.ts';
import { contact, customer, fakeCrm, newPlace, openCase } from './testing.ts';
import { dropLive, writeLive } from './write-live.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** What the index holds, as `entry: documents`. */
async function indexed({ organizationId, connectionId }: Place): Promise<Map<string, number[]>> {
  const { rows } = await sql<{
    owner: PostingOwner;
    word: string;
    chunk: number;
    documents: Buffer;
  }>`
    select owner, word, chunk, documents from search_posting
    where organization_id = ${organizationId} and connection_id = ${connectionId}`.execute(
    database.db,
  );
  const entries = new Map<string, number[]>();
  for (const { owner, word, chunk, documents } of rows) {
    const set = new DocumentSet();
    set.unpack(chunk, documents);
    const entry = entryOf(owner, word);
    entries.set(entry, [...(entries.get(entry) ?? []), ...set.newest()]);
  }
  return sorted(entries);
}

/** What a build from nothing would hold. */
async function expected(place: Place): Promise<Map<string, number[]>> {
  const all = { after: 0, before: Number.MAX_SAFE_INTEGER, limit: 100_000 };
  const entries = new Map<string, number[]>();
  for (const record of await documentsAfter(database.db, place, all))
    for (const entry of entriesOf(record))
      entries.set(entry, [...(entries.get(entry) ?? []), record.document]);
  return sorted(entries);
}

function sorted(entries: Map<string, number[]>): Map<string, number[]> {
  return new Map(
    [...entries]
      .map(([entry, documents]): [string, number[]] => [entry, documents.toSorted((a, b) => a - b)])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const name = fc.constantFrom('Ada Berg', 'Jörg Müller', "Anna-Lena O'Brien", 'Ada Müller', 'X', '');
const id = fc.constantFrom('1', '2', '3', '4', '5');
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('write' as const),
      id,
      name,
      active: fc.boolean(),
      company: fc.constantFrom(null, '1', '2'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('company' as const), id, name }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('drop' as const),
      id,
      type: fc.constantFrom('contact' as const, 'customer' as const, 'case' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('case' as const),
      id,
      contactId: fc.option(id),
      open: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('index' as const) }) },
);

test('after any edits, with and without a step of the index between them, it is what a fresh build would be', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const { db } = database;
      const place = await newPlace(db);
      for (const one of steps) {
        if (one.does === 'index') await indexNext(db, place);
        else if (one.does === 'drop') await dropLive(db, place, one.type, [one.id]);
        else if (one.does === 'case') await writeLive(db, place, [openCase(one.id, one)]);
        else await writeLive(db, place, [recordOf(one)]);
      }
      await indexDirectory(db, place);
      expect(await indexed(place)).toEqual(await expected(place));
      expect(
        (await placesToIndex(db)).filter((other) => other.organizationId === place.organizationId),
      ).toEqual([]);
    }),
    { numRuns: 25 },
  );
}, 120_000);

type Write = { id: string; name: string; active?: boolean; company?: string | null };
function recordOf({ id: own, name: called, active, company }: Write): CrmRecord {
  if (active === undefined) return customer(own, { name: called });
  const email = called === '' ? '' : `${own}@${called.length}.example`;
  return contact(own, { name: called, email, active, customerId: company ?? null });
}

test('many records of one chunk, bitmaps among them, taken out again one by one', async () => {
  const { db } = database;
  const place = await newPlace(db);
  const many = Array.from({ length: 4_500 }, (_, index) =>
    contact(`c${index}`, { name: `Ada Nr${index}` }),
  );
  await pullDirectory(
    { db, crm: fakeCrm({ contacts: [many] }) },
    place.organizationId,
    place.connectionId,
  );
  await indexDirectory(db, place);
  expect(await indexed(place)).toEqual(await expected(place));
  await dropLive(
    db,
    place,
    'contact',
    many.slice(0, 800).map((one) => one.id),
  );
  await indexDirectory(db, place);
  const now = await indexed(place);
  expect(now.get(entryOf('contact', 'ada'))).toHaveLength(3_700);
  expect(now.has(entryOf('contact', 'nr0'))).toBe(false);
  expect(now).toEqual(await expected(place));
});

test('a first pull is not disturbed: what it loads is indexed after its end, and found before', async () => {
  const { db } = database;
  const place = await newPlace(db);
  const due = async () =>
    (await placesToIndex(db)).some((other) => other.connectionId === place.connectionId);
  let during: boolean | null = null;
  let found = 0;
  await pullDirectory(
    { db, crm: fakeCrm({ contacts: [[contact('c1', { name: 'Early Bird' })], [contact('c2')]] }) },
    place.organizationId,
    place.connectionId,
    {
      async afterPage(_lease, kind) {
        if (kind !== 'contacts') return;
        during ??= await due();
        found = (await searchDirectory(db, place.organizationId, 'early')).results.length;
      },
    },
  );
  expect(during).toBe(false);
  expect(found).toBe(1);
  expect(await due()).toBe(true);
});

test('nothing is left of a connection that is deleted', async () => {
  const { db } = database;
  const place = await newPlace(db);
  await writeLive(db, place, [contact('c1', { name: 'Gone Soon' })]);
  await indexDirectory(db, place);
  await writeLive(db, place, [
    contact('c1', { name: 'Gone Now' }),
    openCase('s1', { contactId: 'c1' }),
  ]);
  await sql`delete from crm_connection where id = ${place.connectionId}`.execute(db);
  await forgetMirrors(db);
  const changes = ['search_change', 'search_case_change'];
  for (const table of ['search_posting', ...changes, 'search_index', 'contact']) {
    const { rows } =
      await sql`select from ${sql.table(table)} where connection_id = ${place.connectionId}`.execute(
        db,
      );
    expect(rows, table).toEqual([]);
  }
});

test('behind the fence another organization finds nothing, whatever it asks for', async () => {
  const { db } = database;
  const [place, other] = [await newPlace(db), await newPlace(db)];
  await writeLive(db, place, [contact('c1', { name: 'Secret Client' })]);
  await indexDirectory(db, place);
  const search = (scope: string) =>
    inOrganization(scope, () => searchDirectory(db, place.organizationId, 'secret'));
  expect((await search(place.organizationId)).results).toHaveLength(1);
  expect((await search(other.organizationId)).results).toEqual([]);
});
