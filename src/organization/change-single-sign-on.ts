import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { HttpClient } from '../platform/http-client.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { recordChange } from './audit-store.ts';
import { requireOrganizationFeature } from './organization-features.ts';
import { lockOrganization } from './organization-store.ts';
import type { SingleSignOnInput, SingleSignOnTest } from './single-sign-on-contract.ts';
import {
  putSingleSignOn,
  removeBarredSessions,
  removeSingleSignOn,
  singleSignOnContext,
  singleSignOnOf,
} from './single-sign-on-store.ts';
import type { StoredSingleSignOn } from './single-sign-on-store.ts';
import { testProvider } from './test-single-sign-on.ts';
import { requireRole } from './viewer.ts';
import type { Viewer } from './viewer.ts';

export interface SingleSignOnDeps {
  db: Database;
  clock: Clock;
  secretBox: SecretBox;
  http: HttpClient;
  /** Told in the transaction that ends sessions: their live streams are to end at once. */
  peopleChanged?(trx: Database, organizationId: string): Promise<void>;
}

/** Null until it is set up. Throws `forbidden` for anybody but an administrator, as everything here. */
export async function viewSingleSignOn(
  { db }: Pick<SingleSignOnDeps, 'db'>,
  viewer: Viewer,
): Promise<StoredSingleSignOn | null> {
  requireRole(viewer, 'administrator');
  return singleSignOnOf(db, viewer.organizationId);
}

/**
 * Throws `plan-required`, and `invalid-input` when the secret is missing, a domain is another organization's, or single sign-on is to be
 * required before anybody has come in with this issuer and client.
 */
export async function saveSingleSignOn(
  deps: SingleSignOnDeps,
  viewer: Viewer,
  input: SingleSignOnInput,
): Promise<void> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  await requireOrganizationFeature(deps.db, organizationId, 'single-sign-on');
  await deps.db.transaction().execute(async (trx) => {
    await lockOrganization(trx, organizationId);
    const before = await singleSignOnOf(trx, organizationId);
    const next = nextSettings(deps.secretBox, organizationId, before, input);
    const taken = await putSingleSignOn(trx, organizationId, next);
    if (taken.length > 0) {
      throw refusal(
        'domains',
        `${taken.join(', ')} is used by another organization of this hub. Ask its operator.`,
      );
    }
    if (next.required && before?.required !== true) {
      await removeBarredSessions(trx, organizationId);
      await deps.peopleChanged?.(trx, organizationId);
    }
    const { issuer, clientId, domains, required } = next;
    await recordChange(trx, organizationId, {
      at: deps.clock.now(),
      by: viewer,
      action: before === null ? 'set up single sign-on' : 'change single sign-on',
      subject: new URL(issuer).host,
      detail: { issuer, clientId, domains, required, newSecret: input.clientSecret !== '' },
    });
  });
}

function nextSettings(
  secretBox: SecretBox,
  organizationId: string,
  before: StoredSingleSignOn | null,
  input: SingleSignOnInput,
): StoredSingleSignOn {
  const { issuer, clientId, clientSecret, required } = input;
  const domains = [...new Set(input.domains)].toSorted();
  // A stored secret is never sent to a host it was not typed for.
  const kept = before !== null && before.issuer === issuer ? before.clientSecret : null;
  if (clientSecret === '' && kept === null) {
    throw refusal(
      'clientSecret',
      before === null
        ? 'Copy it from your provider.'
        : 'Type the secret of the new issuer: the stored one belongs to the old.',
    );
  }
  const same = before !== null && before.issuer === issuer && before.clientId === clientId;
  const workedAt = same ? before.workedAt : null;
  if (required && workedAt === null) {
    throw refusal(
      'required',
      'First save without this and sign in once through your provider, so that nobody is locked out.',
    );
  }
  const sealed =
    clientSecret === '' ? kept! : secretBox.seal(clientSecret, singleSignOnContext(organizationId));
  return {
    ...{ issuer, clientId, clientSecret: sealed, domains, required, workedAt },
    ...{ lastProblem: null, lastProblemAt: null },
  };
}

/** Everybody signs in by password again. Throws `not-found`. */
export async function deleteSingleSignOn(deps: SingleSignOnDeps, viewer: Viewer): Promise<void> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  await deps.db.transaction().execute(async (trx) => {
    const before = await singleSignOnOf(trx, organizationId);
    if (before === null || !(await removeSingleSignOn(trx, organizationId))) throw notSetUp();
    await recordChange(trx, organizationId, {
      at: deps.clock.now(),
      by: viewer,
      action: 'remove single sign-on',
      subject: URL.parse(before.issuer)?.host ?? before.issuer,
    });
  });
}

/** Asks the provider as it is stored. Throws `not-found`, `plan-required`, `conflict` for settings that cannot be read. */
export async function testSingleSignOn(
  { db, http, secretBox }: SingleSignOnDeps,
  viewer: Viewer,
  callbackUrl: string,
): Promise<SingleSignOnTest> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  await requireOrganizationFeature(db, organizationId, 'single-sign-on');
  const stored = await singleSignOnOf(db, organizationId);
  if (stored === null) throw notSetUp();
  return testProvider(http, openSingleSignOn(secretBox, organizationId, stored), callbackUrl);
}

/** With the secret opened. Throws `conflict` when it cannot be read with this hub's key. */
export function openSingleSignOn(
  secretBox: SecretBox,
  organizationId: string,
  { issuer, clientId, clientSecret }: StoredSingleSignOn,
): { issuer: string; clientId: string; clientSecret: string } {
  try {
    const opened = secretBox.open(clientSecret, singleSignOnContext(organizationId));
    return { issuer, clientId, clientSecret: opened };
  } catch (cause) {
    throw new RingsideError('conflict', 'The stored client secret cannot be read.', {
      fix: 'Type it again and Save.',
      cause,
    });
  }
}

function notSetUp(): RingsideError {
  return new RingsideError('not-found', 'Single sign-on is not set up.', {
    fix: 'Fill in its settings and Save first.',
  });
}

function refusal(field: string, message: string): RingsideError {
  return new RingsideError('invalid-input', 'Single sign-on was not saved.', {
    fields: [{ field, message }],
  });
}
