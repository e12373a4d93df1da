import { sql } from 'kysely';
import type { Choice } from '../crm/record.ts';
import type { Database } from '../platform/database/database.ts';

/** A case as the mirror has it, with the names of those it concerns; '' where the mirror has nobody. */
export interface MirroredCase {
  connectionId: string;
  id: string;
  number: string;
  shortDescription: string;
  state: Choice;
  priority: Choice;
  open: boolean;
  contact: string;
  customer: string;
  assignedTo: { id: string; name: string } | null;
}

interface Row {
  connection_id: string;
  id: string;
  number: string;
  short_description: string;
  state_value: string;
  state_label: string;
  priority_value: string;
  priority_label: string;
  open: boolean;
  contact: string | null;
  customer: string | null;
  assigned_to_id: string | null;
  assigned_to: string | null;
}

const cases = sql`
  select k.connection_id, k.id, k.number, k.short_description, k.state_value, k.state_label, k.priority_value, k.priority_label,
    k.open, c.name as contact, a.name as customer, k.assigned_to_id, u.name as assigned_to
  from crm_case k
  left join contact c on c.organization_id = k.organization_id and c.connection_id = k.connection_id
    and c.kind = case when k.contact_id is null then 'consumer' else 'contact' end
    and c.id = case when k.contact_id is null then k.consumer_id else k.contact_id end
  left join customer a on a.organization_id = k.organization_id and a.connection_id = k.connection_id and a.id = k.customer_id
  left join crm_user u on u.organization_id = k.organization_id and u.connection_id = k.connection_id and u.id = k.assigned_to_id`;

/** One case of a connection; null when the mirror does not have it. */
export async function caseById(
  db: Database,
  organizationId: string,
  connectionId: string,
  id: string,
): Promise<MirroredCase | null> {
  const { rows } = await sql<Row>`/* prepared case-by-id */ ${cases}
    where k.organization_id = ${organizationId} and k.connection_id = ${connectionId} and k.id = ${id}`.execute(
    db,
  );
  return rows[0] === undefined ? null : present(rows[0]);
}

/** The cases of all connections that have exactly this number, in capitals or not. */
export async function casesByNumber(
  db: Database,
  organizationId: string,
  number: string,
): Promise<MirroredCase[]> {
  const { rows } = await sql<Row>`${cases}
    where k.organization_id = ${organizationId} and k.number_key = upper(${number})
      and k.connection_id in (select id from crm_connection where organization_id = ${organizationId})
    order by k.open desc, k.connection_id limit 20`.execute(db);
  return rows.map(present);
}

function present(row: Row): MirroredCase {
  return {
    connectionId: row.connection_id,
    id: row.id,
    number: row.number,
    shortDescription: row.short_description,
    state: { value: row.state_value, label: row.state_label },
    priority: { value: row.priority_value, label: row.priority_label },
    open: row.open,
    contact: row.contact ?? '',
    customer: row.customer ?? '',
    assignedTo:
      row.assigned_to_id === null ? null : { id: row.assigned_to_id, name: row.assigned_to ?? '' },
  };
}
