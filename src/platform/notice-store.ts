import { CompiledQuery } from 'kysely';
import type pg from 'pg';
import type { Database } from './database/database.ts';
import { newId } from './id.ts';

/** A hint that something happened. `payload` is small, for it carries ids; it says whose organization it is about. */
export interface Notice {
  channel: string;
  payload: { organizationId: string; [name: string]: unknown };
}

/**
 * The same as a part of a statement that writes what the hints are about. `node` is an expression, `rows` what stands behind `from`: a
 * relation with organization_id, notice_id, channel and payload.
 */
export const noticesFrom = (node: string, rows: string): string => `
  insert into notice (organization_id, id, node, channel, payload)
  select organization_id, notice_id, ${node}, channel, payload from ${rows}`;

/** Part of the transaction of `db`: readers find it once that commits. */
export async function insertNotices(
  db: Database,
  node: string,
  notices: readonly Notice[],
): Promise<void> {
  const insert = `/* prepared insert-notices */
    insert into notice (organization_id, id, node, channel, payload)
    select organization_id, id, $1::uuid, channel, payload::jsonb
    from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) as n (organization_id, id, channel, payload)`;
  await db.executeQuery(
    CompiledQuery.raw(insert, [
      node,
      notices.map(({ payload }) => payload.organizationId),
      notices.map(() => newId()),
      notices.map(({ channel }) => channel),
      notices.map(({ payload }) => JSON.stringify(payload)),
    ]),
  );
}

/** Which transactions are over, as PostgreSQL writes it (pg_snapshot). What is read under a snapshot is what was committed by then. */
export type Snapshot = string;

export async function snapshotNow(client: pg.Client): Promise<Snapshot> {
  const { rows } = await client.query<{ now: Snapshot }>(
    'select pg_current_snapshot()::text as now',
  );
  return rows[0]!.now;
}

/**
 * What other nodes told between a snapshot and now. A sequence would not do: a number that was drawn earlier may be committed
 * later, and a reader that had passed it would never see it. Two snapshots leave nothing out.
 */
export async function noticesSince(
  client: pg.Client,
  node: string,
  snapshot: Snapshot,
): Promise<{ now: Snapshot; notices: Notice[] }> {
  const { rows } = await client.query<{ now: Snapshot; channel: string | null } & Notice>({
    name: 'notices-since',
    text: `
      select reading.now::text as now, told.channel, told.payload
      from (select pg_current_snapshot() as now) reading
      left join lateral (
        select channel, payload, transaction, id from notice
        where transaction >= pg_snapshot_xmin($1::pg_snapshot) and transaction < pg_snapshot_xmax(reading.now)
          and not pg_visible_in_snapshot(transaction, $1::pg_snapshot) and node <> $2
      ) told on true
      order by told.transaction, told.id`,
    values: [snapshot, node],
  });
  return { now: rows[0]!.now, notices: rows.filter(({ channel }) => channel !== null) };
}

/** Deletes what was over at a snapshot, and what a restored backup brought from another server's future. */
export async function deleteNotices(client: pg.Client, before: Snapshot): Promise<void> {
  await client.query(
    `delete from notice
     where transaction < pg_snapshot_xmin($1::pg_snapshot) or transaction >= pg_snapshot_xmax(pg_current_snapshot())`,
    [before],
  );
}
