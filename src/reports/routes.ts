import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ViewerOf } from '../organization/viewer.ts';
import { callFilters, callPage, callQuery, callStory, exportQuery } from './contract.ts';
import { exportCalls } from './export-calls.ts';
import { filtersFor } from './filters-for.ts';
import { pageOfCalls } from './list-calls.ts';
import type { ReportDeps } from './list-calls.ts';
import { showCall } from './show-call.ts';

export interface ReportRoutesDeps extends ReportDeps {
  viewerOf: ViewerOf;
}

export function reportRoutes(deps: ReportRoutesDeps): FastifyPluginAsyncZod {
  const tags = ['Call history'];
  return async (app) => {
    app.get(
      '/calls',
      {
        schema: {
          tags,
          summary: 'Calls that the viewer may see, the newest first',
          querystring: callQuery,
          response: { 200: callPage },
        },
        config: { keyScope: 'calls:read' },
      },
      (request) => pageOfCalls(deps, deps.viewerOf(request), request.query),
    );

    app.get(
      '/calls/filters',
      {
        schema: { tags, summary: 'What calls can be filtered by', response: { 200: callFilters } },
        config: { keyScope: 'calls:read' },
      },
      (request) => filtersFor(deps, deps.viewerOf(request)),
    );

    app.get(
      '/calls/:callId',
      {
        schema: {
          tags,
          summary: 'What happened to a call, and why it popped or did not',
          params: z.object({ callId: z.uuid() }),
          response: { 200: callStory },
        },
        config: { keyScope: 'calls:read' },
      },
      (request) => showCall(deps, deps.viewerOf(request), request.params.callId),
    );

    app.get(
      '/calls.csv',
      {
        schema: {
          tags,
          summary: 'The same list as CSV',
          querystring: exportQuery,
          produces: ['text/csv'],
          response: { 200: z.string() },
        },
        config: { keyScope: 'calls:read' },
      },
      async (request, reply) => {
        const text = await exportCalls(deps, deps.viewerOf(request), request.query);
        return reply
          .header('content-disposition', 'attachment; filename="ringside-calls.csv"')
          .type('text/csv; charset=utf-8')
          .send(text);
      },
    );
  };
}
