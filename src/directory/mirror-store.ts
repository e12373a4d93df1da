import type { Database } from '../platform/database/database.ts';
import type { DirectoryTables } from './tables.ts';

/**
 * Since when the mirror may be behind: the start of the last complete pull of contacts; of several
 * connections the oldest. Null when there never was one.
 */
export async function mirrorAge(db: Database, organizationId: string): Promise<Date | null> {
  const row = await db
    .withTables<DirectoryTables>()
    .selectFrom('directory_progress')
    .select(({ fn }) => fn.min('complete_as_of').as('asOf'))
    .where('organization_id', '=', organizationId)
    .where('kind', '=', 'contacts')
    .executeTakeFirst();
  return row?.asOf ?? null;
}
