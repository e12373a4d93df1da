import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { RingsideError } from '../platform/errors.ts';
import { insertAccount, removeSessionsOf, setPasswordHash } from './account-store.ts';
import { recordChange } from './audit-store.ts';
import { hashPassword } from './hash-password.ts';
import { noteOpened, openInvitation, takeInvitation } from './invitation-store.ts';
import type { OpenInvitation } from './invitation-store.ts';
import { setPersonAccount } from './person-store.ts';
import { hashToken } from './secret-token.ts';
import { requiresSingleSignOn } from './single-sign-on-store.ts';

interface InvitationDeps {
  db: Database;
  clock: Clock;
}

/** Throws `not-found` for a link that was used, replaced, has expired or never was. */
async function viewInvitation(
  deps: InvitationDeps,
  token: string,
): Promise<OpenInvitation & { singleSignOn: boolean }> {
  const invitation = await openInvitation(deps.db, hashToken(token), deps.clock.now());
  if (invitation === null) throw noInvitation();
  const { organizationId, role } = invitation;
  const required = () => requiresSingleSignOn(deps.db, organizationId);
  const singleSignOn = role !== 'administrator' && (await inOrganization(organizationId, required));
  return { ...invitation, singleSignOn };
}

/** {@link viewInvitation} for whoever holds the link; the administrator sees that it was opened. */
export async function openInvitationPage(
  deps: InvitationDeps,
  token: string,
): Promise<OpenInvitation & { singleSignOn: boolean }> {
  const found = await viewInvitation(deps, token);
  await noteOpened(deps.db, hashToken(token), deps.clock.now());
  return found;
}

/**
 * Sets the password behind an invitation link, once: makes the account, or, for somebody who has one, replaces the password and
 * ends their sessions. Throws `not-found` as above, `conflict` when the e-mail has an account elsewhere on this hub or a password would not
 * count.
 */
export async function acceptInvitation(
  deps: InvitationDeps,
  token: string,
  password: string,
): Promise<OpenInvitation> {
  const { organizationId, singleSignOn } = await viewInvitation(deps, token);
  if (singleSignOn) {
    throw new RingsideError('conflict', 'Your organization signs in by single sign-on.', {
      fix: 'Use single sign-on on the sign-in page, with this e-mail address.',
    });
  }
  const passwordHash = await hashPassword(password);
  const at = deps.clock.now();
  const accept = async (trx: Database) => {
    const invitation = await openInvitation(trx, hashToken(token), at);
    if (invitation === null || !(await takeInvitation(trx, hashToken(token)))) throw noInvitation();
    const { personId, userId, name, email } = invitation;
    if (userId === null) {
      const newUserId = await insertAccount(trx, { name, email, passwordHash, at });
      if (newUserId === null) {
        throw new RingsideError(
          'conflict',
          'There is an account with this e-mail address already.',
          {
            fix: 'Ask your administrator to invite you with another address.',
          },
        );
      }
      await setPersonAccount(trx, organizationId, personId, newUserId);
    } else {
      await setPasswordHash(trx, userId, passwordHash, at);
      await removeSessionsOf(trx, [userId]);
    }
    await recordChange(trx, organizationId, {
      at,
      by: { personId, name },
      action: userId === null ? 'accept invitation' : 'set password by link',
      subject: name,
    });
    return invitation;
  };
  return inOrganization(organizationId, () => deps.db.transaction().execute(accept));
}

function noInvitation(): RingsideError {
  return new RingsideError(
    'not-found',
    'This invitation link is not valid: used, replaced by a newer one, or older than 7 days.',
    {
      fix: 'Ask your administrator for a new link.',
    },
  );
}
