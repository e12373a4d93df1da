import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import type { Jobs } from '../platform/jobs.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { mailContext, putMail } from './mail-store.ts';
import type { MailKind } from './mail-text.ts';

export const sendMailTask = 'send-mail';
/** With the job queue's growing waits the last attempt comes about an hour after the first. */
const attempts = 9;

/**
 * Has a person sent the link of a token, inside the transaction that made it: it is sent when that commits, instead of a mail that
 * still waits. The link is sealed until then, and neither the job nor any log holds it.
 */
export type OrderMail = (
  trx: Database,
  organizationId: string,
  mail: { personId: string; kind: MailKind; token: string },
) => Promise<void>;

/** For whoever asks for a mail on a hub that has no mail server. */
export function sendsNoMail(fix: string): RingsideError {
  return new RingsideError('conflict', 'This hub sends no mail.', { fix });
}

/** `origin` is the configured public URL: never what a request says of itself, or anybody could have links sent that lead to them. */
export function mailOrders(deps: {
  jobs: Jobs;
  clock: Clock;
  secretBox: SecretBox;
  origin: string;
}): OrderMail {
  return async (trx, organizationId, { personId, kind, token }) => {
    const id = newId();
    const url = new URL(`/invite/${token}`, deps.origin).href;
    const link = deps.secretBox.seal(url, mailContext(organizationId, id));
    await putMail(trx, organizationId, { personId, id, kind, link, at: deps.clock.now() });
    await deps.jobs.add(trx, sendMailTask, { organizationId, id }, { maxAttempts: attempts });
  };
}
