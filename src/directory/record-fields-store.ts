import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { NumberOwner } from './pending-store.ts';
import type { Place } from './record-store.ts';

/** A telephone field as the mirror has it; what holds no number at all is not among them. */
export async function phoneTexts(
  db: Database,
  place: Place,
  owner: NumberOwner,
): Promise<{ field: string; raw: string }[]> {
  const { rows } = await sql<{ field: string; raw: string }>`
    select distinct field, raw from phone_number
    where organization_id = ${place.organizationId} and connection_id = ${place.connectionId}
      and owner_kind = ${owner.kind} and owner_id = ${owner.id}
  `.execute(db);
  return rows;
}

/** Whom a case was opened for: its contact, else its consumer, else its customer; null when the mirror knows nobody. */
export async function ownerOfCase(
  db: Database,
  place: Place,
  caseId: string,
): Promise<NumberOwner | null> {
  const { rows } = await sql<NumberOwner>`
    select
      case when contact_id is not null then 'contact' when consumer_id is not null then 'consumer' else 'customer' end as kind,
      coalesce(contact_id, consumer_id, customer_id) as id
    from crm_case
    where organization_id = ${place.organizationId} and connection_id = ${place.connectionId} and id = ${caseId}
      and coalesce(contact_id, consumer_id, customer_id) is not null
  `.execute(db);
  return rows[0] ?? null;
}
