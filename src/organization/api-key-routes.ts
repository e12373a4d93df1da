import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { apiKeyCreated, apiKeyInput, apiKeyList } from './api-key-contract.ts';
import type { ApiKeyRow } from './api-key-contract.ts';
import type { StoredApiKey } from './api-key-store.ts';
import { addApiKey, revokeApiKey, viewApiKeys } from './change-api-key.ts';
import type { ApiKeyDeps } from './change-api-key.ts';
import type { ViewerOf } from './viewer.ts';

export function apiKeyRoutes(deps: ApiKeyDeps & { viewerOf: ViewerOf }): FastifyPluginAsyncZod {
  const tags = ['API keys'];
  const { db, viewerOf } = deps;
  return async (app) => {
    app.get(
      '/api-keys',
      { schema: { tags, summary: 'API keys, without the keys', response: { 200: apiKeyList } } },
      async (request) => ({ keys: (await viewApiKeys(db, viewerOf(request))).map(presentKey) }),
    );

    app.post(
      '/api-keys',
      {
        schema: {
          tags,
          summary: 'Make an API key; it is shown once',
          body: apiKeyInput,
          response: { 201: apiKeyCreated },
        },
      },
      async (request, reply) => {
        const { row, key } = await addApiKey(deps, viewerOf(request), request.body);
        return reply.code(201).send({ row: presentKey(row), key });
      },
    );

    app.delete(
      '/api-keys/:id',
      {
        schema: {
          tags,
          summary: 'Revoke an API key at once',
          params: z.object({ id: z.uuid() }),
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await revokeApiKey(deps, viewerOf(request), request.params.id);
        return reply.code(204).send(null);
      },
    );
  };
}

function presentKey({ id, name, shown, scopes, createdBy, ...times }: StoredApiKey): ApiKeyRow {
  return {
    ...{ id, name, shown, scopes, createdBy },
    createdAt: times.createdAt.toISOString(),
    expiresAt: times.expiresAt?.toISOString() ?? null,
    lastUsedAt: times.lastUsedAt?.toISOString() ?? null,
  };
}
