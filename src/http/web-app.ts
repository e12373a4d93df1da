import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Accounts } from '../organization/accounts.ts';
import { clientOf } from './authentication.ts';
import { allowFrames } from './security-headers.ts';

export interface WebAppDeps {
  accounts: Accounts;
  /** The sites that may show an organization's Ringside in a frame. */
  frameOrigins(organizationId: string): Promise<string[]>;
}

/**
 * The built web app. Files under assets/ have a hash in their names and are kept for ever; everything else is asked for anew.
 * An address that is no file is a page of the app, which index.html opens.
 */
export function serveWebApp(app: FastifyInstance, folder: string, deps: WebAppDeps): void {
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
  app.get<{ Params: { '*': string } }>('/*', { schema: { hide: true } }, async (request, reply) => {
    const path = request.params['*'];
    if (/^(api|hooks)(\/|$)/.test(path)) return reply.callNotFound();
    // Pages have no dot in their last segment; files do.
    if (/\.[^/]*$/.test(path)) return reply.sendFile(path);
    allowFrames(reply, await framesOf(request, path, deps));
    // Without a mark to ask by: a browser that is told 'unchanged' goes on with the frame rules of last time.
    return reply.sendFile('index.html', { etag: false, lastModified: false });
  });
}

/** Whose page this is: the address of a frame says so before anybody has signed in, later the session does. */
async function framesOf(
  request: FastifyRequest,
  path: string,
  { accounts, frameOrigins }: WebAppDeps,
): Promise<string[]> {
  const named = /^embed\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i.exec(path)?.[1];
  try {
    const session = named === undefined ? await accounts.authenticate(clientOf(request)) : null;
    const organizationId = named?.toLowerCase() ?? session?.viewer.organizationId;
    return organizationId === undefined ? [] : await frameOrigins(organizationId);
  } catch (error) {
    // The page can be shown without the database, and says itself what is wrong.
    request.log.warn({ err: error }, 'who may frame this page is not known');
    return [];
  }
}
