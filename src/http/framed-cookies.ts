import type { FastifyInstance } from 'fastify';
import { ownOrigin } from './origin.ts';

/**
 * Cookies for a page that stands in a frame of another site (docs/decisions/0012-frames.md). Browsers keep a SameSite=Lax cookie from
 * there; one that is Partitioned they keep, and send back only below the same outer site, so that no third one can use it.
 * The page says that it is framed in a header of its own, which no other site can send.
 */
export function sendFramedCookies(app: FastifyInstance, publicUrl: string | null): void {
  app.addHook('onSend', async (request, reply) => {
    if (request.headers['x-ringside-framed'] !== '1') return;
    const lines = [reply.getHeader('set-cookie') ?? []].flat().map(String);
    // Without https a browser keeps no such cookie, except on its own machine.
    const { protocol, hostname } = new URL(ownOrigin(request, publicUrl));
    const safe = protocol === 'https:' || /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
    if (lines.length === 0 || !safe) return;
    reply.removeHeader('set-cookie');
    reply.header('set-cookie', lines.map(partitioned));
  });
}

function partitioned(line: string): string {
  const kept = line
    .split(/;\s*/)
    .filter((part) => !/^(samesite=|secure$|partitioned$)/i.test(part));
  return [...kept, 'Secure', 'SameSite=None', 'Partitioned'].join('; ');
}
