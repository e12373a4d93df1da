import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { SecondFactorFor } from './second-factor.ts';
import type { OrganizationTables } from './tables.ts';

const tables = (db: Database) => db.withTables<OrganizationTables>();

export async function hasSecondFactor(db: Database, userId: string): Promise<boolean> {
  const row = await tables(db)
    .selectFrom('account_user')
    .select('two_factor_enabled')
    .where('id', '=', userId)
    .executeTakeFirst();
  return row?.two_factor_enabled ?? false;
}

/** Ids of the people who have one. */
export async function peopleWithSecondFactor(
  db: Database,
  organizationId: string,
): Promise<Set<string>> {
  const rows = await tables(db)
    .selectFrom('person')
    .innerJoin('account_user', 'account_user.id', 'person.user_id')
    .select('person.id')
    .where('person.organization_id', '=', organizationId)
    .where('account_user.two_factor_enabled', '=', true)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Takes it away, with everything that a browser was let off it for. */
export async function removeSecondFactor(db: Database, userId: string): Promise<void> {
  await tables(db)
    .updateTable('account_user')
    .set({ two_factor_enabled: false })
    .where('id', '=', userId)
    .execute();
  await tables(db).deleteFrom('account_two_factor').where('user_id', '=', userId).execute();
  await forgetTrustedBrowsers(db, userId);
}

/** Every browser that was let off the second factor is asked for it again. */
export async function forgetTrustedBrowsers(db: Database, userId: string): Promise<void> {
  await sql`delete from account_verification where value = ${userId} and identifier like 'trust-device-%'`.execute(
    db,
  );
}

export async function secondFactorFor(
  db: Database,
  organizationId: string,
): Promise<SecondFactorFor> {
  const row = await tables(db)
    .selectFrom('organization')
    .select('second_factor_for')
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow();
  return row.second_factor_for;
}

export async function setSecondFactorFor(
  db: Database,
  organizationId: string,
  setting: SecondFactorFor,
): Promise<void> {
  await tables(db)
    .updateTable('organization')
    .set({ second_factor_for: setting })
    .where('id', '=', organizationId)
    .execute();
}
