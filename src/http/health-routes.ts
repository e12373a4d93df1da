import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { RingsideError } from '../platform/errors.ts';
import { admitToMetrics } from './metrics-access.ts';
import type { MetricsAccess } from './metrics-access.ts';

export interface HealthDeps {
  /** Resolves when the hub can serve: the database answers and is migrated. Throws otherwise. */
  checkReady(): Promise<void>;
  metrics: Registry;
  metricsAccess: MetricsAccess;
}

/** /healthz: the process runs. /readyz: it can serve. /metrics: figures for Prometheus. */
export function addHealthRoutes(
  app: FastifyInstance,
  { checkReady, metrics, metricsAccess }: HealthDeps,
): void {
  const hide = { schema: { hide: true } };
  app.get('/healthz', hide, async () => ({ status: 'ok' }));
  app.get('/readyz', hide, async (request) => {
    try {
      await checkReady();
    } catch (error) {
      request.log.warn({ err: error }, 'not ready');
      throw new RingsideError('unavailable', 'Ringside is not ready yet.', {
        retryAfter: 1,
        cause: error,
      });
    }
    return { status: 'ready' };
  });
  app.get('/metrics', hide, async (request, reply) => {
    admitToMetrics(metricsAccess, request);
    return reply.type(metrics.contentType).send(await metrics.metrics());
  });
}
