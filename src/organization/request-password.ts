import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { acrossOrganizations, inOrganization } from '../platform/database/scope.ts';
import type { Jobs } from '../platform/jobs.ts';
import { countAttempt } from './account-store.ts';
import { recordChange } from './audit-store.ts';
import { putInvitation } from './invitation-store.ts';
import { sendsNoMail } from './order-mail.ts';
import type { OrderMail } from './order-mail.ts';
import { personOfAccount } from './person-store.ts';
import { newSecretToken } from './secret-token.ts';
import { barsPassword } from './single-sign-on-store.ts';

export const requestPasswordTask = 'request-password';
/** Mails to one account in an hour. */
const most = 3;
const hour = 3_600;

export interface RequestPasswordDeps {
  db: Database;
  clock: Clock;
  /** Null: this hub sends no mail. */
  orderMail: OrderMail | null;
}

/**
 * Leaves everything to a job, so that neither answer nor time tells whether there is such an account. Throws `conflict` when this hub
 * sends no mail.
 */
export async function askForPassword(
  { db, jobs, orderMail }: { db: Database; jobs: Jobs; orderMail: OrderMail | null },
  email: string,
): Promise<void> {
  if (orderMail === null)
    throw sendsNoMail('Ask an administrator of your organization for a password link.');
  await jobs.add(db, requestPasswordTask, { email }, { maxAttempts: 3 });
}

/**
 * The job: sends a link to a new password, good for an hour, to whoever has an account with this address and may sign in by password.
 * The password stays until the link is used.
 */
export async function requestPassword(
  { db, clock, orderMail }: RequestPasswordDeps,
  { email }: { email: string },
): Promise<void> {
  const person = await acrossOrganizations(() => personOfAccount(db, email));
  if (orderMail === null || person === null || (await barsPassword(db, { email }))) return;
  const { organizationId, personId, name, userId } = person;
  const at = clock.now();
  const { count } = await countAttempt(db, `password mail:${userId}`, hour, at);
  if (count > most) return;
  const { token, hash } = newSecretToken();
  const expiresAt = new Date(at.getTime() + hour * 1000);
  const order = async (trx: Database) => {
    await putInvitation(trx, organizationId, { personId, tokenHash: hash, expiresAt });
    await orderMail(trx, organizationId, { personId, kind: 'password', token });
    await recordChange(trx, organizationId, {
      ...{ at, by: { personId, name }, action: 'ask for a new password', subject: name },
    });
  };
  await inOrganization(organizationId, () => db.transaction().execute(order));
}
