import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import type { CrmPlatform, Settings } from '../crm/port.ts';
import { emptyCrm, noPeople } from '../crm/testing.ts';
import { accountSecret, createAccounts } from '../organization/accounts.ts';
import { apiKeyRoutes } from '../organization/api-key-routes.ts';
import { keyAuthenticator } from '../organization/authenticate-key.ts';
import { webhookRoutes } from '../organization/webhook-routes.ts';
import { createJobs } from '../platform/jobs.ts';
import type { Jobs } from '../platform/jobs.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import { auditRoutes } from '../organization/audit-routes.ts';
import { connectionRoutes } from '../organization/connection-routes.ts';
import type { CrmUserOption } from '../organization/contract.ts';
import { entryRoutes } from '../organization/entry-routes.ts';
import { frameOrigins } from '../organization/frame-origins.ts';
import { phoneSystemRoutes } from '../organization/phone-system-routes.ts';
import { peopleCsvRoutes } from '../organization/people-csv-routes.ts';
import { operatorRoutes } from '../organization/operator-routes.ts';
import { mailOrders } from '../organization/order-mail.ts';
import { organizationRoutes } from '../organization/routes.ts';
import { singleSignOnRoutes } from '../organization/single-sign-on-routes.ts';
import { createOrganization } from '../organization/set-up.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { noteExchange } from '../platform/exchange.testing.ts';
import { createHttpClient } from '../platform/http-client.ts';
import { testLog } from '../platform/log.testing.ts';
import type { Log } from '../platform/log.ts';
import { createSecretBox } from '../platform/secret-box.ts';
import { clientOf, sessionIdOf, viewerOf } from './authentication.ts';
import { createMetrics } from './metrics.ts';
import { ownOrigin } from './origin.ts';
import { buildServer } from './server.ts';
import type { ServerDeps } from './server.ts';
import { createNumberMask } from '../directory/number-mask.ts';

export const testPassword = 'correct horse battery staple';

/** A platform that lives in memory, with the same fields as ServiceNow's form. */
export const testPlatform: CrmPlatform = {
  id: 'testcrm',
  title: 'Test CRM',
  guide: ['Make a user.'],
  people: noPeople,
  fields: [
    field('username', 'CRM Username', 'text'),
    field('password', 'CRM Password', 'secret'),
    field('endpoint', 'Endpoint', 'url'),
  ],
  parseSettings(input, storedSecrets) {
    const { username = '', password = '', endpoint = '' } = input as Record<string, string>;
    const errors = [];
    if (username === '') errors.push({ field: 'username', message: 'Enter the CRM Username.' });
    if (password === '' && !storedSecrets.includes('password')) {
      errors.push({ field: 'password', message: 'Enter the CRM Password.' });
    }
    if (!URL.canParse(endpoint)) errors.push({ field: 'endpoint', message: 'This is no URL.' });
    if (errors.length > 0) return { ok: false, errors };
    const notes = endpoint.endsWith('/')
      ? []
      : [{ field: 'endpoint', message: "A '/' was added at the end." }];
    const settings = { username, endpoint: endpoint.endsWith('/') ? endpoint : `${endpoint}/` };
    const secrets: Settings = password === '' ? {} : { password };
    return { ok: true, settings, secrets, notes };
  },
  connect: (settings, secrets) => ({
    ...emptyCrm,
    // The check tells what it was given, so that tests see which secrets arrive.
    async *check() {
      const detail = JSON.stringify({ settings, secrets });
      yield {
        type: 'finished',
        step: { id: 'url', title: 'URL', status: 'pass', code: null, detail, fix: null, ms: 0 },
        count: null,
      };
    },
    link: (target) => `${settings['endpoint']}${target.kind}/${'id' in target ? target.id : ''}`,
  }),
};

function field(name: string, title: string, kind: 'text' | 'url' | 'secret') {
  return { name, title, help: '', kind, placeholder: '', required: true };
}

export interface TestHub {
  app: FastifyInstance;
  database: TestDatabase;
  /** Turn it to move the hub's time; what is kept of sessions is forgotten with it. */
  clock: { now(): Date; forward(seconds: number): void };
  jobs: Jobs;
  secretBox: SecretBox;
  /** How long attempts to sign in were made to wait, in milliseconds. */
  pauses: number[];
  /** CRM users that the mirror holds, by connection id. */
  crmUsers: Map<string, CrmUserOption[]>;
  /** Makes an organization and signs its administrator in. */
  organization(
    name: string,
    email: string,
  ): Promise<TestClient & { organizationId: string; personId: string }>;
  /** A browser that is not signed in. */
  visitor(): TestClient;
  close(): Promise<void>;
}

