import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { changeConnection, createConnection, deleteConnection } from './change-connection.ts';
import type { ConnectionDeps } from './change-connection.ts';
import {
  connectionCreate,
  connectionInput,
  connectionRow,
  connectionSaved,
  crmPlatforms,
} from './contract.ts';
import { presentConnection } from './present.ts';
import { requireRole } from './viewer.ts';
import type { ViewerOf } from './viewer.ts';

/** CRM platforms and the organization's connections to them. */
export function connectionRoutes(
  deps: ConnectionDeps & { viewerOf: ViewerOf },
): FastifyPluginAsyncZod {
  const tags = ['Connections'];
  const params = z.object({ id: z.uuid() });
  return async (app) => {
    app.get(
      '/crm-platforms',
      {
        schema: { tags, summary: 'CRM platforms and their forms', response: { 200: crmPlatforms } },
      },
      async (request) => {
        requireRole(deps.viewerOf(request), 'administrator');
        return deps.platforms.map(({ id, title, guide, fields }) => ({ id, title, guide, fields }));
      },
    );

    app.post(
      '/connections',
      {
        schema: {
          tags,
          summary: 'Add New CRM Platform',
          body: connectionCreate,
          response: { 201: connectionRow },
        },
      },
      async (request, reply) => {
        const connection = await createConnection(deps, deps.viewerOf(request), request.body);
        return reply.code(201).send(presentConnection(connection, deps.platforms));
      },
    );

    app.put(
      '/connections/:id',
      {
        schema: {
          tags,
          summary: 'Modify a connection; an empty secret keeps the stored one',
          params,
          body: connectionInput,
          response: { 200: connectionSaved },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { connection, notes } = await changeConnection(
          deps,
          deps.viewerOf(request),
          id,
          request.body,
        );
        return { connection: presentConnection(connection, deps.platforms), notes };
      },
    );

    app.delete(
      '/connections/:id',
      {
        schema: {
          tags,
          summary: 'Delete a connection, its mirror and its mappings',
          params,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await deleteConnection(deps, deps.viewerOf(request), request.params.id);
        return reply.code(204).send(null);
      },
    );
  };
}
