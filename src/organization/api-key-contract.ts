import { z } from 'zod';
import { cleanText } from '../platform/text.ts';
import { apiKeyScopeNames } from './api-key.ts';

/** HTTP API of API keys (administrator). All paths are below `/api/v1`. */

const time = z.iso.datetime();
const scope = z.enum(apiKeyScopeNames);

export const apiKeyRow = z.object({
  id: z.uuid(),
  name: z.string(),
  /** The first characters of the key. */
  shown: z.string(),
  scopes: z.array(scope),
  createdAt: time,
  createdBy: z.string(),
  /** Null: never. */
  expiresAt: time.nullable(),
  /** To the minute; null: not yet. */
  lastUsedAt: time.nullable(),
});
export type ApiKeyRow = z.infer<typeof apiKeyRow>;

/** GET /api-keys, also those that have expired. DELETE /api-keys/:id revokes one at once; 204. */
export const apiKeyList = z.object({ keys: z.array(apiKeyRow) });

/** POST /api-keys */
export const apiKeyInput = z.object({
  name: z
    .string()
    .max(400)
    .overwrite((text) => cleanText(text, 400))
    .min(1, 'Give it a name, such as Data warehouse.')
    .max(100),
  scopes: z.array(scope).min(1, 'Choose what it is for.').max(apiKeyScopeNames.length),
  /** Days until it ends by itself; null: never. */
  days: z.int('Whole days.').min(1).max(3650).nullable(),
});
export type ApiKeyInput = z.output<typeof apiKeyInput>;

/** The key is shown once. */
export const apiKeyCreated = z.object({ row: apiKeyRow, key: z.string() });
