import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { SearchKind } from './contract.ts';

/** What there is to search. */
export interface SearchState {
  connectionIds: string[];
  /** Connections with records that the index does not have yet, and the last one that it has. */
  behind: { connectionId: string; last: number }[];
  /** Of those: records that are indexed, and all. */
  done: number;
  total: number;
}

export async function searchState(db: Database, organizationId: string): Promise<SearchState> {
  const next = (table: 'contact' | 'customer') => sql`(
    select d.document from ${sql.table(table)} d
    where d.organization_id = i.organization_id and d.connection_id = i.connection_id and d.document > i.last_document
    order by d.organization_id, d.connection_id, d.document limit 1)`;
  const { rows } = await sql<{
    connection_id: string;
    last: string;
    done: number;
    behind: boolean;
    total: number;
  }>`/* prepared search-state */
    select i.connection_id, i.last_document as last, i.indexed::int as done,
      coalesce(${next('contact')}, ${next('customer')}) is not null as behind,
      coalesce((
        select sum(g.done) from directory_progress g
        where g.organization_id = i.organization_id and g.connection_id = i.connection_id
          and g.kind in ('customers', 'contacts')
      ), 0)::int as total
    from search_index i where i.organization_id = ${organizationId}`.execute(db);
  const behind = rows.filter((row) => row.behind);
  const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
  const total = sum(behind.map((row) => row.total));
  return {
    connectionIds: rows.map((row) => row.connection_id),
    behind: behind.map((row) => ({ connectionId: row.connection_id, last: Number(row.last) })),
    done: Math.min(total, sum(behind.map(({ done }) => done))),
    total,
  };
}

/** Which words of the index are wanted: those from `low` to before `high`, for term number `term`. */
export interface WordRange {
  term: number;
  low: string;
  high: string;
  /** The word itself, not a longer one. */
  exact: boolean;
}

export interface FoundPosting {
  term: number;
  owner: SearchKind;
  exact: boolean;
  chunk: number;
  documents: Buffer;
}

/** Of whose words are wanted; `limit` postings at most for each range. */
export async function foundPostings(
  db: Database,
  organizationId: string,
  connectionIds: string[],
  { ranges, owners, limit }: { ranges: WordRange[]; owners: readonly SearchKind[]; limit: number },
): Promise<FoundPosting[]> {
  const { rows } = await sql<FoundPosting>`/* prepared found-postings */
    select g.term, p.owner, g.exact, p.chunk, p.documents
    from unnest(${connectionIds}::uuid[]) as c (id)
    cross join unnest(${ranges.map(({ term }) => term)}::int[],
      ${ranges.map(({ low }) => low)}::text[], ${ranges.map(({ high }) => high)}::text[],
      ${ranges.map(({ exact }) => exact)}::boolean[]) as g (term, low, high, exact)
    cross join lateral (
      select owner, chunk, documents from search_posting
      where organization_id = ${organizationId} and connection_id = c.id and word >= g.low and word < g.high
        and owner = any(${owners}::text[])
      order by organization_id, connection_id, word, owner, chunk
      limit ${limit}
    ) p`.execute(db);
  return rows;
}

/** Where the people of these customers stand in the index. */
export async function staffPostings(
  db: Database,
  organizationId: string,
  connectionIds: string[],
  customers: number[],
): Promise<{ chunk: number; documents: Buffer }[]> {
  const { rows } = await sql<{ chunk: number; documents: Buffer }>`/* prepared staff-postings */
    select p.chunk, p.documents
    from unnest(${connectionIds}::uuid[]) as c (id)
    cross join unnest(${customers}::bigint[]) as g (document)
    cross join lateral (
      select id from customer
      where organization_id = ${organizationId} and connection_id = c.id and document = g.document
      order by organization_id, connection_id, document limit 1
    ) k
    cross join lateral (
      select chunk, documents from search_posting
      where organization_id = ${organizationId} and connection_id = c.id and word = '=' || k.id and owner = 'staff'
      order by organization_id, connection_id, word, owner, chunk limit 1000
    ) p`.execute(db);
  return rows;
}

