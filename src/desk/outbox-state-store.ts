import { sql } from 'kysely';
import type { Place } from '../directory/record-store.ts';
import type { Database } from '../platform/database/database.ts';
import type { Trouble } from './outbox-queue-store.ts';
import type { OutboxTables } from './outbox-tables.ts';

const tables = (db: Database) => db.withTables<OutboxTables>();

/** How it goes with the outbox of a connection. */
export interface OutboxState {
  failures: number;
  /** Nothing is sent just now. */
  held: boolean;
  /** The version of the connection (CheckedConnection) under which two sign-ins were refused; null: none. */
  stoppedFor: string | null;
  code: string | null;
  deliveredAt: Date | null;
}

const none: OutboxState = {
  failures: 0,
  held: false,
  stoppedFor: null,
  code: null,
  deliveredAt: null,
};

export async function outboxState(
  db: Database,
  { organizationId, connectionId }: Place,
): Promise<OutboxState> {
  const row = await tables(db)
    .selectFrom('outbox_connection')
    .select([
      'failures',
      'stopped_for as stoppedFor',
      'code',
      'delivered_at as deliveredAt',
      sql<boolean>`coalesce(held_until > clock_timestamp(), false)`.as('held'),
    ])
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
  return row ?? none;
}

/** Those of these connections that have something to send. */
export async function placesWithWrites(db: Database, places: readonly Place[]): Promise<Place[]> {
  if (places.length === 0) return [];
  const { rows } = await sql<Place>`
    select place.organization_id as "organizationId", place.connection_id as "connectionId"
    from unnest(
      ${places.map(({ organizationId }) => organizationId)}::uuid[],
      ${places.map(({ connectionId }) => connectionId)}::uuid[]
    ) as place (organization_id, connection_id)
    where exists (
      select from outbox_write as w
      where w.organization_id = place.organization_id and w.connection_id = place.connection_id
        and w.state in ('waiting', 'sending')
    )`.execute(db);
  return rows;
}

/** True for the one who may see whether a connection that failed is back; nobody else tries meanwhile. */
export async function claimProbe(
  db: Database,
  { organizationId, connectionId }: Place,
  seconds: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tables(db)
    .updateTable('outbox_connection')
    .set({ held_until: inSeconds(seconds) })
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .where('failures', '>', 0)
    .where('held_until', '<=', sql<Date>`clock_timestamp()`)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Notes a failure of the connection: nothing is sent for so long. Of several that failed together, all of them `after` the same
 * number of failures, the first counts; the others can only make the wait longer.
 */
export async function holdConnection(
  db: Database,
  { organizationId, connectionId }: Place,
  hold: { after: number; seconds: number; trouble: Trouble; stoppedFor: string | null },
): Promise<void> {
  const held_until = inSeconds(hold.seconds);
  const change = { stopped_for: hold.stoppedFor, ...hold.trouble };
  const counts = sql<boolean>`outbox_connection.failures = ${hold.after}`;
  await tables(db)
    .insertInto('outbox_connection')
    .values({
      organization_id: organizationId,
      connection_id: connectionId,
      failures: 1,
      failed_since: sql<Date>`clock_timestamp()`,
      delivered_at: null,
      held_until,
      ...change,
    })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'connection_id']).doUpdateSet({
        failures: sql<number>`outbox_connection.failures + case when ${counts} then 1 else 0 end`,
        failed_since: sql<Date>`coalesce(outbox_connection.failed_since, clock_timestamp())`,
        held_until: sql<Date>`case when ${counts} then ${held_until} else greatest(outbox_connection.held_until, ${held_until}) end`,
        ...change,
      }),
    )
    .execute();
}

const inSeconds = (seconds: number) =>
  sql<Date>`clock_timestamp() + make_interval(secs => ${seconds})`;

/** A write went through: the connection works. What waits because it did not goes at once. */
export async function noteWorking(
  db: Database,
  { organizationId, connectionId }: Place,
  wasFailing: boolean,
): Promise<void> {
  const working = {
    ...{ failures: 0, held_until: null, stopped_for: null, failed_since: null },
    ...{ code: null, reason: null, fix: null },
    delivered_at: sql<Date>`clock_timestamp()`,
  };
  await tables(db)
    .insertInto('outbox_connection')
    .values({ organization_id: organizationId, connection_id: connectionId, ...working })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'connection_id']).doUpdateSet(working),
    )
    .execute();
  if (wasFailing) await hurry(db, { organizationId, connectionId });
}

async function hurry(db: Database, { organizationId, connectionId }: Place): Promise<void> {
  await sql`
    update outbox_write set next_at = clock_timestamp(), code = null, reason = null, fix = null
    where organization_id = ${organizationId} and connection_id = ${connectionId}
      and state = 'waiting' and own_failures < 3 and code is not null and code <> 'unsettled'`.execute(
    db,
  );
}
