import type { FastifyInstance, FastifyRequest } from 'fastify';
import { inOrganization } from '../platform/database/scope.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Accounts, Client, SignedIn } from '../organization/accounts.ts';
import type { Viewer } from '../organization/viewer.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is open to people who are not signed in. */
    anonymous?: boolean;
    /** Open also to people who must set up a second factor first: what they need for it. */
    withoutSecondFactor?: boolean;
  }
}

const signedIn = new WeakMap<object, SignedIn>();

/** Finds out who is asking, before each handler of this scope; throws `unauthenticated` unless the route is open to all. */
export function authenticate(app: FastifyInstance, accounts: Accounts): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.anonymous === true) return;
    const found = await accounts.authenticate(clientOf(request));
    if (found === null) throw notSignedIn();
    signedIn.set(request, found);
    if (found.lacksSecondFactor && request.routeOptions.config.withoutSecondFactor !== true)
      throw lacksSecondFactor();
    if (found.cookies.length > 0) reply.header('set-cookie', found.cookies);
  });
}

/** Lets each handler run among the rows of its viewer's organization; of nobody's when nobody is signed in. After `authenticate`. */
export function stayInOrganization(app: FastifyInstance): void {
  app.addHook('preHandler', (request, _reply, done) => {
    const viewer = findViewer(request);
    if (viewer === null) done();
    else inOrganization(viewer.organizationId, done);
  });
}

/** Who is asking. Throws `unauthenticated` when nobody is signed in. */
export function viewerOf(request: object): Viewer {
  return sessionOf(request).viewer;
}

/** The id of the session that the request came with. */
export function sessionIdOf(request: object): string {
  return sessionOf(request).sessionId;
}

/** For the log: who asked, if anybody is signed in. */
export function findViewer(request: object): Viewer | null {
  return signedIn.get(request)?.viewer ?? null;
}

export function clientOf(request: FastifyRequest): Client {
  return {
    address: request.ip,
    userAgent: request.headers['user-agent'] ?? '',
    cookie: request.headers.cookie ?? '',
  };
}

function sessionOf(request: object): SignedIn {
  const found = signedIn.get(request);
  if (found === undefined) throw notSignedIn();
  return found;
}

function notSignedIn(): RingsideError {
  return new RingsideError('unauthenticated', 'You are not signed in, or your session has ended.', {
    fix: 'Sign in.',
  });
}

function lacksSecondFactor(): RingsideError {
  return new RingsideError(
    'second-factor-required',
    'Your organization asks for a second factor, and you have none yet.',
    { fix: 'Set it up in My account.' },
  );
}
