import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../platform/config.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import { presentProblem, problemType, toRingsideError } from './problem.ts';
import { addHealthRoutes } from './health-routes.ts';
import type { HealthDeps } from './health-routes.ts';
import type { MetricsAccess } from './metrics-access.ts';

/** Who may read the figures on the hub's own address: nobody where they have one of theirs. */
export function metricsAccess({ listen, token, open }: Config['metrics']): MetricsAccess {
  if (listen !== null) return 'closed';
  return token === null ? (open ? 'open' : 'closed') : { token };
}

/** Gives figures on an address of their own where one is set; answers what ends that. Throws `unavailable` where nothing can listen there. */
export async function listenForMetrics(
  { listen, token }: Config['metrics'],
  deps: Omit<HealthDeps, 'metricsAccess'> & { log: Log },
): Promise<() => Promise<void>> {
  if (listen === null) return async () => undefined;
  const server = buildMetricsServer({
    ...deps,
    metricsAccess: token === null ? 'open' : { token },
  });
  try {
    await server.listen(listen);
  } catch (cause) {
    await server.close();
    throw new RingsideError('unavailable', `Nothing can listen on ${listen.host}:${listen.port}.`, {
      fix: 'Set RINGSIDE_METRICS_LISTEN to an address of this machine and a port that is free.',
      cause,
    });
  }
  return () => server.close();
}

/** The server of RINGSIDE_METRICS_LISTEN: probes and figures, nothing else. Built and not listening. */
function buildMetricsServer(deps: HealthDeps & { log: Log }): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true, requestTimeout: 60_000 });
  app.setErrorHandler((error, request, reply) => {
    const body = presentProblem(toRingsideError(error), request.id);
    if (body.status >= 500 && body.status !== 503) deps.log.error({ err: error }, 'request failed');
    return reply.code(body.status).type(problemType).send(body);
  });
  addHealthRoutes(app, deps);
  return app;
}
