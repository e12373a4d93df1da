import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../organization/viewer.ts';
import type { ViewerOf } from '../organization/viewer.ts';
import { outboxOverview, writeDetail, writeList, writeRetry } from './mend-contract.ts';
import { openWrites, overviewOf } from './mend-store.ts';
import { dropWrite, presentWrite, retryWrite, viewWrite } from './mend-write.ts';
import type { MendDeps } from './mend-write.ts';

const tags = ['Outbox'];
const params = z.object({ id: z.uuid() });

export function outboxRoutes(deps: MendDeps & { viewerOf: ViewerOf }): FastifyPluginAsyncZod {
  const { db } = deps;
  return async (app) => {
    app.get(
      '/desk/writes',
      {
        schema: {
          tags,
          summary: 'The viewer’s writes to the CRM that need attention or are on their way',
          response: { 200: writeList },
        },
      },
      async (request) => {
        const { organizationId, personId } = deps.viewerOf(request);
        const rows = await openWrites(db, organizationId, { personId });
        return { writes: rows.map(presentWrite) };
      },
    );

    app.get(
      '/outbox',
      { schema: { tags, summary: 'The outbox by connection', response: { 200: outboxOverview } } },
      async (request) => {
        const viewer = deps.viewerOf(request);
        requireRole(viewer, 'administrator');
        return { connections: await overviewOf(db, viewer.organizationId) };
      },
    );

    app.get(
      '/outbox/writes',
      {
        schema: {
          tags,
          summary: 'Writes of a connection that need attention or are on their way',
          querystring: z.object({ connectionId: z.uuid() }),
          response: { 200: writeList },
        },
      },
      async (request) => {
        const viewer = deps.viewerOf(request);
        requireRole(viewer, 'administrator');
        const rows = await openWrites(db, viewer.organizationId, request.query);
        return { writes: rows.map(presentWrite) };
      },
    );

    app.get(
      '/outbox/writes/:id',
      { schema: { tags, summary: 'What a write says', params, response: { 200: writeDetail } } },
      (request) => viewWrite(db, deps.viewerOf(request), request.params.id),
    );

    app.post(
      '/outbox/writes/:id/retry',
      {
        schema: {
          tags,
          summary: 'Try a write again, with other values where some are given',
          params,
          body: writeRetry,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await retryWrite(deps, deps.viewerOf(request), request.params.id, request.body.fields);
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/outbox/writes/:id/drop',
      { schema: { tags, summary: 'Give a write up', params, response: { 204: z.null() } } },
      async (request, reply) => {
        await dropWrite(deps, deps.viewerOf(request), request.params.id);
        return reply.code(204).send(null);
      },
    );
  };
}