/** Where people with an open case stand in the index: of `chunks`, since of a million people it is read a chunk at a time. */
export async function busyPostings(
  db: Database,
  organizationId: string,
  connectionIds: string[],
  chunks: number[],
): Promise<{ chunk: number; documents: Buffer }[]> {
  const { rows } = await sql<{ chunk: number; documents: Buffer }>`/* prepared busy-postings */
    select p.chunk, p.documents
    from unnest(${connectionIds}::uuid[]) as c (id)
    cross join unnest(${chunks}::int[]) as g (chunk)
    cross join lateral (
      select chunk, documents from search_posting
      where organization_id = ${organizationId} and connection_id = c.id and word = '' and owner = 'busy' and chunk = g.chunk
      order by organization_id, connection_id, word, owner, chunk limit 1
    ) p`.execute(db);
  return rows;
}

/** For whom these people work, both by their numbers; whoever works for nobody is left out. */
export async function employersOf(
  db: Database,
  organizationId: string,
  connectionIds: string[],
  documents: number[],
): Promise<{ document: number; employer: number }[]> {
  const { rows } = await sql<{ document: string; employer: string }>`/* prepared employers */
    select p.document, k.document as employer
    from unnest(${connectionIds}::uuid[]) as c (id)
    cross join unnest(${documents}::bigint[]) as g (document)
    cross join lateral (
      select document, customer_id from contact
      where organization_id = ${organizationId} and connection_id = c.id and document = g.document
      order by organization_id, connection_id, document limit 1
    ) p
    cross join lateral (
      select document from customer
      where organization_id = ${organizationId} and connection_id = c.id and id = p.customer_id limit 1
    ) k`.execute(db);
  return rows.map(({ document, employer }) => ({
    document: Number(document),
    employer: Number(employer),
  }));
}

/** Records by their numbers: contacts and consumers, and customers. */
export interface DocumentNumbers {
  people: number[];
  companies: number[];
}

/**
 * Records behind the last indexed one that hold all of `words` (lower case), of the first `limit` that there are: so that what was
 * just written is found, and something of what a first pull has brought.
 */
export async function unindexedDocuments(
  db: Database,
  organizationId: string,
  { connectionId, last }: SearchState['behind'][number],
  words: readonly string[],
  limit: number,
): Promise<DocumentNumbers> {
  const patterns = words.map((word) => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);
  const first = sql`organization_id = ${organizationId} and connection_id = ${connectionId} and document > ${last}
    order by organization_id, connection_id, document limit ${limit}`;
  const { rows } = await sql<{ document: string; company: boolean }>`
    (select c.document, false as company
    from (select * from contact where ${first}) c
    left join customer k on k.organization_id = c.organization_id and k.connection_id = c.connection_id and k.id = c.customer_id
    where c.active and lower(concat_ws(' ', c.name, c.email, k.name)) like all(${patterns}::text[])
    limit 300)
    union all
    (select document, true from (select * from customer where ${first}) k where lower(name) like all(${patterns}::text[]) limit 300)
  `.execute(db);
  const numbersOf = (company: boolean) =>
    rows.filter((row) => row.company === company).map(({ document }) => Number(document));
  return { people: numbersOf(false), companies: numbersOf(true) };
}

/** What the database knows of something that was found. */
export interface FoundRow {
  kind: SearchKind;
  connection_id: string;
  id: string;
  name: string;
  email: string;
  details: string[];
  company: string | null;
  number: string | null;
  /** Somebody with an open case. */
  busy: boolean;
  updated_at: Date | null;
}

/**
 * The records with these numbers, as far as they are there. One step in an index for each: the planner, who knows nothing of how
 * organization, connection and policy go together, would go through whole tables.
 */
