import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { SearchKind } from './contract.ts';

/** What the database knows of something that was found. */
export interface FoundRow {
  kind: SearchKind;
  connection_id: string;
  id: string;
  name: string;
  details: string[];
  company: string | null;
  number: string | null;
  why: string;
}

/** Records each of whose `words` (lower case) begins a word of the name, the company, the e-mail address or is the number. */
export async function foundRows(
  db: Database,
  organizationId: string,
  words: readonly string[],
  kinds: readonly SearchKind[],
  limit: number,
): Promise<FoundRow[]> {
  const patterns = words.map((word) => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);
  const { rows } = await sql<FoundRow>`
    with hit as (
      select c.kind, c.connection_id, c.id, c.name, array[c.title, c.email, c.city] as details, k.name as company,
        case when lower(c.name) like all(${patterns}::text[]) then 'Name'
          when lower(c.email) like all(${patterns}::text[]) then 'E-mail' else 'Company' end as why
      from contact c
      left join customer k on k.organization_id = c.organization_id and k.connection_id = c.connection_id
        and k.id = c.customer_id
      where c.organization_id = ${organizationId} and c.active
        and lower(concat_ws(' ', c.name, c.email, k.name)) like all(${patterns}::text[])
      union all
      select 'customer', connection_id, id, name, array[city, country], '', 'Name' from customer
      where organization_id = ${organizationId} and lower(name) like all(${patterns}::text[])
      union all
      select 'case', c.connection_id, c.id, c.short_description, array[c.number, c.state_label], k.name, 'Case number'
      from crm_case c
      left join customer k on k.organization_id = c.organization_id and k.connection_id = c.connection_id
        and k.id = c.customer_id
      where c.organization_id = ${organizationId} and lower(c.number) like all(${patterns}::text[])
    )
    select hit.*, case when hit.kind = 'case' then hit.details[1] else (
      select raw from phone_number p
      where p.organization_id = ${organizationId} and p.connection_id = hit.connection_id and p.owner_kind = hit.kind
        and p.owner_id = hit.id
      order by ordinal, part limit 1
    ) end as number
    from hit
    where hit.kind = any(${kinds}::text[])
    order by why = 'Company', hit.kind = 'case', name, hit.id
    limit ${limit}
  `.execute(db);
  return rows;
}
