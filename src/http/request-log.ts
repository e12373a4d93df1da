import type { FastifyInstance } from 'fastify';
import { withLogContext } from '../platform/log-context.ts';
import { findViewer } from './authentication.ts';

/**
 * One line a request, once it is answered. The route's pattern instead of the address: addresses hold tokens and phone numbers.
 * No bodies, no headers. Every line that is written on the way has the id of the request, and its answer tells it.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    withLogContext({ requestId: request.id }, done);
  });
  app.addHook('onResponse', async (request, reply) => {
    const viewer = findViewer(request);
    request.log[levelOf(reply.statusCode, request.routeOptions.url)](
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        address: request.ip,
        ...(viewer === null
          ? {}
          : {
              organizationId: viewer.organizationId,
              ...(viewer.apiKeyId === undefined
                ? { personId: viewer.personId }
                : { withKey: viewer.apiKeyId }),
            }),
      },
      'request',
    );
  });
}

// Probes, files and phone events (the calls' journal has those) would drown what matters.
const quiet = new Set(['/healthz', '/readyz', '/metrics', '/*', '/hooks/phone/:token']);

function levelOf(status: number, route: string | undefined): 'debug' | 'info' | 'warn' {
  if (status >= 500) return 'warn';
  return status < 400 && quiet.has(route ?? '') ? 'debug' : 'info';
}
