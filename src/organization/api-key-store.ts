import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { ApiKeyScope } from './api-key.ts';

type ApiKeyTables = {
  api_key: {
    organization_id: string;
    id: string;
    name: string;
    shown: string;
    secret_hash: Buffer;
    scopes: ApiKeyScope[];
    created_at: Date;
    created_by: string;
    expires_at: Date | null;
    last_used_at: Date | null;
  };
};

export interface StoredApiKey {
  id: string;
  name: string;
  shown: string;
  scopes: ApiKeyScope[];
  createdAt: Date;
  createdBy: string;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

const tables = (db: Database) => db.withTables<ApiKeyTables>();

/** In the order in which they were made. */
export async function apiKeysOf(db: Database, organizationId: string): Promise<StoredApiKey[]> {
  return tables(db)
    .selectFrom('api_key')
    .select([
      ...(['id', 'name', 'shown', 'scopes', 'created_at as createdAt'] as const),
      ...(['created_by as createdBy', 'expires_at as expiresAt'] as const),
      'last_used_at as lastUsedAt',
    ])
    .where('organization_id', '=', organizationId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

export type FoundApiKey = StoredApiKey & { organizationId: string };

/** The key with this hash, whatever the scope, also one that has expired; null when there is none. Every request with a key asks this. */
export async function apiKeyByHash(db: Database, hash: Buffer): Promise<FoundApiKey | null> {
  const { rows } = await sql<FoundApiKey>`/* prepared api-key-by-hash */
    select organization_id as "organizationId", id, name, shown, scopes, created_at as "createdAt",
      created_by as "createdBy", expires_at as "expiresAt", last_used_at as "lastUsedAt"
    from api_key_by_hash(${hash})`.execute(db);
  return rows[0] ?? null;
}

export async function insertApiKey(
  db: Database,
  organizationId: string,
  key: StoredApiKey & { hash: Buffer },
): Promise<void> {
  await tables(db)
    .insertInto('api_key')
    .values({
      organization_id: organizationId,
      id: key.id,
      name: key.name,
      shown: key.shown,
      secret_hash: key.hash,
      scopes: key.scopes,
      created_at: key.createdAt,
      created_by: key.createdBy,
      expires_at: key.expiresAt,
      last_used_at: key.lastUsedAt,
    })
    .execute();
}

/** Notes the use of a key, at most once a minute. */
export async function touchApiKey(db: Database, key: FoundApiKey, now: Date): Promise<void> {
  if (key.lastUsedAt !== null && now.getTime() - key.lastUsedAt.getTime() < 60_000) return;
  await tables(db)
    .updateTable('api_key')
    .set({ last_used_at: now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute();
}

/** Answers its name and what was shown of it; null when there is none with this id. */
export async function removeApiKey(
  db: Database,
  organizationId: string,
  id: string,
): Promise<{ name: string; shown: string } | null> {
  const row = await tables(db)
    .deleteFrom('api_key')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .returning(['name', 'shown'])
    .executeTakeFirst();
  return row ?? null;
}
