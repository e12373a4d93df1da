import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { candidateKey } from './match.ts';
import type { OwnerKind } from './tables.ts';

/** A number that one person alone has. */
export interface SoleOwner {
  /** The number, as it was asked for. */
  number: string;
  /** Key of the contact or consumer. */
  key: string;
  /** The person's other numbers, which others may have as well. */
  others: string[];
}

/** More records with one number say enough. */
const mostOwners = 20;

/**
 * To whom these numbers (matchKey) belong, where that is one contact or consumer of one connection and nobody else. A CRM user with the
 * contact's own id is the contact.
 */
export async function soleOwners(
  db: Database,
  organizationId: string,
  numbers: readonly string[],
): Promise<SoleOwner[]> {
  if (numbers.length === 0) return [];
  const { rows } = await sql<{
    number: string;
    connection_id: string;
    kind: OwnerKind;
    id: string;
    others: string[];
  }>`/* prepared sole-owners */
    select g.number, sole.connection_id, sole.kind, sole.id, array(
      select distinct p.e164 from phone_number p
      where p.organization_id = ${organizationId} and p.connection_id = sole.connection_id and p.owner_kind = sole.kind
        and p.owner_id = sole.id and p.e164 <> g.number
    ) as others
    from unnest(${[...numbers]}::text[]) as g (number)
    cross join lateral (
      select min(connection_id::text)::uuid as connection_id, min(owner_kind) as kind, min(owner_id) as id
      from (
        select connection_id, owner_kind, owner_id from phone_number
        where organization_id = ${organizationId} and e164 = g.number
          and connection_id in (select id from crm_connection where organization_id = ${organizationId})
        limit ${mostOwners}
      ) owner
      having count(distinct (connection_id, owner_id)) = 1
    ) sole
    where sole.kind in ('contact', 'consumer')`.execute(db);
  return rows.map(({ number, connection_id: connectionId, kind, id, others }) => ({
    ...{ number, others },
    key: candidateKey(kind, connectionId, id),
  }));
}
