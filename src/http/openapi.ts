import fastifySwagger from '@fastify/swagger';
import type { FastifyContextConfig, FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { apiKeyPrefix, apiKeyScopeNames } from '../organization/api-key.ts';
import { docsPage, docsStyle } from './docs-page.ts';
import { problem } from './problem.ts';

const description = `The HTTP API of Ringside. Another program sends an API key (Manage Organization > API keys) as Authorization: Bearer rs_…,
on the routes that name a scope; all others take a session: sign in with POST /api/auth/sign-in/email and keep the cookie. Every refusal is
problem JSON (RFC 9457) with a stable code and, for wrong fields, their names.`;

/** /api/openapi.json (OpenAPI 3.1, from the same Zod schemas that check requests) and /api/docs for people. Before the routes. */
export function describeApi(app: FastifyInstance, version: string): void {
  app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Ringside',
        version,
        description,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'ringside.session_token' },
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: `An API key of the organization, ${apiKeyPrefix}…. Scopes: ${apiKeyScopeNames.join(', ')}.`,
          },
        },
      },
      security: [{ session: [] }],
    },
    transform: (input) => {
      const { url, schema } = jsonSchemaTransform({ ...input, schema: input.schema ?? {} });
      if (schema.hide === true) return { url, schema };
      const response = { ...(schema.response as Record<string, unknown>), default: refusal };
      return { url, schema: { ...schema, response, ...securityOf(url, input.route.config ?? {}) } };
    },
  });
  const hide = { schema: { hide: true } };
  app.register(async (scope) => {
    scope.get('/api/openapi.json', hide, async () => scope.swagger());
    scope.get('/api/docs', hide, async (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(docsPage(scope.swagger())),
    );
    scope.get('/api/docs/style.css', hide, async (_request, reply) =>
      reply.type('text/css; charset=utf-8').send(docsStyle),
    );
  });
}

/** What a route takes, where that is not a session alone. The list behind a key names the scope it must have. */
function securityOf(
  url: string,
  config: FastifyContextConfig,
): { security?: Record<string, string[]>[] } {
  const { anonymous, keyScope, keysOnly } = config;
  if (anonymous === true || url.startsWith('/hooks/')) return { security: [] };
  if (keyScope === undefined) return {};
  return { security: [...(keysOnly ? [] : [{ session: [] }]), { apiKey: [keyScope] }] };
}

const { $schema: _, ...problemSchema } = z.toJSONSchema(problem);
const refusal = {
  description: 'Refused.',
  content: { 'application/problem+json': { schema: problemSchema } },
};
