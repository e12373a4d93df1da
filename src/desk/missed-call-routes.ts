import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ViewerOf } from '../organization/viewer.ts';
import { setMissedCallClosed } from './close-missed-call.ts';
import { pageOfMissedCalls } from './list-missed-calls.ts';
import type { MissedListDeps } from './list-missed-calls.ts';
import { missedCall, missedChange, missedPage, missedQuery } from './missed-contract.ts';

export type MissedCallRoutesDeps = MissedListDeps & { viewerOf: ViewerOf };

const tags = ['Desk'];

/** Who called in vain. */
export function missedCallRoutes(deps: MissedCallRoutesDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/desk/missed-calls',
      {
        schema: {
          tags,
          summary: 'Who called in vain, the latest first',
          querystring: missedQuery,
          response: { 200: missedPage },
        },
      },
      (request) => pageOfMissedCalls(deps, deps.viewerOf(request), request.query),
    );
    app.put(
      '/desk/missed-calls/:id',
      {
        schema: {
          tags,
          summary: 'Close a missed call by hand, or open it again',
          params: z.object({ id: z.uuid() }),
          body: missedChange,
          response: { 200: missedCall },
        },
      },
      (request) =>
        setMissedCallClosed(deps, deps.viewerOf(request), request.params.id, request.body.closed),
    );
  };
}
