import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';

/** Queues that calls came through lately ring somebody. */
const rungWithinDays = 30;
const queuesAtMost = 500;

/** The queues whose calls rang a person during the last thirty days: what counts as theirs while nobody says otherwise. */
export async function queuesOfPerson(
  db: Database,
  organizationId: string,
  personId: string,
  now: Date,
): Promise<string[]> {
  const since = new Date(now.getTime() - rungWithinDays * 86_400_000);
  const { rows } = await sql<{ queue: string }>`
    select distinct record.queue
    from call_phone phone
    join call_record record on record.organization_id = phone.organization_id and record.call_id = phone.call_id
    where phone.organization_id = ${organizationId} and phone.person_id = ${personId}
      and phone.started_at >= ${since} and phone.rang_at is not null and record.queue is not null
    order by record.queue
    limit ${queuesAtMost}
  `.execute(db);
  return rows.map((row) => row.queue);
}

/** Every queue that a call ever came through, by name. Steps from one to the next in the index, so that a million calls cost nothing. */
export async function queuesOfOrganization(
  db: Database,
  organizationId: string,
): Promise<string[]> {
  const { rows } = await sql<{ queue: string }>`
    with recursive step as (
      (select queue from call_record where organization_id = ${organizationId} and queue is not null order by queue limit 1)
      union all
      select (
        select record.queue from call_record record
        where record.organization_id = ${organizationId} and record.queue > step.queue
        order by record.queue limit 1
      )
      from step
      where step.queue is not null
    )
    select queue from step where queue is not null limit ${queuesAtMost}
  `.execute(db);
  return rows.map((row) => row.queue);
}
