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
