import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RingsideError } from '../platform/errors.ts';

/** Our own origin as browsers see it: the configured public URL, else what the request was sent to. */
export function ownOrigin(request: FastifyRequest, publicUrl: string | null): string {
  if (publicUrl !== null) return new URL(publicUrl).origin;
  return `${request.protocol}://${request.host}`;
}

/**
 * Refuses requests that another site makes a signed-in browser send (CSRF). Browsers say where a request comes from in
 * Sec-Fetch-Site or, older ones, in Origin; a program that sends neither has no cookie that could be abused.
 */
export function refuseOtherOrigins(app: FastifyInstance, publicUrl: string | null): void {
  app.addHook('onRequest', async (request) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return;
    if (isSameOrigin(request, publicUrl)) return;
    throw new RingsideError('forbidden', 'This request comes from another site and was refused.', {
      fix: 'Open Ringside by its own address. Behind a reverse proxy, set RINGSIDE_PUBLIC_URL to the address that browsers use.',
    });
  });
}

function isSameOrigin(request: FastifyRequest, publicUrl: string | null): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return true;
  const { origin } = request.headers;
  if (origin === undefined) return site === undefined;
  // Sec-Fetch-Site is only sent over https and to localhost; elsewhere Origin decides.
  return (
    site === undefined && [ownOrigin(request, publicUrl), ownOrigin(request, null)].includes(origin)
  );
}
