import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import type { SingleSignOnProblem } from './single-sign-on.ts';

type SingleSignOnTables = {
  single_sign_on: {
    organization_id: string;
    issuer: string;
    client_id: string;
    client_secret: string;
    required: boolean;
    worked_at: Date | null;
    last_problem: string | null;
    last_problem_at: Date | null;
  };
  single_sign_on_domain: { organization_id: string; domain: string };
  single_sign_on_attempt: {
    organization_id: string;
    state_hash: Buffer;
    browser_hash: Buffer;
    nonce: string;
    code_verifier: string;
    return_path: string;
    expires_at: Date;
  };
};

const tables = (db: Database) => db.withTables<SingleSignOnTables>();

export interface StoredSingleSignOn {
  issuer: string;
  clientId: string;
  /** Sealed, see {@link singleSignOnContext}. */
  clientSecret: string;
  domains: string[];
  required: boolean;
  workedAt: Date | null;
  lastProblem: SingleSignOnProblem | null;
  lastProblemAt: Date | null;
}

export const singleSignOnContext = (organizationId: string): string =>
  `single_sign_on:${organizationId}`;

export async function singleSignOnOf(
  db: Database,
  organizationId: string,
): Promise<StoredSingleSignOn | null> {
  const row = await tables(db)
    .selectFrom('single_sign_on')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const domains = await tables(db)
    .selectFrom('single_sign_on_domain')
    .select('domain')
    .where('organization_id', '=', organizationId)
    .orderBy('domain')
    .execute();
  return {
    ...{ issuer: row.issuer, clientId: row.client_id, clientSecret: row.client_secret },
    ...{ domains: domains.map(({ domain }) => domain), required: row.required },
    ...{ workedAt: row.worked_at, lastProblemAt: row.last_problem_at },
    lastProblem: row.last_problem as SingleSignOnProblem | null,
  };
}

/** Writes all of it; answers the domains that another organization of the hub has, and then has written nothing of them. */
export async function putSingleSignOn(
  db: Database,
  organizationId: string,
  { issuer, clientId, clientSecret, domains, required, workedAt }: StoredSingleSignOn,
): Promise<string[]> {
  const values = {
    ...{ issuer, client_id: clientId, client_secret: clientSecret, required, worked_at: workedAt },
    ...{ last_problem: null, last_problem_at: null },
  };
  await tables(db)
    .insertInto('single_sign_on')
    .values({ organization_id: organizationId, ...values })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(values))
    .execute();
  await tables(db)
    .deleteFrom('single_sign_on_domain')
    .where('organization_id', '=', organizationId)
    .execute();
  const { rows } = await sql<{ domain: string }>`
    insert into single_sign_on_domain (organization_id, domain)
    select ${organizationId}, unnest(${domains}::text[])
    on conflict (domain) do nothing returning domain`.execute(db);
  const taken = new Set(rows.map(({ domain }) => domain));
  return domains.filter((domain) => !taken.has(domain));
}

