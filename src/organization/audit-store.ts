import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { newId } from '../platform/id.ts';
import type { OrganizationTables } from './tables.ts';

/** One change, for the record. `detail` never holds a secret: names of what changed and public values only. */
export interface Change {
  at: Date;
  /** Null: the hub itself. */
  by: { personId: string; name: string } | null;
  /** A verb and a noun, such as `invite person`. */
  action: string;
  /** What was changed, for people. */
  subject: string;
  detail?: Record<string, unknown>;
}

/** Writes down a change, inside the transaction that makes it. */
export async function recordChange(
  db: Database,
  organizationId: string,
  change: Change,
): Promise<void> {
  await db
    .withTables<OrganizationTables>()
    .insertInto('audit_entry')
    .values({
      organization_id: organizationId,
      id: newId(),
      at: change.at,
      person_id: change.by?.personId ?? null,
      person_name: change.by?.name ?? 'Ringside',
      action: change.action,
      subject: change.subject,
      detail: JSON.stringify(change.detail ?? {}),
    })
    .execute();
}

export interface StoredChange {
  id: string;
  at: Date;
  personId: string | null;
  personName: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
}

export interface ChangeFilter {
  /** Text in the name, the action or the subject. */
  q: string;
  from: Date | null;
  to: Date | null;
  /** Only what came before this entry. */
  before: { at: Date; id: string } | null;
  limit: number;
}

/** What was changed, the newest first. */
export async function changesOf(
  db: Database,
  organizationId: string,
  { q, from, to, before, limit }: ChangeFilter,
): Promise<StoredChange[]> {
  const pattern = `%${q.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const { rows } = await sql<StoredChange>`
    select id, at, person_id as "personId", person_name as "personName", action, subject, detail
    from audit_entry
    where organization_id = ${organizationId}
      and (${q} = '' or concat_ws(' ', person_name, action, subject) ilike ${pattern})
      and at >= ${from ?? '-infinity'}::timestamptz and at < ${to ?? 'infinity'}::timestamptz
      and (at, id) < (${before?.at ?? 'infinity'}::timestamptz, ${before?.id ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'}::uuid)
    order by at desc, id desc
    limit ${limit}`.execute(db);
  return rows;
}
