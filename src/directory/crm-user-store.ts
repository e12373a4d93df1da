import { sql } from 'kysely';
import type { CrmUserOption } from '../organization/contract.ts';
import type { Database } from '../platform/database/database.ts';
import type { DirectoryTables } from './tables.ts';

function crmUsers(db: Database, organizationId: string, connectionId: string) {
  return db
    .withTables<DirectoryTables>()
    .selectFrom('crm_user')
    .select(['id', 'name', 'email', 'user_name as userName', 'active'])
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId);
}

/**
 * The pulled CRM users whose name, e-mail or user name hold every word of `search`; active ones
 * first, then by name. An empty search answers the first ones of all.
 */
export async function searchCrmUsers(
  db: Database,
  organizationId: string,
  connectionId: string,
  search: string,
  limit: number,
): Promise<CrmUserOption[]> {
  let query = crmUsers(db, organizationId, connectionId);
  // U+0000 cannot be in the data, and PostgreSQL refuses a query with it.
  const words = search.replaceAll('\0', '').toWellFormed().split(/\s+/).filter(Boolean).slice(0, 8);
  for (const word of words) {
    const pattern = `%${word.replace(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where(({ eb, or }) =>
      or([
        eb('name', 'ilike', pattern),
        eb('email', 'ilike', pattern),
        eb('user_name', 'ilike', pattern),
      ]),
    );
  }
  return query
    .orderBy('active', 'desc')
    .orderBy(sql`lower(name)`)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/**
 * CRM users by id and by e-mail (upper and lower case are the same); those that are not in the
 * mirror are absent.
 */
export async function findCrmUsers(
  db: Database,
  organizationId: string,
  connectionId: string,
  wanted: { ids?: string[]; emails?: string[] },
): Promise<CrmUserOption[]> {
  const ids = wanted.ids ?? [];
  const emails = (wanted.emails ?? [])
    .filter((email) => email !== '')
    .map((email) => email.toLowerCase());
  if (ids.length === 0 && emails.length === 0) return [];
  return crmUsers(db, organizationId, connectionId)
    .where(({ or, eb }) =>
      or([
        eb('id', '=', sql<string>`any(${ids}::text[])`),
        // The condition on the empty text lets the partial index on e-mails be used.
        sql<boolean>`email_key <> '' and email_key = any(${emails}::text[])`,
      ]),
    )
    .orderBy('active', 'desc')
    .orderBy('id')
    .execute();
}