/** False when there was none. */
export async function removeSingleSignOn(db: Database, organizationId: string): Promise<boolean> {
  const { numDeletedRows } = await tables(db)
    .deleteFrom('single_sign_on')
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Whether any organization of the hub has it. */
export async function anySingleSignOn(db: Database): Promise<boolean> {
  const query = tables(db).selectFrom('single_sign_on').select('organization_id').limit(1);
  return (await acrossOrganizations(() => query.executeTakeFirst())) !== undefined;
}

/** The organization that signs in people of an e-mail domain; null when none does. */
export async function organizationOfDomain(db: Database, domain: string): Promise<string | null> {
  const query = tables(db)
    .selectFrom('single_sign_on_domain')
    .select('organization_id')
    .where('domain', '=', domain);
  return (await acrossOrganizations(() => query.executeTakeFirst()))?.organization_id ?? null;
}

/** Whether this account's person may sign in by the provider alone. Asked whenever a password was right. */
export async function barsPassword(
  db: Database,
  account: { id: string } | { email: string },
): Promise<boolean> {
  const [column, value] =
    'id' in account ? (['id', account.id] as const) : (['email', account.email] as const);
  return acrossOrganizations(async () => {
    const { rows } = await sql`
      select from account_user u join person p on p.user_id = u.id
      join single_sign_on s on s.organization_id = p.organization_id
      where ${sql.ref(`u.${column}`)} = ${value} and p.role <> 'administrator' and not u.operator and s.required and exists (
        select from plan_seats seats
        where seats.organization_id = p.organization_id and seats.plan = 'Enterprise' and seats.total > 0
      )`.execute(db);
    return rows.length > 0;
  });
}

/** Whether people of an organization who are no administrators come in by single sign-on alone. */
export async function requiresSingleSignOn(db: Database, organizationId: string): Promise<boolean> {
  const { rows } = await sql`
    select from single_sign_on s where organization_id = ${organizationId} and required and exists (
      select from plan_seats seats
      where seats.organization_id = s.organization_id and seats.plan = 'Enterprise' and seats.total > 0
    )`.execute(db);
  return rows.length > 0;
}

/**
 * Ends the sessions of an organization that came by a password which does not count (any more): single sign-on was required, or an
 * administrator is none any more.
 */
export async function removeBarredSessions(db: Database, organizationId: string): Promise<void> {
  if (!(await requiresSingleSignOn(db, organizationId))) return;
  await sql`
    delete from account_session s using account_user u, person p
    where u.id = s.user_id and p.user_id = u.id and p.organization_id = ${organizationId}
      and not s.single_sign_on and p.role <> 'administrator' and not u.operator`.execute(db);
}

export async function noteSingleSignOn(
  db: Database,
  organizationId: string,
  at: Date,
  problem: SingleSignOnProblem | null,
): Promise<void> {
  const change =
    problem === null
      ? { worked_at: at, last_problem: null, last_problem_at: null }
      : { last_problem: problem, last_problem_at: at };
  await tables(db)
    .updateTable('single_sign_on')
    .set(change)
    .where('organization_id', '=', organizationId)
    .execute();
}

/** Somebody who was sent to the provider. */
export interface SingleSignOnAttempt {
  organizationId: string;
  stateHash: Buffer;
  browserHash: Buffer;
  nonce: string;
  codeVerifier: string;
  returnPath: string;
  expiresAt: Date;
}

/** Also forgets what of the organization has expired. */
export async function insertAttempt(
  db: Database,
  attempt: SingleSignOnAttempt,
  now: Date,
): Promise<void> {
  await tables(db)
    .deleteFrom('single_sign_on_attempt')
    .where('organization_id', '=', attempt.organizationId)
    .where('expires_at', '<', now)
    .execute();
  await tables(db)
    .insertInto('single_sign_on_attempt')
    .values({
      ...{ organization_id: attempt.organizationId, state_hash: attempt.stateHash },
      ...{ browser_hash: attempt.browserHash, nonce: attempt.nonce },
      ...{ code_verifier: attempt.codeVerifier, return_path: attempt.returnPath },
      expires_at: attempt.expiresAt,
    })
    .execute();
}

/** Takes an attempt, once; null when it was taken, has expired, or never was. */
export async function takeAttempt(
  db: Database,
  stateHash: Buffer,
  now: Date,
): Promise<SingleSignOnAttempt | null> {
  const query = tables(db)
    .deleteFrom('single_sign_on_attempt')
    .where('state_hash', '=', stateHash)
    .returningAll();
  const row = await acrossOrganizations(() => query.executeTakeFirst());
  if (row === undefined || row.expires_at <= now) return null;
  return {
    ...{ organizationId: row.organization_id, stateHash, browserHash: row.browser_hash },
    ...{ nonce: row.nonce, codeVerifier: row.code_verifier, returnPath: row.return_path },
    expiresAt: row.expires_at,
  };
}
