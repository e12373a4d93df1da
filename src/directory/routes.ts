import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { connectionsOf } from '../organization/connection-store.ts';
import { crmUserOptions, crmUserQuery } from '../organization/contract.ts';
import { requireRole } from '../organization/viewer.ts';
import type { ViewerOf } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import { searchCrmUsers } from './crm-user-store.ts';

export interface DirectoryDeps {
  db: Database;
  viewerOf: ViewerOf;
}

/** The room's routes, below /api/v1. */
export function directoryRoutes({ db, viewerOf }: DirectoryDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/connections/:id/users',
      {
        schema: {
          summary: 'The pulled CRM users of a connection, active ones first',
          tags: ['Connections'],
          params: z.object({ id: z.uuid() }),
          querystring: crmUserQuery,
          response: { 200: crmUserOptions },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        requireRole(viewer, 'administrator');
        const { id } = request.params;
        const connections = await connectionsOf(db, viewer.organizationId);
        if (!connections.some((connection) => connection.id === id)) {
          throw new RingsideError('not-found', 'There is no such connection.');
        }
        return searchCrmUsers(
          db,
          viewer.organizationId,
          id,
          request.query.search,
          request.query.limit,
        );
      },
    );
  };
}
