import fastifyRateLimit from '@fastify/rate-limit';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Registry } from 'prom-client';
import type { Accounts } from '../organization/accounts.ts';
import type { AuthenticateKey } from '../organization/authenticate-key.ts';
import type { NumberMask } from '../directory/number-mask.ts';
import type { OrderMail } from '../organization/order-mail.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { RingsideError } from '../platform/errors.ts';
import type { HttpClient } from '../platform/http-client.ts';
import { newId } from '../platform/id.ts';
import type { Jobs } from '../platform/jobs.ts';
import type { Log } from '../platform/log.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { authenticate, stayInOrganization } from './authentication.ts';
import { answerClientError } from './client-error.ts';
import { sendFramedCookies } from './framed-cookies.ts';
import { addHealthRoutes } from './health-routes.ts';
import { maskAnswers } from './mask-numbers.ts';
import { allowedMethods } from './methods.ts';
import type { KnownRoute } from './methods.ts';
import { measureRequests } from './metrics.ts';
import type { MetricsAccess } from './metrics-access.ts';
import { describeApi } from './openapi.ts';
import { refuseOtherOrigins } from './origin.ts';
import { presentProblem, problemType, toRingsideError } from './problem.ts';
import { logRequests } from './request-log.ts';
import { secondFactorRoutes } from './second-factor-routes.ts';
import { sendSecurityHeaders } from './security-headers.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { singleSignOnSignInRoutes } from './single-sign-on-sign-in-routes.ts';
import { findUnstorableText } from './stored-text.ts';
import { serveWebApp } from './web-app.ts';

export interface ServerDeps {
  db: Database;
  log: Log;
  clock: Clock;
  accounts: Accounts;
  authenticateKey: AuthenticateKey;
  secretBox: SecretBox;
  numberMask: NumberMask;
  jobs: Jobs;
  /** Null: this hub sends no mail. */
  orderMail: OrderMail | null;
  /** To ask sign-in services. */
  http: HttpClient;
  /** Of this Ringside, for the API's description. */
  version: string;
  /** The address that browsers and phone systems use, such as https://ringside.example.com; null: taken from each request. */
  publicUrl: string | null;
  /** Whose X-Forwarded-… headers are believed: nobody's, everybody's, those of so many hops, or of these addresses. */
  trustProxy: boolean | number | string[];
  /** Folder of the built web app; null: none is served. */
  webFolder: string | null;
  /** The sites that may show an organization's Ringside in a frame. */
  frameOrigins(organizationId: string): Promise<string[]>;
  /** Told after sessions were ended: their live streams are to end at once. */
  sessionsEnded?(of: { organizationId: string; personId: string }): Promise<void>;
  /** Waits so many milliseconds before an attempt to sign in is looked at. */
  pause(milliseconds: number): Promise<void>;
  /** Throws while the hub cannot serve. */
  checkReady(): Promise<void>;
  metrics: Registry;
  metricsAccess: MetricsAccess;
  /** Mounted below /api/v1; every route needs somebody signed in unless its config says `anonymous`. */
  routes: FastifyPluginAsyncZod[];
  /** Mounted as they stand, below /hooks/: no sign-in, no origin check; they know their callers by a token. */
  hooks: FastifyPluginAsyncZod[];
}

const bodyLimit = 64 * 1024;

/** The whole HTTP side, built and not listening. */
export function buildServer(deps: ServerDeps): FastifyInstance {
  const trusted = deps.trustProxy;
  const logger: FastifyBaseLogger = deps.log;
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newId,
    // The request's id comes from the log's context, also for lines of rooms that know no request.
    childLoggerFactory: (log) => log,
    trustProxy: typeof trusted === 'number' ? (_address, hop) => hop < trusted : trusted,
    bodyLimit,
    // For a request to come in; live streams are answers and may take days.
    requestTimeout: 60_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 256 },
    // Named here too, or Fastify loads compilers of its own (a hundred files) that nobody uses.
    schemaController: {
      compilersFactory: {
        buildValidator: () => validatorCompiler as never,
        buildSerializer: () => serializerCompiler as never,
      },
    },
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
    clientErrorHandler: answerClientError,
  });
  const known: KnownRoute[] = [];
  app.addHook('onRoute', ({ url, method }) => void known.push({ url, methods: [method].flat() }));
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) => sendNotFound(request, reply, known));
  // Only JSON; text/plain is the one type that a foreign page can post without asking first.
  app.removeContentTypeParser('text/plain');

  sendSecurityHeaders(app, deps.publicUrl);
  logRequests(app);
  measureRequests(app, deps.metrics);
  app.register(fastifyRateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) =>
      new RingsideError('too-many-requests', 'Too many requests.', {
        retryAfter: Math.ceil(ttl / 1000),
      }),
  });
  describeApi(app, deps.version);
  app.register(async (scope) => {
    addHealthRoutes(scope, deps);
    if (deps.webFolder !== null) serveWebApp(scope, deps.webFolder, deps);
  });
  app.register(async (api) => {
    refuseOtherOrigins(api, deps.publicUrl);
    sendFramedCookies(api, deps.publicUrl);
    api.addHook(
      'onRequest',
      async (_request, reply) => void reply.header('cache-control', 'no-store'),
    );
    api.addHook('preValidation', async ({ body, query, params }) =>
      refuseUnstorableText(body, query, params),
    );
    authenticate(api, deps);
    stayInOrganization(api);
    maskAnswers(api, deps.numberMask);
    api.register(signInRoutes(deps), { prefix: '/api/auth' });
    api.register(singleSignOnSignInRoutes(deps), { prefix: '/api/auth' });
    api.register(secondFactorRoutes(deps), { prefix: '/api/auth' });
    for (const routes of deps.routes) api.register(routes, { prefix: '/api/v1' });
  });
  for (const hooks of deps.hooks) app.register(hooks);
  return app;
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toRingsideError(error);
  const body = presentProblem(known, request.id);
  if (body.status >= 500)
    request.log.error({ err: error, route: request.routeOptions?.url }, 'request failed');
  if (known.retryAfter !== undefined) reply.header('retry-after', String(known.retryAfter));
  return reply.code(body.status).type(problemType).serializer(JSON.stringify).send(body);
}

function sendNotFound(
  request: FastifyRequest,
  reply: FastifyReply,
  known: KnownRoute[],
): FastifyReply {
  const methods = allowedMethods(known, request.url.split('?', 1)[0] ?? '');
  if (methods.length === 0 || methods.includes(request.method)) {
    return sendProblem(new RingsideError('not-found', 'There is nothing here.'), request, reply);
  }
  reply.header('allow', methods.join(', '));
  const detail = `${request.method} is not possible here; ${methods.join(', ')} ${methods.length === 1 ? 'is' : 'are'}.`;
  return sendProblem(new RingsideError('method-not-allowed', detail), request, reply);
}

function refuseUnstorableText(...parts: unknown[]): void {
  const fields = parts.flatMap((part) => findUnstorableText(part) ?? []);
  if (fields.length > 0)
    throw new RingsideError('invalid-input', 'A text cannot be stored.', { fields });
}
