import type { FastifyInstance, FastifyRequest } from 'fastify';
import { inOrganization } from '../platform/database/scope.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Accounts, Client, SignedIn } from '../organization/accounts.ts';
import { bearerKey } from '../organization/api-key.ts';
import type { ApiKeyScope } from '../organization/api-key.ts';
import type { AuthenticateKey } from '../organization/authenticate-key.ts';
import type { Viewer } from '../organization/viewer.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is open to people who are not signed in. */
    anonymous?: boolean;
    /** Open also to people who must set up a second factor first: what they need for it. */
    withoutSecondFactor?: boolean;
    /** An API key with this scope is taken here; where it is not named, none is. */
    keyScope?: ApiKeyScope;
    /** Only an API key is taken here. */
    keysOnly?: boolean;
  }
}

const signedIn = new WeakMap<object, SignedIn>();
const keyHolders = new WeakMap<object, Viewer>();

/**
 * Finds out who is asking, before each handler of this scope: whose API key it is where a request has one, else whose session. Throws
 * `unauthenticated` unless the route is open to all.
 */
export function authenticate(
  app: FastifyInstance,
  { accounts, authenticateKey }: { accounts: Accounts; authenticateKey: AuthenticateKey },
): void {
  app.addHook('onRequest', async (request, reply) => {
    const { anonymous, keyScope: scope, keysOnly } = request.routeOptions.config;
    if (anonymous === true) return;
    const key = bearerKey(request.headers.authorization);
    if (key !== null) {
      keyHolders.set(request, await authenticateKey({ key, scope, address: request.ip }));
      return;
    }
    const found = await accounts.authenticate(clientOf(request));
    if (found === null) throw notSignedIn();
    signedIn.set(request, found);
    if (found.lacksSecondFactor && request.routeOptions.config.withoutSecondFactor !== true)
      throw lacksSecondFactor();
    if (keysOnly === true) throw noKey();
    if (found.cookies.length > 0) reply.header('set-cookie', found.cookies);
  });
  // Whoever gets the answer to a change finds every session as the change left it.
  app.addHook('onSend', async (request) => {
    if (!readingMethods.has(request.method)) accounts.forgetKept();
  });
}

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

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
  const viewer = findViewer(request);
  if (viewer === null) throw notSignedIn();
  return viewer;
}

/** The id of the session that the request came with. */
export function sessionIdOf(request: object): string {
  return sessionOf(request).sessionId;
}

/** For the log: who asked, if anybody is signed in. */
export function findViewer(request: object): Viewer | null {
  return keyHolders.get(request) ?? signedIn.get(request)?.viewer ?? null;
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

function noKey(): RingsideError {
  return new RingsideError('forbidden', 'This is for other programs, with an API key.', {
    fix: 'Make a key under Manage Organization > API keys, and send it as Authorization: Bearer rs_….',
  });
}

function lacksSecondFactor(): RingsideError {
  return new RingsideError(
    'second-factor-required',
    'Your organization asks for a second factor, and you have none yet.',
    { fix: 'Set it up in My account.' },
  );
}
