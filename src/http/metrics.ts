import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Process figures and durations of requests by route pattern, in the registry that other rooms may add to. */
export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'ringside_http_request_seconds',
    help: 'Time from the first byte of a request to the end of its answer, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    durations.observe(
      { method: request.method, route, status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
  });
}

/** Figures of the process (memory, event loop lag, processor) and of which Ringside it runs. */
export function createMetrics(version: string): Registry {
  const registry = new Registry();
  new Gauge({
    name: 'ringside_info',
    help: 'Which Ringside runs; always 1.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);
  collectDefaultMetrics({ register: registry });
  return registry;
}
