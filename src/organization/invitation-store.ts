import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations } from '../platform/database/scope.ts';
import type { Role } from './plan.ts';
import type { OrganizationTables } from './tables.ts';

const tables = (db: Database) => db.withTables<OrganizationTables>();

/** An invitation that can be accepted. */
export interface OpenInvitation {
  organizationId: string;
  organizationName: string;
  personId: string;
  userId: string | null;
  name: string;
  email: string;
  /** Of a person whom single sign-on alone lets in, once it works for the organization. */
  role: Role;
}

/** Null when there is none, it has expired, was replaced or used, or its person is not active. */
export async function openInvitation(
  db: Database,
  tokenHash: Buffer,
  now: Date,
): Promise<OpenInvitation | null> {
  const query = tables(db)
    .selectFrom('invitation')
    .innerJoin('person', (join) =>
      join
        .onRef('person.organization_id', '=', 'invitation.organization_id')
        .onRef('person.id', '=', 'invitation.person_id'),
    )
    .innerJoin('organization', 'organization.id', 'invitation.organization_id')
    .select([
      'organization.id as organizationId',
      'organization.name as organizationName',
      'person.id as personId',
      'person.user_id as userId',
      'person.name',
      'person.email',
      'person.role',
    ])
    .where('invitation.token_hash', '=', tokenHash)
    .where('invitation.expires_at', '>', now)
    .where('person.active', '=', true)
    .where('organization.suspended_at', 'is', null);
  return (await acrossOrganizations(() => query.executeTakeFirst())) ?? null;
}

/** Links of people who have none yet, in one statement. */
export async function insertInvitations(
  db: Database,
  organizationId: string,
  invitations: readonly { personId: string; tokenHash: Buffer; expiresAt: Date }[],
): Promise<void> {
  if (invitations.length === 0) return;
  const rows = invitations.map(({ personId, tokenHash, expiresAt }) => ({
    organization_id: organizationId,
    person_id: personId,
    token_hash: tokenHash,
    expires_at: expiresAt,
  }));
  await tables(db).insertInto('invitation').values(rows).execute();
}

/** One link a person: a new one makes the old one void. */
export async function putInvitation(
  db: Database,
  organizationId: string,
  invitation: { personId: string; tokenHash: Buffer; expiresAt: Date },
): Promise<void> {
  await tables(db)
    .insertInto('invitation')
    .values({
      organization_id: organizationId,
      person_id: invitation.personId,
      token_hash: invitation.tokenHash,
      expires_at: invitation.expiresAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'person_id']).doUpdateSet(({ ref }) => ({
        token_hash: ref('excluded.token_hash'),
        expires_at: ref('excluded.expires_at'),
        opened_at: null,
      })),
    )
    .execute();
}

/** Notes that the page behind a link was opened; the first time counts. */
export async function noteOpened(db: Database, tokenHash: Buffer, now: Date): Promise<void> {
  const query = tables(db)
    .updateTable('invitation')
    .set({ opened_at: now })
    .where('token_hash', '=', tokenHash)
    .where('opened_at', 'is', null);
  await acrossOrganizations(() => query.execute());
}

/** When the last link of each person was opened, by their id; only those that were. */
export async function openedInvitations(
  db: Database,
  organizationId: string,
): Promise<Map<string, Date>> {
  const rows = await tables(db)
    .selectFrom('invitation')
    .select(['person_id', 'opened_at'])
    .where('organization_id', '=', organizationId)
    .where('opened_at', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [row.person_id, row.opened_at!]));
}

/** The link is void. */
export async function removeInvitation(
  db: Database,
  organizationId: string,
  personId: string,
): Promise<void> {
  await tables(db)
    .deleteFrom('invitation')
    .where('organization_id', '=', organizationId)
    .where('person_id', '=', personId)
    .execute();
}

/** Takes the invitation; false when somebody else took it first. */
export async function takeInvitation(db: Database, tokenHash: Buffer): Promise<boolean> {
  const result = await tables(db)
    .deleteFrom('invitation')
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
