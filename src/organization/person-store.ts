import { sql } from 'kysely';
import { askTogether } from '../platform/database/ask-together.ts';
import type { Database } from '../platform/database/database.ts';
import { masksNumbers } from './number-mask.ts';
import type { NumbersMaskedFor } from './number-mask.ts';
import { withheldFrom } from './permission.ts';
import type { Permission } from './permission.ts';
import { includesRole } from './plan.ts';
import type { Plan, Role } from './plan.ts';
import type { OrganizationTables } from './tables.ts';

const tables = (db: Database) => db.withTables<OrganizationTables>();

/** A person as other rooms see them. */
export interface ReachablePerson {
  id: string;
  name: string;
  email: string;
  role: Role;
  plan: Plan | null;
  active: boolean;
  extension: string | null;
  /** Mapped to a CRM user of at least one connection. */
  mapped: boolean;
  /** What the organization withholds from this person; nothing from who is no agent. */
  mayNot: readonly Permission[];
  /** The organization hides telephone numbers from this person but for their last digits. */
  numbersMasked: boolean;
}

export interface StoredPerson extends Omit<ReachablePerson, 'mapped' | 'mayNot' | 'numbersMasked'> {
  /** Null until the invitation is accepted. */
  userId: string | null;
}

const reachable = sql`
  select id, name, email, role, plan, active, extension, (
    select true from crm_user_mapping as mapping
    where mapping.organization_id = person.organization_id and mapping.person_id = person.id
    limit 1
  ) is not null as mapped, (select agents_may_not from organization where organization.id = person.organization_id) as "agentsMayNot",
  (select numbers_masked_for from organization where organization.id = person.organization_id) as "numbersMaskedFor"
  from person`;

type ReachableRow = Omit<ReachablePerson, 'mayNot' | 'numbersMasked'> & {
  agentsMayNot: string[];
  numbersMaskedFor: NumbersMaskedFor;
};

function toReachable(row: ReachableRow | undefined): ReachablePerson | null {
  if (row === undefined) return null;
  const { agentsMayNot, numbersMaskedFor, ...person } = row;
  return {
    ...person,
    mayNot: withheldFrom(person.role, agentsMayNot),
    numbersMasked: masksNumbers(numbersMaskedFor, person.role),
  };
}

/**
 * The active person whose telephone this is; null when nobody has the extension. Every call asks this: planned once per connection, and one
 * query for all who ask at the same time.
 */
export const personByExtension = askTogether(
  async (db: Database, organizationId: string, extensions: readonly string[]) => {
    const { rows } = await sql<ReachableRow>`/* prepared people-by-extension */ ${reachable}
      where organization_id = ${organizationId} and extension = any(${[...new Set(extensions)]}::text[]) and active`.execute(
      db,
    );
    const people = new Map(rows.map((row) => [row.extension, toReachable(row)]));
    return extensions.map((extension) => people.get(extension) ?? null);
  },
);

/** Also people who are not active. */
export async function personById(
  db: Database,
  organizationId: string,
  personId: string,
): Promise<ReachablePerson | null> {
  const { rows } = await sql<ReachableRow>`/* prepared person-by-id */ ${reachable}
    where organization_id = ${organizationId} and id = ${personId}`.execute(db);
  return toReachable(rows[0]);
}

