import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../platform/log.ts';
import { presentProblem, problemType, toRingsideError } from './problem.ts';
import { addHealthRoutes } from './health-routes.ts';
import type { HealthDeps } from './health-routes.ts';

/** The server of RINGSIDE_METRICS_LISTEN: probes and figures, nothing else. Built and not listening. */
export function buildMetricsServer(deps: HealthDeps & { log: Log }): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true, requestTimeout: 60_000 });
  app.setErrorHandler((error, request, reply) => {
    const body = presentProblem(toRingsideError(error), request.id);
    if (body.status >= 500 && body.status !== 503) deps.log.error({ err: error }, 'request failed');
    return reply.code(body.status).type(problemType).send(body);
  });
  addHealthRoutes(app, deps);
  return app;
}
