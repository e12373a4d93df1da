import type { FastifyInstance, FastifyReply } from 'fastify';

/**
 * Scripts only from our own files, and text becomes markup nowhere (Trusted Types; the one policy is web/src/ui/trusted-types.ts).
 * Styles also inline: Mantine and what it builds on write style elements while the page runs. A nonce would forbid what we do not need to
 * fear (no text of others ends up in a style) at the price of a page that cannot be kept compressed.
 */
function contentSecurityPolicy(ancestors: string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${ancestors.length === 0 ? "'none'" : ancestors.join(' ')}`,
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');
}

const nobodyFrames = contentSecurityPolicy([]);

/** Headers of every answer, the API's and the files'. */
export function sendSecurityHeaders(app: FastifyInstance, publicUrl: string | null): void {
  const headers: Record<string, string> = {
    'content-security-policy': nobodyFrames,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    ...(publicUrl?.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
  app.addHook('onRequest', async (_request, reply) => {
    // On the raw answer, so that live streams, which take the answer over, carry them too.
    for (const [name, value] of Object.entries(headers)) reply.raw.setHeader(name, value);
  });
}

/** Lets pages of these sites show this answer in a frame. */
export function allowFrames(reply: FastifyReply, origins: string[]): void {
  if (origins.length === 0) return;
  reply.raw.setHeader('content-security-policy', contentSecurityPolicy(origins));
  // It knows no list of sites; browsers that know frame-ancestors ignore it, and we serve no others.
  reply.raw.removeHeader('x-frame-options');
}
