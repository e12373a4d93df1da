import type { Database } from '../platform/database/database.ts';
import type { OutboxTables } from './outbox-tables.ts';

/** What became of the last case that was to be opened in a connection. */
export interface LastCaseWrite {
  state: 'delivered' | 'attention';
  settledAt: Date;
  /** `no-access`: the user may not; `rejected`: a rule did not want this one. */
  code: string | null;
  /** Of the case; null where the CRM gave none. */
  number: string | null;
  /** Why it was refused, and what to do. */
  reason: string | null;
  fix: string | null;
}

/** Null where none was ordered, or none has come to an end; those that the CRM refused for another reason than the case are passed over. */
export async function lastCaseWrite(
  db: Database,
  organizationId: string,
  connectionId: string,
): Promise<LastCaseWrite | null> {
  const row = await db
    .withTables<OutboxTables>()
    .selectFrom('outbox_write')
    .select(['state', 'settled_at', 'code', 'record_number', 'reason', 'fix'])
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .where('kind', '=', 'create-case')
    .where('settled_at', 'is not', null)
    .where((e) =>
      e.or([
        e('state', '=', 'delivered'),
        e.and([e('state', '=', 'attention'), e('code', 'in', ['no-access', 'rejected'])]),
      ]),
    )
    .orderBy('settled_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined || row.settled_at === null) return null;
  return {
    state: row.state === 'delivered' ? 'delivered' : 'attention',
    settledAt: row.settled_at,
    code: row.code,
    number: row.record_number,
    reason: row.reason,
    fix: row.fix,
  };
}
