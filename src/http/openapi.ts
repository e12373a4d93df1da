import fastifySwagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { docsPage, docsStyle } from './docs-page.ts';
import { problem } from './problem.ts';

const description = `The HTTP API of Ringside. Sign in with POST /api/auth/sign-in/email and keep the cookie. Every refusal is
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
        },
      },
      security: [{ session: [] }],
    },
    transform: (input) => {
      const { url, schema } = jsonSchemaTransform({ ...input, schema: input.schema ?? {} });
      if (schema.hide === true) return { url, schema };
      const open = input.route.config?.anonymous === true || url.startsWith('/hooks/');
      const response = { ...(schema.response as Record<string, unknown>), default: refusal };
      return { url, schema: { ...schema, response, ...(open ? { security: [] } : {}) } };
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

const { $schema: _, ...problemSchema } = z.toJSONSchema(problem);
const refusal = {
  description: 'Refused.',
  content: { 'application/problem+json': { schema: problemSchema } },
};