export async function documentRows(
  db: Database,
  organizationId: string,
  connectionIds: string[],
  { people, companies }: DocumentNumbers,
): Promise<FoundRow[]> {
  if (people.length === 0 && companies.length === 0) return [];
  const { rows } = await sql<FoundRow>`/* prepared document-rows */
    select d.*, null as number, case d.kind when 'contact' then (
        select open from crm_case s where s.organization_id = ${organizationId} and s.connection_id = d.connection_id
          and s.open and s.contact_id = d.id limit 1
      ) when 'consumer' then (
        select open from crm_case s where s.organization_id = ${organizationId} and s.connection_id = d.connection_id
          and s.open and s.consumer_id = d.id limit 1
      ) end is not null as busy
    from unnest(${connectionIds}::uuid[]) as c (id)
    cross join lateral (
      select person.* from unnest(${people}::bigint[]) as g (document)
      cross join lateral (
        select kind, connection_id, id, name, email, array[title, email, city] as details, (
            select k.name from customer k where k.organization_id = ${organizationId} and k.connection_id = c.id
              and k.id = p.customer_id limit 1
          ) as company, updated_at
        from contact p
        where organization_id = ${organizationId} and connection_id = c.id and document = g.document and active
        order by organization_id, connection_id, document limit 1
      ) person
      union all
      select company.* from unnest(${companies}::bigint[]) as g (document)
      cross join lateral (
        select 'customer', connection_id, id, name, '', array[city, country], '', updated_at
        from customer
        where organization_id = ${organizationId} and connection_id = c.id and document = g.document
        order by organization_id, connection_id, document limit 1
      ) company
    ) d`.execute(db);
  return rows;
}

/**
 * Whether the connection has a customer of this name, whatever case or width its characters have. Goes through all of them: for names
 * that no word of the index tells.
 */
export async function customerHasName(
  db: Database,
  organizationId: string,
  connectionId: string,
  name: string,
): Promise<boolean> {
  const { rows } = await sql`select from customer
    where organization_id = ${organizationId} and connection_id = ${connectionId}
      and lower(normalize(name, NFKC)) = lower(normalize(${name}, NFKC)) limit 1`.execute(db);
  return rows.length > 0;
}

/** The first telephone number of each, in the order of `owners`; null for those without. */
export async function firstNumbers(
  db: Database,
  organizationId: string,
  owners: Pick<FoundRow, 'connection_id' | 'kind' | 'id'>[],
): Promise<(string | null)[]> {
  if (owners.length === 0) return [];
  const { rows } = await sql<{ raw: string | null }>`/* prepared first-numbers */
    select (
      select raw from phone_number p
      where p.organization_id = ${organizationId} and p.connection_id = g.connection_id and p.owner_kind = g.kind
        and p.owner_id = g.id
      order by ordinal, part limit 1
    ) as raw
    from unnest(${owners.map((owner) => owner.connection_id)}::uuid[], ${owners.map(({ kind }) => kind)}::text[],
      ${owners.map(({ id }) => id)}::text[]) with ordinality as g (connection_id, kind, id, place)
    order by g.place`.execute(db);
  return rows.map(({ raw }) => raw);
}

/** Cases whose number, in capitals, begins with one of these, the nearest first. */
export async function casesByNumber(
  db: Database,
  organizationId: string,
  beginnings: string[],
  limit: number,
): Promise<FoundRow[]> {
  const { rows } = await sql<FoundRow>`/* prepared cases-by-number */
    select 'case' as kind, c.connection_id, c.id, c.short_description as name, '' as email,
      array[c.number, c.state_label] as details, k.name as company, c.number, c.open as busy, c.updated_at
    from unnest(${beginnings}::text[]) as g (beginning)
    cross join lateral (
      select * from crm_case
      where organization_id = ${organizationId} and number_key >= g.beginning and number_key < g.beginning || 'zzzzzzzz'
        and starts_with(number_key, g.beginning)
        and connection_id in (select id from crm_connection where organization_id = ${organizationId})
      order by organization_id, number_key limit ${limit}
    ) c
    left join customer k on k.organization_id = c.organization_id and k.connection_id = c.connection_id
      and k.id = c.customer_id
    limit ${limit}`.execute(db);
  return rows;
}

/** A case number of the organization: how its numbers are written. */
export async function someCaseNumber(db: Database, organizationId: string): Promise<string | null> {
  const { rows } = await sql<{ number_key: string }>`/* prepared some-case-number */
    select number_key from crm_case where organization_id = ${organizationId} and number_key > ''
    order by organization_id, number_key desc limit 1`.execute(db);
  return rows[0]?.number_key ?? null;
}
