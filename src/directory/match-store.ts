import { CompiledQuery, sql } from 'kysely';
import { askTogether } from '../platform/database/ask-together.ts';
import type { Database } from '../platform/database/database.ts';
import type { OwnerKind } from './tables.ts';

/** Of one number. */
export const candidatesShown = 50;

/** A candidate as the database answers it. */
export interface CandidateRow {
  connection_id: string;
  kind: OwnerKind;
  id: string;
  field: string;
  label: string;
  raw: string;
  name: string;
  title: string;
  email: string;
  city: string;
  country: string;
  customer_id: string | null;
  customer_name: string | null;
  updated_at: Date | null;
  case_count: number;
  cases: CaseRow[] | null;
  /** The record is still being made in the CRM. */
  provisional: boolean;
  /** Since when the number is on its way to the CRM, and who put it there; null: the CRM has it. */
  pending_at: Date | null;
  pending_by: string | null;
  /** When this one of several was last said to be the caller, and by whom; null when never, or forgotten. */
  chosen_at: Date | null;
  chosen_by: string | null;
}

interface CaseRow {
  id: string;
  number: string;
  shortDescription: string;
  state: string;
  priority: string;
  priorityRank: number;
  openedAt: string | null;
}

/** A branch for each kind of owner, so that each uses its own index. */
function openCasesOf(owner: string, columns: string): string {
  const branch = (kind: OwnerKind, column: string) =>
    `select ${columns} from crm_case
     where ${owner}.kind = '${kind}' and organization_id = $1 and connection_id = ${owner}.connection_id
       and open and ${column} = ${owner}.id`;
  return [
    branch('contact', 'contact_id'),
    branch('consumer', 'consumer_id'),
    branch('customer', 'customer_id'),
  ].join(' union all ');
}

const bestFirst =
  'chosen_at desc nulls last, class, case_count desc, rank, updated_at desc nulls last, name, connection_id, kind, id';

// Put together once, because doing it each time took as long as running it. `hit` are the records in question with the
// number that led to them, `memory` who of them was chosen when; $1 is the organization.
function candidateQuery({ hit, memory, limit }: QueryParts): string {
  return `
  with hit as materialized (${hit}), owner as (
    select 0 as class, hit.*, c.name, c.title, c.email, c.city, c.country,
      c.customer_id, k.name as customer_name, c.updated_at, false as provisional
    from hit
    join contact c on c.organization_id = $1 and c.connection_id = hit.connection_id
      and c.kind = hit.kind and c.id = hit.id
    left join customer k on k.organization_id = $1 and k.connection_id = hit.connection_id and k.id = c.customer_id
    where c.active
    union all
    select 1, hit.*, k.name, '', '', k.city, k.country, null, null, k.updated_at, false
    from hit
    join customer k on k.organization_id = $1 and k.connection_id = hit.connection_id and k.id = hit.id
    where hit.kind = 'customer'
    union all
    select 2, hit.*, u.name, u.title, u.email, '', u.country, null, null, u.updated_at, false
    from hit
    join crm_user u on u.organization_id = $1 and u.connection_id = hit.connection_id and u.id = hit.id
    where hit.kind = 'user' and u.active and not exists (
      select from hit contact
      where contact.connection_id = hit.connection_id and contact.kind = 'contact' and contact.id = hit.id
    )
    union all
    select 0, hit.*, p.name, p.title, p.email, '', '', p.customer_id, coalesce(k.name, p.customer_name), p.created_at, true
    from hit
    join pending_contact p on p.organization_id = $1 and p.connection_id = hit.connection_id and p.id = hit.id
    left join customer k on k.organization_id = $1 and k.connection_id = hit.connection_id and k.id = p.customer_id
    where hit.kind = 'contact' and not exists (
      -- A round of changes may bring it before the outbox has heard that it was made.
      select from hit made
      join contact c on c.organization_id = $1 and c.connection_id = made.connection_id
        and c.kind = made.kind and c.id = made.id
      where made.connection_id = hit.connection_id and made.kind = 'contact' and lower(c.name) = lower(p.name)
    )
  ), ranked as (
    select owner.*, open_case.case_count, open_case.rank, memory.chosen_at, memory.person_id
    from owner
    left join (${memory}) memory on memory.candidate_key = owner.kind || ':' || owner.connection_id || ':' || owner.id
    cross join lateral (
      select count(*)::int as case_count, min(priority_rank) as rank
      from (${openCasesOf('owner', 'priority_rank')}) c
    ) open_case
    order by ${bestFirst}
    limit ${limit}
  )
  select ranked.*, (${personName('ranked.person_id')}) as chosen_by, (${personName('ranked.pending_person')}) as pending_by, (
    select json_agg(c.shown order by c.priority_rank, c.opened_at, c.id)
    from (
      select c.priority_rank, c.opened_at, c.id, json_build_object(
        'id', c.id, 'number', c.number, 'shortDescription', c.short_description, 'state', c.state_label,
        'priority', c.priority_label, 'priorityRank', c.priority_rank, 'openedAt', c.opened_at) as shown
      from (${openCasesOf('ranked', '*')}) c
      order by c.priority_rank, c.opened_at, c.id
      limit 20
    ) c
  ) as cases
  from ranked
  order by ${bestFirst}`;
}

