import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ViewerOf } from '../organization/viewer.ts';
import { cancelCheck } from './cancel-check.ts';
import { checkStarted, latestCheck } from './contract.ts';
import { presentRun } from './present.ts';
import { showCheck } from './show-check.ts';
import { startCheck } from './start-check.ts';
import type { CheckDeps } from './start-check.ts';

export interface SystemsCheckRoutesDeps extends CheckDeps {
  viewerOf: ViewerOf;
}

const tags = ['Systems Check'];
const connectionParams = z.object({ id: z.uuid() });
const runParams = z.object({ id: z.uuid(), runId: z.uuid() });

/** Starting, watching and stopping the Systems Check of a connection; administrators only. */
export function systemsCheckRoutes(deps: SystemsCheckRoutesDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/connections/:id/systems-check',
      {
        schema: {
          tags,
          summary: 'Start a run, or join the one under way',
          params: connectionParams,
          response: { 200: checkStarted },
        },
      },
      async (request) => {
        const { run, joined } = await startCheck(deps, deps.viewerOf(request), request.params.id);
        return { run: presentRun(run), joined };
      },
    );

    app.get(
      '/connections/:id/systems-check',
      {
        schema: {
          tags,
          summary: 'The latest run',
          params: connectionParams,
          response: { 200: latestCheck },
        },
      },
      async (request) => {
        const run = await showCheck(deps, deps.viewerOf(request), request.params.id);
        return { run: run === null ? null : presentRun(run) };
      },
    );

    app.post(
      '/connections/:id/systems-check/:runId/cancel',
      { schema: { tags, summary: 'Stop a run', params: runParams, response: { 204: z.null() } } },
      async (request, reply) => {
        const { id, runId } = request.params;
        await cancelCheck(deps, deps.viewerOf(request), id, runId);
        return reply.code(204).send(null);
      },
    );
  };
}
