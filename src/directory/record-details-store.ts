import { CompiledQuery } from 'kysely';
import { askTogether } from '../platform/database/ask-together.ts';
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
      where organization_id = $1 and connection_id = wanted.connection_id and kind = wanted.kind and id = wanted.id
    ), '') as language,
    coalesce((
      select json_agg(json_build_object(
        'label', label, 'field', field, 'raw', raw, 'e164', e164, 'extension', extension
      ) order by ordinal, part)
      from phone_number
      where organization_id = $1 and connection_id = wanted.connection_id and owner_kind = wanted.kind
        and owner_id = wanted.id
    ), '[]') as numbers
  from unnest($2::uuid[], $3::text[], $4::text[]) with ordinality as wanted (connection_id, kind, id, n)
  order by wanted.n`;

/** Details of one record of the mirror; empty ones when it is not there. One round trip by primary keys, shared with whoever asks at the same time. */
export const recordDetails = askTogether(
  async (
    db: Database,
    organizationId: string,
    records: readonly { connectionId: string; kind: OwnerKind; id: string }[],
  ) => {
    const { rows } = await db.executeQuery<RecordDetails>(
      CompiledQuery.raw(detailsQuery, [
        organizationId,
        records.map(({ connectionId }) => connectionId),
        records.map(({ kind }) => kind),
        records.map(({ id }) => id),
      ]),
    );
    return rows;
  },
);