interface QueryParts {
  hit: string;
  memory: string;
  limit: string;
}

const personName = (id: string): string =>
  `select person.name from person where person.organization_id = $1 and person.id = ${id}`;

// $2 numbers, $3 how many for each. A number that more than 1000 records share is some default value.
const candidatesOfNumber = candidateQuery({
  hit: `
    select distinct on (connection_id, owner_kind, owner_id)
      connection_id, owner_kind as kind, owner_id as id, field, label, raw, pending_at, pending_person
    from (
      select connection_id, owner_kind, owner_id, field, label, raw, ordinal, part,
        null::timestamptz as pending_at, null::uuid as pending_person
      from phone_number
      where organization_id = $1 and e164 = wanted.key
        -- What a removed connection left is deleted little by little.
        and connection_id in (select id from crm_connection where organization_id = $1)
      union all
      select connection_id, owner_kind, owner_id, field, label, raw, 0, part, created_at, person_id
      from pending_number
      where organization_id = $1 and e164 = wanted.key
    ) number
    order by connection_id, owner_kind, owner_id, pending_at nulls first, field like '%mobile%' desc, ordinal, part
    limit 1000`,
  memory: `
    select candidate_key, chosen_at, person_id from caller_memory
    where organization_id = $1 and e164 = wanted.key and forgotten_at is null`,
  limit: '$3',
});

// The outer rows are gone through one after the other, so each number's candidates come together and the best first.
const numbersQuery = `/* prepared match-numbers */
  select wanted.n::int, candidate.*
  from unnest($2::text[]) with ordinality as wanted (key, n)
  cross join lateral (${candidatesOfNumber}) candidate`;

// $2 connection, $3 kind, $4 id.
const recordQuery = `/* prepared find-candidate */ ${candidateQuery({
  hit: `
    select $2::uuid as connection_id, $3::text as kind, $4::text as id, '' as field, '' as label, '' as raw,
      null::timestamptz as pending_at, null::uuid as pending_person`,
  memory: `select null::text as candidate_key, null::timestamptz as chosen_at, null::uuid as person_id where false`,
  limit: '1',
})}`;

/**
 * Whom a number belongs to, the best first: whoever was chosen last for it; then contacts and
 * consumers, then customers, then CRM users; among them those with more open cases, with the more urgent one, the more recently changed, then
 * by name. Who is inactive is left out, and so is a CRM user who is the contact (ServiceNow keeps a
 * contact as a kind of user). `key` is a number's matchKey. Each candidate comes with at most 20
 * open cases.
 *
 * Planned once per connection. A query for one number takes the database 0.25 ms, most of it for its many steps to begin and end; one
 * for eight 0.55 ms. So numbers that are asked for at the same time are asked for together.
 */
export const candidateRows = askTogether(
  async (db: Database, organizationId: string, keys: readonly string[]) => {
    const query = CompiledQuery.raw(numbersQuery, [organizationId, keys, candidatesShown]);
    const { rows } = await db.executeQuery<CandidateRow & { n: number }>(query);
    const answers = keys.map((): CandidateRow[] => []);
    for (const row of rows) answers[row.n - 1]!.push(row);
    return answers;
  },
);

/** One record, with or without a number; null when it is not there or inactive. */
export async function candidateRow(
  db: Database,
  organizationId: string,
  { connectionId, kind, id }: { connectionId: string; kind: OwnerKind; id: string },
): Promise<CandidateRow | null> {
  const query = CompiledQuery.raw(recordQuery, [organizationId, connectionId, kind, id]);
  return (await db.executeQuery<CandidateRow>(query)).rows[0] ?? null;
}

/** How many active records a number belongs to, however many there are. */
export async function countOwners(
  db: Database,
  organizationId: string,
  key: string,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count
    from (
      select distinct connection_id, owner_kind, owner_id from phone_number
      where organization_id = ${organizationId} and e164 = ${key}
        and connection_id in (select id from crm_connection where organization_id = ${organizationId})
    ) hit
    where case hit.owner_kind
      when 'customer' then true
      when 'user' then exists (
        select from crm_user u
        where u.organization_id = ${organizationId} and u.connection_id = hit.connection_id and u.id = hit.owner_id
          and u.active)
      else exists (
        select from contact c
        where c.organization_id = ${organizationId} and c.connection_id = hit.connection_id
          and c.kind = hit.owner_kind and c.id = hit.owner_id and c.active)
    end
  `.execute(db);
  return rows[0]?.count ?? 0;
}
