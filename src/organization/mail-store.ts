import type { Database } from '../platform/database/database.ts';
import type { MailKind } from './mail-text.ts';

export type MailState = 'waiting' | 'sent' | 'failed';

type MailTables = {
  person_mail: {
    organization_id: string;
    person_id: string;
    id: string;
    kind: MailKind;
    link: string | null;
    state: MailState;
    reason: string | null;
    at: Date;
  };
  person: { organization_id: string; id: string; name: string; email: string; active: boolean };
  organization: { id: string; name: string; time_zone: string };
  invitation: { organization_id: string; person_id: string; expires_at: Date };
};

const tables = (db: Database) => db.withTables<MailTables>();

export const mailContext = (organizationId: string, id: string): string =>
  `person_mail:${organizationId}:${id}`;

/** Instead of the last one to this person. */
export async function putMail(
  db: Database,
  organizationId: string,
  mail: { personId: string; id: string; kind: MailKind; link: string; at: Date },
): Promise<void> {
  const { personId, id, kind, link, at } = mail;
  const fresh = { id, kind, link, state: 'waiting' as const, reason: null, at };
  await tables(db)
    .insertInto('person_mail')
    .values({ organization_id: organizationId, person_id: personId, ...fresh })
    .onConflict((conflict) => conflict.columns(['organization_id', 'person_id']).doUpdateSet(fresh))
    .execute();
}

/**
 * What is to be sent; null when it was sent, given up or replaced, its link was used, or its person is not active any more.
 */
export async function mailToSend(
  db: Database,
  organizationId: string,
  id: string,
): Promise<{
  kind: MailKind;
  link: string;
  name: string;
  email: string;
  organization: string;
  timeZone: string;
  until: Date;
} | null> {
  const row = await tables(db)
    .selectFrom('person_mail as mail')
    .innerJoin('person', (join) =>
      join
        .onRef('person.organization_id', '=', 'mail.organization_id')
        .onRef('person.id', '=', 'mail.person_id'),
    )
    .innerJoin('organization', 'organization.id', 'mail.organization_id')
    .innerJoin('invitation', (join) =>
      join
        .onRef('invitation.organization_id', '=', 'mail.organization_id')
        .onRef('invitation.person_id', '=', 'mail.person_id'),
    )
    .select(['mail.kind', 'mail.link', 'person.name', 'person.email'])
    .select(['organization.name as organization', 'organization.time_zone as timeZone'])
    .select('invitation.expires_at as until')
    .where('mail.organization_id', '=', organizationId)
    .where('mail.id', '=', id)
    .where('mail.state', '=', 'waiting')
    .where('person.active', '=', true)
    .executeTakeFirst();
  return row === undefined || row.link === null ? null : { ...row, link: row.link };
}

/** The link is forgotten unless the mail still waits. */
export async function noteMail(
  db: Database,
  organizationId: string,
  id: string,
  { state, reason, at }: { state: MailState; reason: string | null; at: Date },
): Promise<void> {
  await tables(db)
    .updateTable('person_mail')
    .set({ state, reason, at, ...(state === 'waiting' ? {} : { link: null }) })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute();
}

export interface MailNote {
  kind: MailKind;
  state: MailState;
  reason: string | null;
  at: Date;
}

/** The last mail to each person, by their id. */
export async function mailsOf(
  db: Database,
  organizationId: string,
): Promise<Map<string, MailNote>> {
  const rows = await tables(db)
    .selectFrom('person_mail')
    .select(['person_id', 'kind', 'state', 'reason', 'at'])
    .where('organization_id', '=', organizationId)
    .execute();
  return new Map(rows.map(({ person_id: personId, ...mail }) => [personId, mail]));
}
