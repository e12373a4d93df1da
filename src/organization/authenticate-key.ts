import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { RingsideError } from '../platform/errors.ts';
import { apiKeyScopes } from './api-key.ts';
import type { ApiKeyScope } from './api-key.ts';
import { apiKeyByHash, touchApiKey } from './api-key-store.ts';
import { minuteCounts, secondsLeft } from './minute-counts.ts';
import { requireOrganizationFeature } from './organization-features.ts';
import { hashToken } from './secret-token.ts';
import type { Viewer } from './viewer.ts';

/** Requests a minute, on each node. */
export const keyLimits = { key: 600, wrongFromAddress: 30 };

export interface KeyRequest {
  key: string;
  address: string;
  /** What the route asks for; undefined: it takes no keys. */
  scope: ApiKeyScope | undefined;
}

export type AuthenticateKey = (request: KeyRequest) => Promise<Viewer>;

/**
 * Finds out whose API key a request has, and whether it opens this route. The viewer belongs to the key's organization, has no extension and
 * no person, and may do there what the routes of its scopes do, as an administrator would. Throws `unauthenticated` for a key that is unknown, revoked or has
 * expired, `session-required` where no key is taken, `scope-required`, `plan-required`, `too-many-requests`.
 */
export function keyAuthenticator({ db, clock }: { db: Database; clock: Clock }): AuthenticateKey {
  const used = minuteCounts();
  const wrong = minuteCounts();
  return async ({ key, address, scope }) => {
    const now = clock.now();
    const found = await apiKeyByHash(db, hashToken(key));
    if (found === null) {
      limit(wrong(address, now), keyLimits.wrongFromAddress, now);
      throw refuseKey('This API key is unknown or was revoked.');
    }
    limit(used(found.id, now), keyLimits.key, now);
    if (found.expiresAt !== null && found.expiresAt <= now)
      throw refuseKey(`This API key ended on ${found.expiresAt.toISOString().slice(0, 10)}.`);
    if (scope === undefined)
      throw new RingsideError('session-required', 'No API key is taken here.', {
        fix: 'Sign in with e-mail and password, or see /api/docs for what keys are for.',
      });
    if (!found.scopes.includes(scope))
      throw new RingsideError(
        'scope-required',
        `This needs the scope ${scope} (${apiKeyScopes[scope].title}), which this API key does not have.`,
        { fix: 'Make a key with it under Manage Organization > API keys.' },
      );
    const { organizationId, id, name } = found;
    await inOrganization(organizationId, async () => {
      await requireOrganizationFeature(db, organizationId, 'api-keys');
      await touchApiKey(db, found, now);
    });
    return {
      ...{ organizationId, personId: id, userId: '', name: `API key ${name}`, email: '' },
      ...{ role: 'administrator', plan: 'Enterprise', extension: null, mayNot: [], apiKeyId: id },
      numbersMasked: false,
    };
  };
}

function limit(count: number, most: number, now: Date): void {
  if (count <= most) return;
  throw new RingsideError('too-many-requests', 'Too many requests with API keys in this minute.', {
    fix: `At most ${most} are taken a minute.`,
    retryAfter: secondsLeft(now),
  });
}

function refuseKey(message: string): RingsideError {
  return new RingsideError('unauthenticated', message, {
    fix: 'An administrator makes a new one under Manage Organization > API keys.',
  });
}
