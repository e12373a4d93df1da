import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { OrganizationTables } from './tables.ts';

const tables = (db: Database) => db.withTables<OrganizationTables>();

/** This person is that CRM user. */
export interface Mapping {
  personId: string;
  connectionId: string;
  crmUserId: string;
}

export async function mappingsOf(db: Database, organizationId: string): Promise<Mapping[]> {
  return tables(db)
    .selectFrom('crm_user_mapping')
    .select(['person_id as personId', 'connection_id as connectionId', 'crm_user_id as crmUserId'])
    .where('organization_id', '=', organizationId)
    .execute();
}

/** Sets (or, with null, removes) mappings. All are taken off first, so that two people may swap theirs. */
export async function updateMappings(
  db: Database,
  organizationId: string,
  changes: (Omit<Mapping, 'crmUserId'> & { crmUserId: string | null })[],
): Promise<void> {
  if (changes.length === 0) return;
  await sql`
    delete from crm_user_mapping using unnest(
      ${changes.map(({ personId }) => personId)}::uuid[],
      ${changes.map(({ connectionId }) => connectionId)}::uuid[]
    ) as old (person_id, connection_id)
    where organization_id = ${organizationId}
      and crm_user_mapping.person_id = old.person_id
      and crm_user_mapping.connection_id = old.connection_id`.execute(db);
  const kept = changes.filter(({ crmUserId }) => crmUserId !== null);
  await sql`
    insert into crm_user_mapping (organization_id, person_id, connection_id, crm_user_id)
    select ${organizationId}::uuid, * from unnest(
      ${kept.map(({ personId }) => personId)}::uuid[],
      ${kept.map(({ connectionId }) => connectionId)}::uuid[],
      ${kept.map(({ crmUserId }) => crmUserId)}::text[]
    )`.execute(db);
}

/** The CRM user that a person is mapped to on a connection; null where they are not. */
export async function mappingOf(
  db: Database,
  organizationId: string,
  personId: string,
  connectionId: string,
): Promise<string | null> {
  const row = await tables(db)
    .selectFrom('crm_user_mapping')
    .select('crm_user_id')
    .where('organization_id', '=', organizationId)
    .where('person_id', '=', personId)
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
  return row?.crm_user_id ?? null;
}
