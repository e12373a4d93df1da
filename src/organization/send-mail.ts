import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { TaskContext } from '../platform/jobs.ts';
import { MailFailure } from '../platform/mailer.ts';
import type { Mailer } from '../platform/mailer.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { mailContext, mailToSend, noteMail } from './mail-store.ts';
import { writeMail } from './mail-text.ts';

export interface SendMailDeps {
  db: Database;
  clock: Clock;
  secretBox: SecretBox;
  /** Null: this hub sends none (any more). */
  mailer: Mailer | null;
}

/**
 * One attempt at a mail. Throws when it may be tried again, so that the job queue does. A mail may arrive twice when the hub dies just
 * after the server took it; its link works once.
 */
export async function sendMail(
  { db, clock, secretBox, mailer }: SendMailDeps,
  { organizationId, id }: { organizationId: string; id: string },
  { attempt, maxAttempts }: Pick<TaskContext, 'attempt' | 'maxAttempts'>,
): Promise<void> {
  const mail = await mailToSend(db, organizationId, id);
  if (mail === null) return;
  const note = (state: 'waiting' | 'sent' | 'failed', reason: string | null) =>
    noteMail(db, organizationId, id, { state, reason, at: clock.now() });
  if (mailer === null) return note('failed', 'This hub has no mail server any more.');
  const url = secretBox.open(mail.link, mailContext(organizationId, id));
  try {
    await mailer.send(writeMail({ ...mail, url }));
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error;
    const over = error.final || attempt >= maxAttempts;
    await note(over ? 'failed' : 'waiting', error.message);
    if (!error.final) throw error;
    return;
  }
  await note('sent', null);
}
