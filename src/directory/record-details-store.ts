import { CompiledQuery } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { OwnerKind } from './tables.ts';

/** What a record says beyond what a match needs. */
export interface RecordDetails {
  /** As the CRM spells it, `de`; '' when it does not say. */
  language: string;
  /** All of its numbers, in the order of its fields. */
  numbers: { label: string; field: string; raw: string; e164: string | null; extension: string }[];
}

const detailsQuery = `/* prepared record-details */
  select
    coalesce((
      select language from contact
      where organization_id = $1 and connection_id = $2 and kind = $3 and id = $4
    ), '') as language,
    coalesce((
      select json_agg(json_build_object(
        'label', label, 'field', field, 'raw', raw, 'e164', e164, 'extension', extension
      ) order by ordinal, part)
      from phone_number
      where organization_id = $1 and connection_id = $2 and owner_kind = $3 and owner_id = $4
    ), '[]') as numbers`;

/** Details of one record of the mirror; empty ones when it is not there. One round trip by primary keys. */
export async function recordDetails(
  db: Database,
  organizationId: string,
  record: { connectionId: string; kind: OwnerKind; id: string },
): Promise<RecordDetails> {
  const { rows } = await db.executeQuery<RecordDetails>(
    CompiledQuery.raw(detailsQuery, [organizationId, record.connectionId, record.kind, record.id]),
  );
  return rows[0] ?? { language: '', numbers: [] };
}
