import { sql } from 'kysely';
import type { RecordKind, RecordType } from '../crm/record.ts';
import type { Database } from '../platform/database/database.ts';
import type { Place } from './record-store.ts';
import type { DirectoryTables } from './tables.ts';

/**
 * Since when the mirror may be behind: when contacts or their changes were asked for last and all of
 * them came; of several connections the oldest. Null when there never was a complete pull.
 */
export async function mirrorAge(db: Database, organizationId: string): Promise<Date | null> {
  const row = await db
    .withTables<DirectoryTables>()
    .selectFrom('directory_progress')
    .select(sql<Date | null>`min(greatest(complete_as_of, changes_as_of))`.as('asOf'))
    .where('organization_id', '=', organizationId)
    .where('kind', '=', 'contacts')
    .where('complete_as_of', 'is not', null)
    .executeTakeFirst();
  return row?.asOf ?? null;
}

/** How many records of each type the mirror of a connection holds. */
export async function countRecords(
  db: Database,
  place: Place,
): Promise<{ type: RecordType; count: number }[]> {
  const own = sql`organization_id = ${place.organizationId} and connection_id = ${place.connectionId}`;
  const { rows } = await sql<{ type: RecordType; count: number }>`
    select 'user' as type, count(*)::int as count from crm_user where ${own}
    union all select 'customer', count(*)::int from customer where ${own}
    union all select 'contact', count(*)::int from contact where ${own} and kind = 'contact'
    union all select 'consumer', count(*)::int from contact where ${own} and kind = 'consumer'
    union all select 'case', count(*)::int from crm_case where ${own}
  `.execute(db);
  return rows;
}

/** How many records of a kind the mirror of a connection holds. */
export async function countKind(db: Database, place: Place, kind: RecordKind): Promise<number> {
  const tables = {
    users: 'crm_user',
    customers: 'customer',
    contacts: 'contact',
    cases: 'crm_case',
  };
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${sql.table(tables[kind])}
    where organization_id = ${place.organizationId} and connection_id = ${place.connectionId}
  `.execute(db);
  return rows[0]?.count ?? 0;
}
