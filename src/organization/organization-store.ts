import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import type { NumbersMaskedFor } from './number-mask.ts';
import { withheldFrom } from './permission.ts';
import type { Permission } from './permission.ts';
import { plans } from './plan.ts';
import type { Plan } from './plan.ts';
import type { OrganizationTables } from './tables.ts';

const tables = (db: Database) => db.withTables<OrganizationTables>();

export interface Organization {
  id: string;
  name: string;
  /** ISO 3166 alpha-2. */
  country: string;
  /** IANA name. */
  timeZone: string;
}

/** Null when there is none with this id. */
export async function organizationById(
  db: Database,
  organizationId: string,
): Promise<Organization | null> {
  const { rows } = await sql<Organization>`/* prepared organization-by-id */
    select id, name, country, time_zone as "timeZone" from organization where id = ${organizationId}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** Every organization, the oldest first; for the hub's own commands, never for somebody signed in. */
export async function allOrganizations(db: Database): Promise<Pick<Organization, 'id' | 'name'>[]> {
  const query = tables(db)
    .selectFrom('organization')
    .select(['id', 'name'])
    .orderBy('created_at')
    .orderBy('id');
  return acrossOrganizations(() => query.execute());
}

export async function anyOrganization(db: Database): Promise<boolean> {
  const query = tables(db).selectFrom('organization').select('id').limit(1);
  return (await acrossOrganizations(() => query.executeTakeFirst())) !== undefined;
}

/** Lets one set-up at a time go on, until its transaction ends. */
export async function lockSetUp(db: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(7246002)`.execute(db);
}

export async function insertOrganization(db: Database, organization: Organization): Promise<void> {
  await tables(db)
    .insertInto('organization')
    .values({
      id: organization.id,
      name: organization.name,
      country: organization.country,
      time_zone: organization.timeZone,
    })
    .execute();
}

/** The version as of the last Save. */
export async function organizationVersion(db: Database, organizationId: string): Promise<number> {
  const row = await tables(db)
    .selectFrom('organization')
    .select('version')
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow();
  return row.version;
}

/**
 * Holds the organization's row until the transaction ends and answers its version: whoever changes people, seats or mappings does it
 * one after the other, so that what they count stays true.
 */
export async function lockOrganization(db: Database, organizationId: string): Promise<number> {
  const row = await tables(db)
    .selectFrom('organization')
    .select('version')
    .where('id', '=', organizationId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return row.version;
}

export async function updateOrganization(
  db: Database,
  organizationId: string,
  change: { version: number; name: string; country: string; timeZone: string },
): Promise<void> {
  await tables(db)
    .updateTable('organization')
    .set({
      version: change.version,
      name: change.name,
      country: change.country,
      time_zone: change.timeZone,
    })
    .where('id', '=', organizationId)
    .execute();
}

/** What agents may not do. */
export async function agentsMayNot(db: Database, organizationId: string): Promise<Permission[]> {
  const row = await tables(db)
    .selectFrom('organization')
    .select('agents_may_not')
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow();
  return withheldFrom('agent', row.agents_may_not);
}

export async function setAgentsMayNot(
  db: Database,
  organizationId: string,
  permissions: readonly Permission[],
): Promise<void> {
  await tables(db)
    .updateTable('organization')
    .set({ agents_may_not: [...permissions] })
    .where('id', '=', organizationId)
    .execute();
}

/** From whom telephone numbers are hidden. */
export async function numbersMaskedFor(
  db: Database,
  organizationId: string,
): Promise<NumbersMaskedFor> {
  const row = await tables(db)
    .selectFrom('organization')
    .select('numbers_masked_for')
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow();
  return row.numbers_masked_for;
}

export async function setNumbersMaskedFor(
  db: Database,
  organizationId: string,
  setting: NumbersMaskedFor,
): Promise<void> {
  await tables(db)
    .updateTable('organization')
    .set({ numbers_masked_for: setting })
    .where('id', '=', organizationId)
    .execute();
}

/** Seats in all, by plan; every plan is there. */
export type SeatTotals = Record<Plan, number>;

export async function seatTotals(db: Database, organizationId: string): Promise<SeatTotals> {
  const rows = await tables(db)
    .selectFrom('plan_seats')
    .select(['plan', 'total'])
    .where('organization_id', '=', organizationId)
    .execute();
  const totals = Object.fromEntries(plans.map((plan) => [plan, 0])) as SeatTotals;
  for (const row of rows) totals[row.plan] = row.total;
  return totals;
}

export async function setSeatTotals(
  db: Database,
  organizationId: string,
  totals: Partial<SeatTotals>,
): Promise<void> {
  const rows = plans.flatMap((plan) => {
    const total = totals[plan];
    return total === undefined ? [] : [{ organization_id: organizationId, plan, total }];
  });
  if (rows.length === 0) return;
  await tables(db)
    .insertInto('plan_seats')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'plan'])
        .doUpdateSet(({ ref }) => ({ total: ref('excluded.total') })),
    )
    .execute();
}
