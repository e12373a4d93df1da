import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { RingsideError } from '../platform/errors.ts';
import type { HttpClient } from '../platform/http-client.ts';
import type { Log } from '../platform/log.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { insertAccount } from './account-store.ts';
import type { Accounts, Client } from './accounts.ts';
import { recordChange } from './audit-store.ts';
import { openSingleSignOn } from './change-single-sign-on.ts';
import { removeInvitation } from './invitation-store.ts';
import { emailFromProvider, sendToProvider, SingleSignOnFailure } from './openid-provider.ts';
import { isOperator, isOrganizationSuspended } from './operator-store.ts';
import { organizationUnlocks } from './organization-features.ts';
import { personByEmail, setPersonAccount } from './person-store.ts';
import { hashToken, newSecretToken } from './secret-token.ts';
import { emailDomain } from './single-sign-on.ts';
import {
  insertAttempt,
  noteSingleSignOn,
  organizationOfDomain,
  singleSignOnOf,
  takeAttempt,
} from './single-sign-on-store.ts';
import type { SingleSignOnAttempt } from './single-sign-on-store.ts';

export interface EnterDeps {
  db: Database;
  clock: Clock;
  log: Log;
  secretBox: SecretBox;
  http: HttpClient;
  accounts: Accounts;
}

const attemptMinutes = 10;

/**
 * Where to send a browser so that whoever has this e-mail signs in, and the token that it must bring back in a cookie. Which organization
 * it is about the domain decides; whether the person exists is not told. Throws `not-found` for a domain that nobody signs in,
 * SingleSignOnFailure when the provider cannot be asked.
 */
export async function startSingleSignOn(
  deps: EnterDeps,
  { email, returnPath, callbackUrl }: { email: string; returnPath: string; callbackUrl: string },
): Promise<{ url: string; browserToken: string }> {
  const { db, clock, http } = deps;
  const organizationId = await organizationOfDomain(db, emailDomain(email));
  if (organizationId === null) throw noOrganization(email);
  return inOrganization(organizationId, async () => {
    const provider = await providerOf(deps, organizationId);
    if (provider === null) throw noOrganization(email);
    const { url, checks } = await sendToProvider(http, provider, { email, callbackUrl }).catch(
      (error: unknown) => refuse(deps, organizationId, error),
    );
    const browser = newSecretToken();
    const now = clock.now();
    await insertAttempt(
      db,
      {
        ...{ organizationId, returnPath, browserHash: browser.hash },
        ...{ nonce: checks.nonce, codeVerifier: checks.codeVerifier },
        stateHash: hashToken(checks.state),
        expiresAt: new Date(now.getTime() + attemptMinutes * 60_000),
      },
      now,
    );
    return { url, browserToken: browser.token };
  });
}

/**
 * Lets in whoever comes back from the provider; answers the Set-Cookie lines and where they wanted to go. Only an active person of the
 * organization that sent them, with the verified e-mail address, is let in; nobody is created. Who was invited and has not accepted
 * has accepted herewith. Throws SingleSignOnFailure.
 */
export async function finishSingleSignOn(
  deps: EnterDeps,
  client: Client,
  { cameBack, browserToken }: { cameBack: URL; browserToken: string | null },
): Promise<{ cookies: string[]; returnPath: string }> {
  const state = cameBack.searchParams.get('state');
  const attempt =
    state === null ? null : await takeAttempt(deps.db, hashToken(state), deps.clock.now());
  const sameBrowser =
    browserToken !== null && attempt?.browserHash.equals(hashToken(browserToken)) === true;
  if (state === null || attempt === null || !sameBrowser) throw new SingleSignOnFailure('expired');
  const { organizationId, returnPath } = attempt;
  return inOrganization(organizationId, async () => {
    try {
      const cookies = await letIn(deps, client, { ...attempt, state }, cameBack);
      await noteSingleSignOn(deps.db, organizationId, deps.clock.now(), null);
      return { cookies, returnPath };
    } catch (error) {
      return await refuse(deps, organizationId, error);
    }
  });
}

async function letIn(
  deps: EnterDeps,
  client: Client,
  attempt: SingleSignOnAttempt & { state: string },
  cameBack: URL,
): Promise<string[]> {
  const { http, accounts } = deps;
  const { organizationId, nonce, codeVerifier, state } = attempt;
  const provider = await providerOf(deps, organizationId);
  if (provider === null) throw new SingleSignOnFailure('not-available');
  const email = await emailFromProvider(http, provider, cameBack, { state, nonce, codeVerifier });
  if (!provider.domains.includes(emailDomain(email))) throw new SingleSignOnFailure('other-domain');
  const userId = await accountOf(deps, organizationId, email);
  const cookies = await accounts.enter(client, userId);
  if (cookies === null) throw new SingleSignOnFailure('unknown-person');
  return cookies;
}

/** Of the active person with this address; made when there was only an invitation yet. */
async function accountOf(
  { db, clock }: EnterDeps,
  organizationId: string,
  email: string,
): Promise<string> {
  return db.transaction().execute(async (trx) => {
    const person = await personByEmail(trx, organizationId, email);
    if (person === null || !person.active) throw new SingleSignOnFailure('unknown-person');
    if (person.userId !== null) {
      // Whoever administers that organization chooses its provider, and would become operator by it.
      if (await isOperator(trx, person.userId)) throw new SingleSignOnFailure('operator');
      return person.userId;
    }
    const { id: personId, name } = person;
    const at = clock.now();
    const userId = await insertAccount(trx, { name, email, passwordHash: null, at });
    // Somebody of another organization has it: nobody crosses over.
    if (userId === null) throw new SingleSignOnFailure('unknown-person');
    await setPersonAccount(trx, organizationId, personId, userId);
    await removeInvitation(trx, organizationId, personId);
    await recordChange(trx, organizationId, {
      ...{ at, by: { personId, name }, action: 'accept invitation', subject: name },
      detail: { by: 'single sign-on' },
    });
    return userId;
  });
}

/** Null when it is not set up, the organization holds no seat of the plan or is suspended. */
async function providerOf({ db, secretBox }: EnterDeps, organizationId: string) {
  const stored = await singleSignOnOf(db, organizationId);
  if (stored === null || (await isOrganizationSuspended(db, organizationId))) return null;
  if (!(await organizationUnlocks(db, organizationId, 'single-sign-on'))) return null;
  return { ...openSingleSignOn(secretBox, organizationId, stored), domains: stored.domains };
}

/** Keeps for the administrator what it failed at. */
async function refuse(deps: EnterDeps, organizationId: string, error: unknown): Promise<never> {
  if (!(error instanceof SingleSignOnFailure)) throw error;
  const { problem, cause } = error;
  const why = cause instanceof Error ? cause.message : undefined;
  deps.log.warn({ organizationId, problem, why }, 'single sign-on refused');
  await noteSingleSignOn(deps.db, organizationId, deps.clock.now(), problem);
  throw error;
}

function noOrganization(email: string): RingsideError {
  return new RingsideError(
    'not-found',
    `Nobody signs in by single sign-on with ${emailDomain(email)} here.`,
    {
      fix: 'Check the e-mail address, or sign in with your password.',
    },
  );
}
