import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { OwnerKind } from './tables.ts';

/** A row of the index of numbers as far as reading it anew needs it. */
export interface IndexedNumber {
  connection_id: string;
  owner_kind: OwnerKind;
  owner_id: string;
  ordinal: number;
  part: number;
  raw: string;
  country: string;
  e164: string | null;
  extension: string;
}

/**
 * The next rows of an organization's index, in the order of its key; from the beginning when
 * `after` is null.
 */
export async function numbersAfter(
  db: Database,
  organizationId: string,
  after: IndexedNumber | null,
  limit: number,
): Promise<IndexedNumber[]> {
  const { rows } = await sql<IndexedNumber>`
    select connection_id, owner_kind, owner_id, ordinal, part, raw, country, e164, extension
    from phone_number
    where organization_id = ${organizationId} ${
      after === null
        ? sql``
        : sql`and (connection_id, owner_kind, owner_id, ordinal, part)
            > (${after.connection_id}::uuid, ${after.owner_kind}, ${after.owner_id}, ${after.ordinal}, ${after.part})`
    }
    order by connection_id, owner_kind, owner_id, ordinal, part
    limit ${limit}
  `.execute(db);
  return rows;
}

/** Stores how numbers are read now; a row that the CRM changed meanwhile is left alone. */
export async function updateReadings(
  db: Database,
  organizationId: string,
  rows: IndexedNumber[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update phone_number p
    set e164 = n.e164, extension = n.extension
    from unnest(
      ${rows.map((row) => row.connection_id)}::uuid[], ${rows.map((row) => row.owner_kind)}::text[],
      ${rows.map((row) => row.owner_id)}::text[], ${rows.map((row) => row.ordinal)}::smallint[],
      ${rows.map((row) => row.part)}::smallint[], ${rows.map((row) => row.raw)}::text[],
      ${rows.map((row) => row.e164)}::text[], ${rows.map((row) => row.extension)}::text[]
    ) as n (connection_id, owner_kind, owner_id, ordinal, part, raw, e164, extension)
    where p.organization_id = ${organizationId} and p.connection_id = n.connection_id and p.owner_kind = n.owner_kind
      and p.owner_id = n.owner_id and p.ordinal = n.ordinal and p.part = n.part and p.raw = n.raw
  `.execute(db);
}

/** A number of an active contact of the mirror, any; null while there is none. */
export async function numberOfSomebody(
  db: Database,
  organizationId: string,
): Promise<string | null> {
  const { rows } = await sql<{ e164: string }>`
    select number.e164 from phone_number number
    join contact on contact.organization_id = number.organization_id and contact.connection_id = number.connection_id
      and contact.kind = number.owner_kind and contact.id = number.owner_id
    where number.organization_id = ${organizationId} and number.e164 is not null and contact.active
    limit 1`.execute(db);
  return rows[0]?.e164 ?? null;
}
