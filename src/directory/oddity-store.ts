import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { Place } from './record-store.ts';
import type { OwnerKind } from './tables.ts';

/** A record as an example, and in how many places the same is true. */
export interface OddRecord {
  kind: OwnerKind;
  id: string;
  name: string;
  email: string;
}

const examples = 10;
const first = (rows: { count: number }[]) => rows[0]?.count ?? 0;

/** Active contacts and consumers without a first or a last name. */
export async function contactsWithoutName(
  db: Database,
  { organizationId, connectionId }: Place,
): Promise<{ count: number; examples: (OddRecord & { first: string; last: string })[] }> {
  const from = sql`from contact where organization_id = ${organizationId} and connection_id = ${connectionId}
    and active and (first_name = '' or last_name = '')`;
  const count = await sql<{ count: number }>`select count(*)::int as count ${from}`.execute(db);
  const { rows } = await sql<OddRecord & { first: string; last: string }>`
    select kind, id, name, email, first_name as first, last_name as last ${from} order by name, id limit ${examples}
  `.execute(db);
  return { count: first(count.rows), examples: rows };
}

/** Numbers of active records that nobody can dial. */
export async function undiallableNumbers(
  db: Database,
  { organizationId, connectionId }: Place,
): Promise<{ count: number; examples: (OddRecord & { label: string; raw: string })[] }> {
  const from = sql`
    from phone_number p
    left join contact c on c.organization_id = ${organizationId} and c.connection_id = ${connectionId}
      and c.kind = p.owner_kind and c.id = p.owner_id
    left join customer k on p.owner_kind = 'customer' and k.organization_id = ${organizationId}
      and k.connection_id = ${connectionId} and k.id = p.owner_id
    left join crm_user u on p.owner_kind = 'user' and u.organization_id = ${organizationId}
      and u.connection_id = ${connectionId} and u.id = p.owner_id
    where p.organization_id = ${organizationId} and p.connection_id = ${connectionId} and p.e164 is null
      and coalesce(c.active, u.active, true)`;
  const count = await sql<{ count: number }>`select count(*)::int as count ${from}`.execute(db);
  const { rows } = await sql<OddRecord & { label: string; raw: string }>`
    select p.owner_kind as kind, p.owner_id as id, coalesce(c.name, k.name, u.name, '') as name,
      coalesce(c.email, u.email, '') as email, p.label, p.raw
    ${from}
    order by p.owner_kind, name, p.owner_id, p.ordinal, p.part
    limit ${examples}
  `.execute(db);
  return { count: first(count.rows), examples: rows };
}

/**
 * Numbers that several active contacts or consumers have; those of the most first, each with the
 * first of them by name.
 */
export async function sharedNumbers(
  db: Database,
  { organizationId, connectionId }: Place,
): Promise<{ count: number; examples: (OddRecord & { e164: string; owners: number })[] }> {
  // Inner part first: it needs the index of numbers alone and leaves few.
  const { rows } = await sql<OddRecord & { e164: string; owners: number; count: number }>`
    with twice as (
      select e164 from phone_number
      where organization_id = ${organizationId} and connection_id = ${connectionId}
        and e164 is not null and owner_kind in ('contact', 'consumer')
      group by e164 having count(*) > 1
    ), owner as (
      select distinct p.e164, c.kind, c.id, c.name, c.email
      from twice
      join phone_number p on p.organization_id = ${organizationId} and p.connection_id = ${connectionId}
        and p.e164 = twice.e164
      join contact c on c.organization_id = ${organizationId} and c.connection_id = ${connectionId}
        and c.kind = p.owner_kind and c.id = p.owner_id and c.active
    ), shared as (
      select e164, count(*)::int as owners from owner group by e164 having count(*) > 1
    ), shown as (
      select *, count(*) over ()::int as count from shared order by owners desc, e164 limit ${examples}
    )
    select shown.*, example.*
    from shown
    cross join lateral (
      select kind, id, name, email from owner where owner.e164 = shown.e164 order by name, id limit 1
    ) example
    order by owners desc, e164
  `.execute(db);
  return { count: first(rows), examples: rows };
}
