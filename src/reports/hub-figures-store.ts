import { sql } from 'kysely';
import { acrossOrganizations } from '../platform/database/scope.ts';
import type { Database } from '../platform/database/database.ts';

/** How the whole hub is doing, of all nodes and organizations. Ids only: a name might tell a stranger who the customers are. */
export interface HubFigures {
  /** By state; `age` in seconds since the oldest was ordered. */
  outbox: { state: string; count: number; age: number }[];
  connections: {
    id: string;
    /** Seconds since the CRM was known completely, of the kind that is furthest behind; null before the first pull. */
    lag: number | null;
    /** Rounds that failed in a row. */
    failures: number;
    /** The connection's writes are held back, or its sign-in was refused. */
    writesFailing: boolean;
  }[];
  phoneLinks: { id: string; up: boolean }[];
  jobs: { state: 'due' | 'later' | 'working' | 'failed'; count: number }[];
  openCalls: number;
}

export function hubFigures(db: Database): Promise<HubFigures> {
  return acrossOrganizations(async () => ({
    outbox: await outboxFigures(db),
    connections: await connectionFigures(db),
    phoneLinks: await linkFigures(db),
    jobs: await jobFigures(db),
    openCalls: await openCalls(db),
  }));
}

async function outboxFigures(db: Database): Promise<HubFigures['outbox']> {
  const { rows } = await sql<HubFigures['outbox'][number]>`
    select state, count(*)::int as count, extract(epoch from now() - min(ordered_at))::float8 as age
    from outbox_write where state in ('waiting', 'sending', 'attention') group by state`.execute(
    db,
  );
  return rows;
}

async function connectionFigures(db: Database): Promise<HubFigures['connections']> {
  const { rows } = await sql<HubFigures['connections'][number]>`
    select c.id, coalesce(s.failures, 0) as failures, coalesce(o.failures > 0 or o.stopped_for is not null, false) as "writesFailing",
      (select extract(epoch from now() - min(greatest(p.complete_as_of, p.changes_as_of)))::float8 from directory_progress p
        where p.organization_id = c.organization_id and p.connection_id = c.id and p.complete_as_of is not null) as lag
    from crm_connection c
    left join directory_sync s on s.organization_id = c.organization_id and s.connection_id = c.id
    left join outbox_connection o on o.organization_id = c.organization_id and o.connection_id = c.id`.execute(
    db,
  );
  return rows;
}

async function linkFigures(db: Database): Promise<HubFigures['phoneLinks']> {
  const { rows } = await sql<HubFigures['phoneLinks'][number]>`
    select s.id, coalesce(l.lease_until > now() and l.connected_since is not null and l.lost_since is null, false) as up
    from phone_system s
    join phone_link l on l.organization_id = s.organization_id and l.phone_system_id = s.id
    where s.settings <> '{}'`.execute(db);
  return rows;
}

async function jobFigures(db: Database): Promise<HubFigures['jobs']> {
  const { rows } = await sql<HubFigures['jobs'][number]>`
    select case when attempts >= max_attempts and locked_at is null then 'failed' when locked_at is not null then 'working'
      when run_at <= now() then 'due' else 'later' end as state, count(*)::int as count
    from graphile_worker.jobs group by 1`.execute(db);
  return rows;
}

async function openCalls(db: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from call
    where ended_at is null and merged_into is null and test_id is null`.execute(db);
  return rows[0]?.count ?? 0;
}
