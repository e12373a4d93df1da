import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Accounts, Client } from './accounts.ts';
import { recordChange } from './audit-store.ts';
import { needsSecondFactor } from './second-factor.ts';
import { forgetTrustedBrowsers, secondFactorFor } from './second-factor-store.ts';
import type { Viewer } from './viewer.ts';

interface OwnSecondFactorDeps {
  db: Database;
  clock: Clock;
  accounts: Accounts;
}

/** The first code of the app: from now on signing in needs one. Answers the Set-Cookie lines; throws `invalid-input`. */
export async function confirmOwnSecondFactor(
  deps: OwnSecondFactorDeps,
  viewer: Viewer,
  client: Client,
  code: string,
): Promise<string[]> {
  const cookies = await deps.accounts.confirmSecondFactor(client, code);
  await record(deps, viewer, 'add second factor');
  return cookies;
}

/** Throws `conflict` while the organization asks this person for one. */
export async function removeOwnSecondFactor(
  deps: OwnSecondFactorDeps,
  viewer: Viewer,
  client: Client,
  password: string,
): Promise<string[]> {
  if (needsSecondFactor(await secondFactorFor(deps.db, viewer.organizationId), viewer.role)) {
    throw new RingsideError('conflict', 'Your organization asks you for a second factor.', {
      fix: 'An administrator can change that in Manage Organization, Signing in. A new telephone? Ask another administrator to reset yours.',
    });
  }
  const cookies = await deps.accounts.removeSecondFactor(client, password);
  await forgetTrustedBrowsers(deps.db, viewer.userId);
  await record(deps, viewer, 'remove second factor');
  return cookies;
}

/** New recovery codes; the old ones stop working. */
export async function renewOwnRecoveryCodes(
  deps: OwnSecondFactorDeps,
  viewer: Viewer,
  client: Client,
  password: string,
): Promise<string[]> {
  const codes = await deps.accounts.renewRecoveryCodes(client, password);
  await record(deps, viewer, 'renew recovery codes');
  return codes;
}

async function record(
  { db, clock }: OwnSecondFactorDeps,
  viewer: Viewer,
  action: string,
): Promise<void> {
  await recordChange(db, viewer.organizationId, {
    at: clock.now(),
    by: viewer,
    action,
    subject: viewer.name,
  });
}
