import type { Place } from '../directory/record-store.ts';
import type { Database } from '../platform/database/database.ts';
import type { OutboxTables } from './outbox-tables.ts';

/**
 * Why the CRM did not let the last record of a kind be made for want of rights, in its own words; null when the last one was made. The
 * Table API has no other way to ask what a user may make.
 */
export async function lastRefusal(
  db: Database,
  { organizationId, connectionId }: Place,
  kind: 'create-contact' | 'create-customer',
): Promise<string | null> {
  const row = await db
    .withTables<OutboxTables>()
    .selectFrom('outbox_write')
    .select(['code', 'reason'])
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .where('kind', '=', kind)
    .where('settled_at', 'is not', null)
    .orderBy('settled_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.code === 'no-access' ? row.reason : null;
}
