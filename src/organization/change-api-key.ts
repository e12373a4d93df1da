import { randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import type { ApiKeyInput } from './api-key-contract.ts';
import { apiKeyPrefix, shownPart } from './api-key.ts';
import { apiKeysOf, insertApiKey, removeApiKey } from './api-key-store.ts';
import type { StoredApiKey } from './api-key-store.ts';
import { recordChange } from './audit-store.ts';
import { requireOrganizationFeature } from './organization-features.ts';
import { hashToken } from './secret-token.ts';
import { requireRole } from './viewer.ts';
import type { Viewer } from './viewer.ts';

export interface ApiKeyDeps {
  db: Database;
  clock: Clock;
}

const dayMs = 86_400_000;

/** The organization's keys. Throws `forbidden` for anybody but an administrator, as everything here. */
export async function viewApiKeys(db: Database, viewer: Viewer): Promise<StoredApiKey[]> {
  requireRole(viewer, 'administrator');
  return apiKeysOf(db, viewer.organizationId);
}

/** Makes a key of 256 random bits, which is told once and kept as a hash. Throws `plan-required`. */
export async function addApiKey(
  { db, clock }: ApiKeyDeps,
  viewer: Viewer,
  { name, scopes, days }: ApiKeyInput,
): Promise<{ row: StoredApiKey; key: string }> {
  requireRole(viewer, 'administrator');
  const { organizationId } = viewer;
  await requireOrganizationFeature(db, organizationId, 'api-keys');
  const key = `${apiKeyPrefix}${randomBytes(32).toString('base64url')}`;
  const at = clock.now();
  const expiresAt = days === null ? null : new Date(at.getTime() + days * dayMs);
  const row: StoredApiKey = {
    ...{ id: newId(), name, shown: shownPart(key), scopes: [...new Set(scopes)] },
    ...{ createdAt: at, createdBy: viewer.name, expiresAt, lastUsedAt: null },
  };
  await db.transaction().execute(async (trx) => {
    await insertApiKey(trx, organizationId, { ...row, hash: hashToken(key) });
    await recordChange(trx, organizationId, {
      ...{ at, by: viewer, action: 'create API key', subject: name },
      detail: { key: row.shown, scopes: row.scopes, expires: expiresAt?.toISOString() ?? 'never' },
    });
  });
  return { row, key };
}

/** The next request with it is refused. Throws `not-found`. */
export async function revokeApiKey(
  { db, clock }: ApiKeyDeps,
  viewer: Viewer,
  id: string,
): Promise<void> {
  requireRole(viewer, 'administrator');
  await db.transaction().execute(async (trx) => {
    const removed = await removeApiKey(trx, viewer.organizationId, id);
    if (removed === null) throw new RingsideError('not-found', 'There is no such API key.');
    await recordChange(trx, viewer.organizationId, {
      ...{ at: clock.now(), by: viewer, action: 'revoke API key', subject: removed.name },
      detail: { key: removed.shown },
    });
  });
}