/** Those of these people who are there, by id, also who is not active. */
export async function peopleById(
  db: Database,
  organizationId: string,
  personIds: readonly string[],
): Promise<Map<string, ReachablePerson>> {
  const { rows } = await sql<ReachableRow>`${reachable}
    where organization_id = ${organizationId} and id = any(${personIds}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, toReachable(row)!]));
}

/** Null when nobody has the address; it is compared in lower case, as it is kept. */
export async function personByEmail(
  db: Database,
  organizationId: string,
  email: string,
): Promise<StoredPerson | null> {
  const person = await tables(db)
    .selectFrom('person')
    .select(['id', 'user_id as userId', 'name', 'email', 'role', 'plan', 'active', 'extension'])
    .where('organization_id', '=', organizationId)
    .where('email', '=', email)
    .executeTakeFirst();
  return person ?? null;
}

/** The active person who signs in with this address, in whatever organization; null when nobody does. */
export async function personOfAccount(
  db: Database,
  email: string,
): Promise<{ organizationId: string; personId: string; userId: string; name: string } | null> {
  const { rows } = await sql<{
    organizationId: string;
    personId: string;
    userId: string;
    name: string;
  }>`
    select p.organization_id as "organizationId", p.id as "personId", u.id as "userId", p.name
    from account_user u join person p on p.user_id = u.id
    where u.email = ${email} and p.active`.execute(db);
  return rows[0] ?? null;
}

/** Whom to ask: the active administrators who have signed in before, by name. */
export async function administratorsOf(
  db: Database,
  organizationId: string,
): Promise<{ name: string; email: string }[]> {
  return tables(db)
    .selectFrom('person')
    .select(['name', 'email'])
    .where('organization_id', '=', organizationId)
    .where('role', '=', 'administrator')
    .where('active', '=', true)
    .where('user_id', 'is not', null)
    .orderBy('name')
    .execute();
}

/** Everybody, by name. */
export async function peopleOf(db: Database, organizationId: string): Promise<StoredPerson[]> {
  return tables(db)
    .selectFrom('person')
    .select(['id', 'user_id as userId', 'name', 'email', 'role', 'plan', 'active', 'extension'])
    .where('organization_id', '=', organizationId)
    .orderBy('name')
    .orderBy('id')
    .execute();
}

/** Whether this person can do the administrator's work now: the hub needs at least one such person. */
export function administers(person: Pick<StoredPerson, 'role' | 'active' | 'userId'>): boolean {
  return person.active && person.userId !== null && includesRole(person.role, 'administrator');
}

export async function insertPerson(
  db: Database,
  organizationId: string,
  person: Omit<StoredPerson, 'active'>,
): Promise<void> {
  await tables(db)
    .insertInto('person')
    .values({
      organization_id: organizationId,
      id: person.id,
      user_id: person.userId,
      name: person.name,
      email: person.email,
      role: person.role,
      plan: person.plan,
      extension: person.extension,
    })
    .execute();
}

/** Adds people who have no account yet, in one statement; at most 5,000. */
export async function insertPeople(
  db: Database,
  organizationId: string,
  people: readonly StoredPerson[],
): Promise<void> {
  if (people.length === 0) return;
  const rows = people.map(({ id, name, email, role, plan, extension, active }) => ({
    ...{ organization_id: organizationId, id, user_id: null },
    ...{ name, email, role, plan, extension, active },
  }));
  await tables(db).insertInto('person').values(rows).execute();
}

/** Ties the account to the person who accepted the invitation. */
export async function setPersonAccount(
  db: Database,
  organizationId: string,
  personId: string,
  userId: string,
): Promise<void> {
  await tables(db)
    .updateTable('person')
    .set({ user_id: userId })
    .where('organization_id', '=', organizationId)
    .where('id', '=', personId)
    .execute();
}

/**
 * Writes role, plan, extension and active of people, in two statements however many they are (9,000 one by one took 10 s).
 * Extensions are taken off first, so that two people may swap theirs.
 */
export async function updatePeople(
  db: Database,
  organizationId: string,
  people: Pick<StoredPerson, 'id' | 'role' | 'plan' | 'extension' | 'active'>[],
): Promise<void> {
  if (people.length === 0) return;
  const ids = people.map(({ id }) => id);
  await sql`
    update person set extension = null
    where organization_id = ${organizationId} and id = any(${ids}::uuid[])`.execute(db);
  await sql`
    update person set role = new.role, plan = new.plan, extension = new.extension, active = new.active
    from unnest(
      ${ids}::uuid[],
      ${people.map(({ role }) => role)}::text[],
      ${people.map(({ plan }) => plan)}::text[],
      ${people.map(({ extension }) => extension)}::text[],
      ${people.map(({ active }) => active)}::boolean[]
    ) as new (id, role, plan, extension, active)
    where person.organization_id = ${organizationId} and person.id = new.id`.execute(db);
}

/** What people are called in Ringside. */
export async function renamePeople(
  db: Database,
  organizationId: string,
  people: readonly Pick<StoredPerson, 'id' | 'name'>[],
): Promise<void> {
  if (people.length === 0) return;
  await sql`
    update person set name = new.name
    from unnest(
      ${people.map(({ id }) => id)}::uuid[], ${people.map(({ name }) => name)}::text[]
    ) as new (id, name)
    where person.organization_id = ${organizationId} and person.id = new.id`.execute(db);
}
