import type { Database } from '../platform/database/database.ts';
import { callHandling, defaultCallHandling } from './call-handling.ts';
import type { CallHandling } from './call-handling.ts';

type CallHandlingTables = {
  call_handling: { organization_id: string; version: number; settings: unknown };
};

/** How the organization handles its calls, and the version that a save must be based on; 0 when nothing was saved yet. */
export async function callHandlingOf(
  db: Database,
  organizationId: string,
): Promise<{ version: number; settings: CallHandling }> {
  const row = await db
    .withTables<CallHandlingTables>()
    .selectFrom('call_handling')
    .select(['version', 'settings'])
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  if (row === undefined) return { version: 0, settings: defaultCallHandling };
  // Read through the schema, so that a document of an older release gets what was added since.
  return { version: row.version, settings: callHandling.parse(row.settings) };
}

/** Replaces the document; the caller holds the organization's row, so saves come one after the other. */
export async function saveCallHandling(
  db: Database,
  organizationId: string,
  settings: CallHandling,
): Promise<void> {
  const document = JSON.stringify(settings);
  await db
    .withTables<CallHandlingTables>()
    .insertInto('call_handling')
    .values({ organization_id: organizationId, version: 1, settings: document })
    .onConflict((conflict) =>
      conflict.column('organization_id').doUpdateSet(({ eb, ref }) => ({
        version: eb(ref('call_handling.version'), '+', 1),
        settings: document,
      })),
    )
    .execute();
}
