import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
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
