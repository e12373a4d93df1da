import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import { allOrganizations } from '../organization/organization-store.ts';
import type { DirectoryTables } from './tables.ts';

const tables = (db: Database) => db.withTables<DirectoryTables>();

/** With what an organization's numbers are read: its country, and a version of the metadata. */
export interface Reading {
  country: string;
  metadata: string;
}

/** Null when that was never noted. */
export async function numbersReadWith(
  db: Database,
  organizationId: string,
): Promise<Reading | null> {
  const row = await tables(db)
    .selectFrom('number_reading')
    .select(['country', 'metadata'])
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  return row ?? null;
}

export async function saveReading(
  db: Database,
  organizationId: string,
  reading: Reading,
): Promise<void> {
  await tables(db)
    .insertInto('number_reading')
    .values({ organization_id: organizationId, ...reading })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(reading))
    .execute();
}

/** Organizations whose numbers were read with other metadata, or nobody noted with which. */
export async function organizationsReadOtherwise(
  db: Database,
  metadata: string,
): Promise<string[]> {
  const query = tables(db)
    .selectFrom('number_reading')
    .select('organization_id')
    .where('metadata', '=', metadata);
  const same = await acrossOrganizations(() => query.execute());
  const done = new Set(same.map((row) => row.organization_id));
  return (await allOrganizations(db)).flatMap(({ id }) => (done.has(id) ? [] : [id]));
}
