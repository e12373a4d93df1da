import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import { RingsideError } from '../platform/errors.ts';
import { plans } from './plan.ts';
import type { Plan } from './plan.ts';

/** What an operator sees of an organization: no person, no call, no setting. */
export interface OperatedRow {
  id: string;
  name: string;
  country: string;
  timeZone: string;
  createdAt: Date;
  suspendedAt: Date | null;
  administered: boolean;
  seats: { plan: Plan; total: number; used: number }[];
}

type Row = Omit<OperatedRow, 'seats'> & {
  totals: Partial<Record<Plan, number>>;
  used: Partial<Record<Plan, number>>;
};

/** Every organization of the hub, or one, by name. The only query that reads over the fences for somebody signed in. */
export async function operatedOrganizations(
  db: Database,
  id: string | null,
): Promise<OperatedRow[]> {
  const query = sql<Row>`
    select o.id, o.name, o.country, o.time_zone as "timeZone", o.created_at as "createdAt",
      o.suspended_at as "suspendedAt",
      exists (
        select from person p where p.organization_id = o.id
          and p.role = 'administrator' and p.active and p.user_id is not null
      ) as administered,
      coalesce((
        select jsonb_object_agg(s.plan, s.total) from plan_seats s where s.organization_id = o.id
      ), '{}') as totals,
      coalesce((
        select jsonb_object_agg(taken.plan, taken.used) from (
          select p.plan, count(*) as used from person p
          where p.organization_id = o.id and p.active and p.plan is not null group by p.plan
        ) taken
      ), '{}') as used
    from organization o where ${id}::uuid is null or o.id = ${id}::uuid
    order by lower(o.name), o.id`;
  const { rows } = await acrossOrganizations(() => query.execute(db));
  return rows.map(({ totals, used, ...row }) => ({
    ...row,
    seats: plans.map((plan) => ({ plan, total: totals[plan] ?? 0, used: used[plan] ?? 0 })),
  }));
}

/** Null takes it back. */
export async function setSuspended(
  db: Database,
  organizationId: string,
  at: Date | null,
): Promise<void> {
  await sql`update organization set suspended_at = ${at} where id = ${organizationId}`.execute(db);
}

export async function setSeatsByOperator(db: Database, organizationId: string): Promise<void> {
  await sql`update organization set seats_by_operator = true where id = ${organizationId}`.execute(
    db,
  );
}

export async function seatsByOperator(db: Database, organizationId: string): Promise<boolean> {
  const { rows } = await sql<{ given: boolean }>`
    select seats_by_operator as given from organization where id = ${organizationId}`.execute(db);
  return rows[0]?.given ?? false;
}

/** Whether the organization of whoever signs in with this address is suspended. */
export async function isSuspended(db: Database, email: string): Promise<boolean> {
  const query = sql`
    select from account_user u join person p on p.user_id = u.id
    join organization o on o.id = p.organization_id
    where u.email = ${email} and o.suspended_at is not null`;
  return (await acrossOrganizations(() => query.execute(db))).rows.length > 0;
}

/** The administrator who was invited first and has not come in; null when there is none. */
export async function invitedAdministrator(
  db: Database,
  organizationId: string,
): Promise<{ id: string; name: string; email: string } | null> {
  const { rows } = await sql<{ id: string; name: string; email: string }>`
    select id, name, email from person
    where organization_id = ${organizationId} and role = 'administrator' and active and user_id is null
    order by created_at, id limit 1`.execute(db);
  return rows[0] ?? null;
}

/** Every account of an organization's people. */
export async function accountsOf(db: Database, organizationId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select user_id as id from person
    where organization_id = ${organizationId} and user_id is not null`.execute(db);
  return rows.map(({ id }) => id);
}

/** Makes an account an operator's, or takes that away; the name of its person, null when nobody signs in with this address. */
export async function setOperator(
  db: Database,
  email: string,
  operator: boolean,
): Promise<{ organizationId: string; name: string } | null> {
  const query = sql<{ organizationId: string; name: string }>`
    with changed as (
      update account_user set operator = ${operator} where email = ${email} returning id
    )
    select p.organization_id as "organizationId", p.name
    from person p join changed on changed.id = p.user_id where p.active`;
  return (await acrossOrganizations(() => query.execute(db))).rows[0] ?? null;
}

export async function isOperator(db: Database, userId: string): Promise<boolean> {
  const { rows } = await sql`
    select from account_user where id = ${userId} and operator`.execute(db);
  return rows.length > 0;
}

/** Whether somebody of this hub signs in with this address, in whatever organization. */
export async function hasAccount(db: Database, email: string): Promise<boolean> {
  const { rows } = await sql`select from account_user where email = ${email}`.execute(db);
  return rows.length > 0;
}

export async function isOrganizationSuspended(db: Database, id: string): Promise<boolean> {
  const { rows } = await sql`
    select from organization where id = ${id} and suspended_at is not null`.execute(db);
  return rows.length > 0;
}

/** Throws `conflict` for an operator's account: no administrator makes their way into it. */
export async function refuseOperator(db: Database, userId: string): Promise<void> {
  if (!(await isOperator(db, userId))) return;
  throw new RingsideError('conflict', 'This is an operator of the hub.', {
    fix: 'Whoever runs the hub takes that away first: `ringside operator EMAIL --remove`.',
  });
}

export async function operatorsOf(
  db: Database,
): Promise<{ email: string; name: string; organization: string }[]> {
  const query = sql<{ email: string; name: string; organization: string }>`
    select u.email, p.name, o.name as organization
    from account_user u join person p on p.user_id = u.id join organization o on o.id = p.organization_id
    where u.operator order by u.email`;
  return (await acrossOrganizations(() => query.execute(db))).rows;
}
