import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Database } from '../platform/database/database.ts';
import { auditPage, auditQuery } from './audit-contract.ts';
import { exportAuditLog, viewAuditLog } from './audit-log.ts';
import type { ViewerOf } from './viewer.ts';

export function auditRoutes(deps: { db: Database; viewerOf: ViewerOf }): FastifyPluginAsyncZod {
  const tags = ['Organization'];
  return async (app) => {
    app.get(
      '/audit',
      {
        schema: {
          tags,
          summary: 'Who changed what when, the newest first',
          querystring: auditQuery,
          response: { 200: auditPage },
        },
        config: { keyScope: 'audit:read' },
      },
      (request) => viewAuditLog(deps.db, deps.viewerOf(request), request.query),
    );

    app.get(
      '/audit.csv',
      {
        schema: {
          tags,
          summary: 'The audit log as CSV',
          querystring: auditQuery,
          produces: ['text/csv'],
          response: { 200: z.string() },
        },
        config: { keyScope: 'audit:read' },
      },
      async (request, reply) => {
        const text = await exportAuditLog(deps.db, deps.viewerOf(request), request.query);
        return reply
          .header('content-disposition', 'attachment; filename="ringside-audit.csv"')
          .type('text/csv; charset=utf-8')
          .send(text);
      },
    );
  };
}
