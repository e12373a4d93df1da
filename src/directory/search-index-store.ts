import { sql } from 'kysely';
import { copyCell, copyRows } from '../platform/database/copy-rows.ts';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import type { IndexedRecord, PostingOwner } from './index-entries.ts';
import type { Place } from './record-store.ts';

/** The words of the mirror: what of it is to be indexed, and where words stand. Numbers of documents stay below 2^53. */

const own = ({ organizationId, connectionId }: Place) =>
  sql`organization_id = ${organizationId} and connection_id = ${connectionId}`;

/** Whether a record lies behind the last one that was indexed; asked so that it is one step in an index and never a scan. */
const behind = (table: 'contact' | 'customer') => sql`(
  select d.document from ${sql.table(table)} d
  where d.organization_id = i.organization_id and d.connection_id = i.connection_id and d.document > i.last_document
  order by d.organization_id, d.connection_id, d.document limit 1)`;

const noted = (table: 'search_change' | 'search_case_change') => sql`(
  select c.id from ${sql.table(table)} c where c.organization_id = i.organization_id and c.connection_id = i.connection_id limit 1)`;

/**
 * Connections, of all organizations, in which records changed or came that the index does not have. What a first pull loads waits
 * for its end, so that it is not slowed.
 */
export async function placesToIndex(db: Database): Promise<Place[]> {
  const query = sql<{ organization_id: string; connection_id: string }>`
    select i.organization_id, i.connection_id
    from search_index i
    where ${noted('search_change')} is not null or (coalesce(${noted('search_case_change')}, ${behind('contact')}, ${behind('customer')}) is not null and not exists (
      select from directory_pull p
      join directory_progress g using (organization_id, connection_id, pull_id)
      where p.organization_id = i.organization_id and p.connection_id = i.connection_id and g.from_empty
        and p.status = 'running' and p.purpose = 'pull' and p.alive_at > now() - interval '20 seconds'
    ))`;
  const { rows } = await acrossOrganizations(() => query.execute(db));
  return rows.map((row) => ({
    organizationId: row.organization_id,
    connectionId: row.connection_id,
  }));
}

/** How far the index is, for the one who goes on with it until the transaction ends; null while another does. */
export async function lockIndex(trx: Database, place: Place): Promise<number | null> {
  const { rows } = await sql<{ last: string }>`
    select last_document as last from search_index where ${own(place)} for update skip locked`.execute(
    trx,
  );
  return rows[0] === undefined ? null : Number(rows[0].last);
}

export async function advanceIndex(
  trx: Database,
  place: Place,
  last: number,
  count: number,
): Promise<void> {
  await sql`update search_index set last_document = ${last}, indexed = indexed + ${count} where ${own(place)}`.execute(
    trx,
  );
}

/** Whether somebody has an open case. */
const busy = sql`case kind when 'contact' then (
    select open from crm_case s where s.organization_id = contact.organization_id and s.connection_id = contact.connection_id
      and s.open and s.contact_id = contact.id limit 1
  ) else (
    select open from crm_case s where s.organization_id = contact.organization_id and s.connection_id = contact.connection_id
      and s.open and s.consumer_id = contact.id limit 1
  ) end is not null as busy`;

type StoredRecord = Omit<IndexedRecord, 'document'> & { document: string };
const toRecord = (row: StoredRecord): IndexedRecord => ({ ...row, document: Number(row.document) });

/** The records after `after` and before `before` in the order of their numbers. */
export async function documentsAfter(
  trx: Database,
  place: Place,
  { after, before, limit }: { after: number; before: number; limit: number },
): Promise<IndexedRecord[]> {
  const range = sql`${own(place)} and document > ${after} and document < ${before} order by document limit ${limit}`;
  const { rows } = await sql<StoredRecord>`
    (select document, kind, name, email, customer_id, active, ${busy} from contact where ${range})
    union all
    (select document, 'customer', name, '', null, true, false from customer where ${range})
    order by document limit ${limit}`.execute(trx);
  return rows.map(toRecord);
}

/** The records with these numbers, as far as they are there. */
export async function documentsNow(
  trx: Database,
  place: Place,
  documents: number[],
): Promise<IndexedRecord[]> {
  const wanted = sql`${own(place)} and document = any(${documents}::bigint[])`;
  const { rows } = await sql<StoredRecord>`
    select document, kind, name, email, customer_id, active, ${busy} from contact where ${wanted}
    union all
    select document, 'customer', name, '', null, true, false from customer where ${wanted}`.execute(
    trx,
  );
  return rows.map(toRecord);
}