/** A browser: keeps its cookie. */
export interface TestClient {
  cookie: string;
  get(url: string): Promise<LightMyRequestResponse>;
  post(
    url: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  put(url: string, body: object): Promise<LightMyRequestResponse>;
  delete(url: string): Promise<LightMyRequestResponse>;
  signIn(email: string, password?: string): Promise<LightMyRequestResponse>;
}

/** The HTTP side with the organization's rooms on a database of its own, not listening. */
export async function testHub(
  options: Partial<
    Pick<
      ServerDeps,
      'publicUrl' | 'webFolder' | 'routes' | 'hooks' | 'checkReady' | 'trustProxy' | 'metricsAccess'
    >
  > & {
    log?: Log;
    /** Where the links of mails lead; without it the hub sends none. */
    mailOrigin?: string;
  } = {},
): Promise<TestHub> {
  const database = await testDatabase();
  const { db } = database;
  const log = options.log ?? testLog;
  const pauses: number[] = [];
  let ahead = 0;
  const clock = {
    now: () => new Date(Date.now() + ahead),
    forward(seconds: number) {
      ahead += seconds * 1000;
      accounts.forgetKept();
    },
  };
  const key = Buffer.alloc(32, 7);
  const secretBox = createSecretBox(key);
  const publicUrl = options.publicUrl ?? null;
  const secure = publicUrl?.startsWith('https:') ?? false;
  const accounts = createAccounts({ db, clock, log, secret: accountSecret(key), secure });
  const crmUsers = new Map<string, CrmUserOption[]>();
  const http = createHttpClient();
  const jobs = createJobs({ pool: database.pool, log });
  const origin = options.mailOrigin;
  const orderMail = origin === undefined ? null : mailOrders({ jobs, clock, secretBox, origin });
  const deps = {
    db,
    clock,
    secretBox,
    jobs,
    http,
    orderMail,
    accounts,
    authenticateKey: keyAuthenticator({ db, clock }),
    platforms: [testPlatform],
    viewerOf,
    sessionIdOf,
    clientOf,
    urlOf: (request: object, path: string) =>
      new URL(path, ownOrigin(request as never, publicUrl)).href,
    findCrmUsers: async (
      _organizationId: string,
      connectionId: string,
      wanted: { ids?: string[]; emails?: string[] },
    ) => {
      const keys = new Set([...(wanted.ids ?? []), ...(wanted.emails ?? [])]);
      const users = crmUsers.get(connectionId) ?? [];
      return users.filter(({ id, email }) => keys.has(id) || keys.has(email.toLowerCase()));
    },
  };
  const app = buildServer({
    ...deps,
    numberMask: createNumberMask(Buffer.alloc(32)),
    log,
    version: '0.0.0',
    trustProxy: false,
    webFolder: null,
    pause: async (milliseconds) => void pauses.push(milliseconds),
    frameOrigins: frameOrigins.bind(null, deps),
    checkReady: async () => {},
    metrics: createMetrics('0.0.0'),
    metricsAccess: 'open',
    hooks: [],
    ...options,
    publicUrl,
    routes: [
      entryRoutes(deps),
      organizationRoutes(deps),
      peopleCsvRoutes(deps),
      auditRoutes(deps),
      webhookRoutes(deps),
      apiKeyRoutes(deps),
      singleSignOnRoutes(deps),
      operatorRoutes(deps),
      connectionRoutes(deps),
      phoneSystemRoutes(deps),
      ...(options.routes ?? []),
    ],
  });
  await app.ready();
  return {
    app,
    database,
    clock,
    crmUsers,
    jobs,
    secretBox,
    pauses,
    visitor: () => testClient(app),
    async organization(name, email) {
      const made = await createOrganization(
        { db, clock },
        {
          organizationName: name,
          country: 'DE',
          timeZone: 'Europe/Berlin',
          name: `Admin of ${name}`,
          email,
          password: testPassword,
        },
      );
      const client = testClient(app);
      await client.signIn(email);
      return Object.assign(client, made);
    },
    async close() {
      await app.close();
      await http.close();
      await database.close();
    },
  };
}

function testClient(app: FastifyInstance): TestClient {
  const send = async (options: InjectOptions): Promise<LightMyRequestResponse> => {
    const response = await app.inject({
      ...options,
      headers: { ...(client.cookie === '' ? {} : { cookie: client.cookie }), ...options.headers },
    });
    noteExchange({
      address: `${options.method ?? 'GET'} ${JSON.stringify(options.url)}`,
      texts: [JSON.stringify(options.payload), response.body],
      headers: [client.cookie, options.headers?.['authorization']?.toString()],
    });
    for (const { name, value } of response.cookies)
      if (name.endsWith('session_token'))
        client.cookie = value === '' ? '' : `${name}=${encodeURIComponent(value)}`;
    return response;
  };
  const client: TestClient = {
    cookie: '',
    get: (url) => send({ method: 'GET', url }),
    post: (url, body = {}, headers = {}) => send({ method: 'POST', url, payload: body, headers }),
    put: (url, body) => send({ method: 'PUT', url, payload: body }),
    delete: (url) => send({ method: 'DELETE', url }),
    signIn: (email, password = testPassword) =>
      client.post('/api/auth/sign-in/email', { email, password }),
  };
  return client;
}
