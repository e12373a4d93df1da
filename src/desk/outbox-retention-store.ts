import { sql } from 'kysely';
import type { Place } from '../directory/record-store.ts';
import type { Database } from '../platform/database/database.ts';

/**
 * Deletes the oldest delivered writes of a connection that were delivered before `before`, at most `limit`; answers how many. One whose
 * record a write that is still open needs stays, and so does what was dropped: it says that nobody wants it in the CRM.
 */
export async function deleteDelivered(
  db: Database,
  { organizationId, connectionId }: Place,
  before: Date,
  limit: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    with old as (
      select w.id from outbox_write as w
      where w.organization_id = ${organizationId} and w.connection_id = ${connectionId}
        and w.settled_at < ${before} and w.state = 'delivered' and not exists (
          select from outbox_write as open
          where open.organization_id = w.organization_id and open.connection_id = w.connection_id and open.lane = w.lane
            and open.state in ('waiting', 'sending', 'attention') and w.id = any (open.depends_on)
        )
      order by w.settled_at
      limit ${limit}
      for update of w skip locked
    )
    delete from outbox_write as w using old
    where w.organization_id = ${organizationId} and w.id = old.id`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