/** Takes off what records were before they were changed, the oldest first. Nobody noted who had an open case: it is said of all people. */
export async function takeChanges(
  trx: Database,
  place: Place,
  limit: number,
): Promise<IndexedRecord[]> {
  const { rows } = await sql<StoredRecord>`
    delete from search_change
    where ${own(place)} and id = any(array(select id from search_change where ${own(place)} order by id limit ${limit}))
    returning document, kind, name, email, customer_id, active, active and kind <> 'customer' as busy`.execute(
    trx,
  );
  return rows.map(toRecord);
}

/** Takes off whose open cases changed, the oldest first, and answers those people's numbers; null where there was nobody. */
export async function takeCaseChanges(
  trx: Database,
  place: Place,
  limit: number,
): Promise<number[] | null> {
  const { rows } = await sql<{ kind: string; contact_id: string }>`
    delete from search_case_change
    where ${own(place)} and id = any(array(select id from search_case_change where ${own(place)} order by id limit ${limit}))
    returning kind, contact_id`.execute(trx);
  if (rows.length === 0) return null;
  const people = await sql<{ document: string }>`
    select p.document
    from (select distinct kind, id from unnest(${rows.map(({ kind }) => kind)}::text[],
      ${rows.map(({ contact_id: id }) => id)}::text[]) as u (kind, id)) g
    cross join lateral (
      select document from contact where ${own(place)} and kind = g.kind and id = g.id limit 1
    ) p`.execute(trx);
  return people.rows.map(({ document }) => Number(document));
}

export interface Posting {
  owner: PostingOwner;
  word: string;
  chunk: number;
  documents: Buffer;
}

/** A posting as a row for COPY. */
export function postingLine(place: Place, { owner, word, chunk, documents }: Posting): string {
  return `${place.organizationId}\t${place.connectionId}\t${owner}\t${copyCell(word)}\t${chunk}\t\\\\x${documents.toString('hex')}\n`;
}

/** Loads postings (postingLine) that are not there yet, piece by piece as they are made. */
export async function loadPostings(trx: Database, rows: AsyncIterable<Buffer>): Promise<void> {
  const columns = ['organization_id', 'connection_id', 'owner', 'word', 'chunk', 'documents'];
  await copyRows(trx, 'search_posting', columns, rows);
}

type PostingKey = Pick<Posting, 'owner' | 'word' | 'chunk'>;
const keys = (of: PostingKey[]) => sql`
  ${of.map(({ owner }) => owner)}::text[], ${of.map(({ word }) => word)}::text[], ${of.map(({ chunk }) => chunk)}::int[]`;

/** Those of `wanted` that are there. */
export async function postingsOf(
  trx: Database,
  place: Place,
  wanted: PostingKey[],
): Promise<Posting[]> {
  const { rows } = await sql<Posting>`
    select p.owner, p.word, p.chunk, p.documents
    from unnest(${keys(wanted)}) as g (owner, word, chunk)
    join search_posting p on ${sql`p.organization_id = ${place.organizationId} and p.connection_id = ${place.connectionId}`}
      and p.word = g.word and p.owner = g.owner and p.chunk = g.chunk`.execute(trx);
  return rows;
}

/** Puts postings in the place of what was there; those without documents are deleted. */
export async function putPostings(trx: Database, place: Place, postings: Posting[]): Promise<void> {
  const [full, empty] = [true, false].map((kept) =>
    postings.filter(({ documents }) => documents.length > 0 === kept),
  ) as [Posting[], Posting[]];
  if (full.length > 0)
    await sql`
      insert into search_posting (organization_id, connection_id, owner, word, chunk, documents)
      select ${place.organizationId}, ${place.connectionId}, owner, word, chunk, decode(hex, 'hex')
      from unnest(${keys(full)}, ${full.map(({ documents }) => documents.toString('hex'))}::text[]) as g (owner, word, chunk, hex)
      on conflict (organization_id, connection_id, word, owner, chunk) do update set documents = excluded.documents
    `.execute(trx);
  if (empty.length > 0)
    await sql`
      delete from search_posting p
      using unnest(${keys(empty)}) as g (owner, word, chunk)
      where p.organization_id = ${place.organizationId} and p.connection_id = ${place.connectionId}
        and p.word = g.word and p.owner = g.owner and p.chunk = g.chunk
    `.execute(trx);
}

/** Lets the planner know how large the index has become. */
export async function analyzePostings(db: Database): Promise<void> {
  await sql`analyze search_posting`.execute(db);
}
