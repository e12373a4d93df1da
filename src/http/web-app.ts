import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/**
 * The built web app. Files under assets/ have a hash in their names and are kept for ever; everything else is asked for anew.
 * An address that is no file is a page of the app, which index.html opens.
 */
export function serveWebApp(app: FastifyInstance, folder: string): void {
  app.register(fastifyStatic, {
    root: resolve(folder),
    serve: false,
    cacheControl: false,
    dotfiles: 'ignore',
    preCompressed: true,
    setHeaders: (reply, path) => {
      const hashed = /[\\/]assets[\\/]/.test(path);
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.get<{ Params: { '*': string } }>('/*', { schema: { hide: true } }, (request, reply) => {
    const path = request.params['*'];
    if (/^(api|hooks)(\/|$)/.test(path)) return reply.callNotFound();
    // Pages have no dot in their last segment; files do.
    return reply.sendFile(/\.[^/]*$/.test(path) ? path : 'index.html');
  });
}
