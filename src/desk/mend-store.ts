import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { connectionVersion } from '../organization/connection-store.ts';
import type { Database } from '../platform/database/database.ts';
import type { OutboxOverview } from './mend-contract.ts';
import type { OutboxTables, WriteRow } from './outbox-tables.ts';
import type { WriteAction } from './outbox.ts';

const tables = (db: Database) => db.withTables<OutboxTables>();
const listed = 200;

/** A write with who ordered it. */
export type NamedWrite = WriteRow & { person: string };

/** What needs attention, then what waits, the oldest first; at most 200. Of one person, or of a connection. */
export async function openWrites(
  db: Database,
  organizationId: string,
  of: { personId: string } | { connectionId: string },
): Promise<NamedWrite[]> {
  const whose =
    'personId' in of ? sql`person_id = ${of.personId}` : sql`connection_id = ${of.connectionId}`;
  const some = (states: RawBuilder<unknown>) => sql`(
    select * from outbox_write where organization_id = ${organizationId} and ${whose} and ${states}
    order by organization_id, ${'personId' in of ? sql`person_id` : sql`connection_id`}, position limit ${listed})`;
  const { rows } = await sql<NamedWrite>`
    select w.*, coalesce(p.name, 'Ringside') as person from (
      ${some(sql`state = 'attention'`)} union all ${some(sql`state in ('waiting', 'sending')`)}
    ) as w
    left join person p on p.organization_id = w.organization_id and p.id = w.person_id
    order by w.state = 'attention' desc, w.position limit ${listed}`.execute(db);
  return rows;
}

/** One write, locked when `lock` is set; null when there is none. */
export async function writeById(
  db: Database,
  organizationId: string,
  id: string,
  lock = false,
): Promise<NamedWrite | null> {
  const { rows } = await sql<NamedWrite>`
    select w.*, coalesce((select p.name from person p
      where p.organization_id = w.organization_id and p.id = w.person_id), 'Ringside') as person
    from outbox_write as w where w.organization_id = ${organizationId} and w.id = ${id}
    ${lock ? sql`for update` : sql``}`.execute(db);
  return rows[0] ?? null;
}

/** How many open writes need the record of this one. */
export async function countDependents(
  db: Database,
  organizationId: string,
  { connection_id, lane, id }: WriteRow,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int from outbox_write
    where organization_id = ${organizationId} and connection_id = ${connection_id} and lane = ${lane}
      and state in ('waiting', 'attention') and ${id} = any (depends_on)`.execute(db);
  return rows[0]?.count ?? 0;
}

export async function letGoAgain(
  trx: Database,
  organizationId: string,
  id: string,
  action: WriteAction,
): Promise<void> {
  await tables(trx)
    .updateTable('outbox_write')
    .set({
      ...{
        state: 'waiting',
        own_failures: 0,
        settled_at: null,
        code: null,
        reason: null,
        fix: null,
      },
      action: JSON.stringify(action),
      next_at: sql<Date>`clock_timestamp()`,
    })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute();
}

export async function giveUpWrite(
  trx: Database,
  organizationId: string,
  id: string,
): Promise<void> {
  await tables(trx)
    .updateTable('outbox_write')
    .set({ state: 'dropped', settled_at: sql<Date>`clock_timestamp()` })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute();
}

/** How it goes with every connection of an organization. */
export async function overviewOf(
  db: Database,
  organizationId: string,
): Promise<OutboxOverview['connections']> {
  const { rows } = await sql<
    Omit<OutboxOverview['connections'][number], 'oldest' | 'failingSince'> & {
      oldest: Date | null;
      failingSince: Date | null;
    }
  >`
    select c.id as "connectionId", o.reason, o.fix, o.failed_since as "failingSince",
      coalesce(o.stopped_for = ${connectionVersion}, false) as stopped, w.*
    from crm_connection c
    left join outbox_connection o on o.organization_id = c.organization_id and o.connection_id = c.id and o.failures > 0
    cross join lateral (
      select count(*) filter (where state in ('waiting', 'sending'))::int as waiting,
        count(*) filter (where state = 'attention')::int as attention,
        count(*) filter (where state = 'delivered' and settled_at > now() - interval '1 hour')::int as "deliveredLastHour",
        min(ordered_at) filter (where state in ('waiting', 'sending')) as oldest
      from outbox_write
      where organization_id = c.organization_id and connection_id = c.id
        and (state in ('waiting', 'sending', 'attention') or settled_at > now() - interval '1 hour')
    ) w
    where c.organization_id = ${organizationId} order by c.created_at, c.id`.execute(db);
  return rows.map((row) => ({
    ...row,
    oldest: row.oldest?.toISOString() ?? null,
    failingSince: row.failingSince?.toISOString() ?? null,
  }));
}
