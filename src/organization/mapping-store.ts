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
  for (const { personId, connectionId } of changes) {
    await tables(db)
      .deleteFrom('crm_user_mapping')
      .where('organization_id', '=', organizationId)
      .where('person_id', '=', personId)
      .where('connection_id', '=', connectionId)
      .execute();
  }
  const rows = changes.flatMap(({ personId, connectionId, crmUserId }) =>
    crmUserId === null
      ? []
      : [
          {
            organization_id: organizationId,
            person_id: personId,
            connection_id: connectionId,
            crm_user_id: crmUserId,
          },
        ],
  );
  if (rows.length > 0) await tables(db).insertInto('crm_user_mapping').values(rows).execute();
}
