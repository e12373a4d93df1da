import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { measureCalls } from './calls/call-meter.ts';
import { CallRecorder } from './calls/call-recorder.ts';
import { phoneLinkRoutes } from './calls/phone-link-routes.ts';
import { PhoneLinks } from './calls/phone-links.ts';
import { phoneHookRoutes } from './calls/routes.ts';
import { traceCalls } from './calls/trace-calls.ts';
import { crmPlatforms } from './crm/registry.ts';
import { callsChannel, peopleChannel, sessionsChannel } from './desk/channel.ts';
import { tellOpenCalls } from './desk/tell-open-calls.ts';
import { callerRoutes } from './desk/caller-routes.ts';
import { contactHookRoutes } from './desk/contact-hook-routes.ts';
import { keepLoggingCalls } from './desk/call-log-keeper.ts';
import { DeskHub } from './desk/desk-hub.ts';
import type { OnPop } from './desk/desk-hub.ts';
import { callWebhooks } from './desk/call-webhooks.ts';
import { caseWebhooks } from './desk/case-webhooks.ts';
import { keepMissedCalls } from './desk/missed-call-keeper.ts';
import { missedCallRoutes } from './desk/missed-call-routes.ts';
import { noteMissedCalls } from './desk/note-missed-calls.ts';
import { OutboxPump } from './desk/outbox-pump.ts';
import { outboxRoutes } from './desk/outbox-routes.ts';
import { measurePops } from './desk/pop-meter.ts';
import { deskRoutes } from './desk/routes.ts';
import { settleCallers } from './desk/settle-callers.ts';
import { settleCases } from './desk/settle-cases.ts';
import { settleMissedCases } from './desk/settle-missed-cases.ts';
import { watchCalls } from './desk/watch-calls.ts';
import { workRoutes } from './desk/work-routes.ts';
import { keepWrapUps } from './desk/wrap-up-keeper.ts';
import { chosenCandidates } from './desk/store.ts';
import { findCrmUsers } from './directory/crm-user-store.ts';
import { orderNumbers, orderStaleNumbers } from './directory/follow-numbers.ts';
import { MirrorKeeper } from './directory/mirror-keeper.ts';
import { OpenCrms } from './directory/open-crms.ts';
import { createNumberMask } from './directory/number-mask.ts';
import { keepSearchIndexed } from './directory/search-keeper.ts';
import { callerRefresh } from './directory/refresh-caller.ts';
import { directoryRoutes } from './directory/routes.ts';
import { openHubDatabase } from './hub-database.ts';
import type { HubDatabase } from './hub-database.ts';
import { hubJobs } from './hub-jobs.ts';
import { clientOf, sessionIdOf, viewerOf } from './http/authentication.ts';
import { createMetrics } from './http/metrics.ts';
import { listenForMetrics, metricsAccess } from './http/metrics-server.ts';
import { ownOrigin } from './http/origin.ts';
import { buildServer } from './http/server.ts';
import { stopServing } from './http/stop-serving.ts';
import { accountSecret, createAccounts } from './organization/accounts.ts';
import type { Accounts } from './organization/accounts.ts';
import { apiKeyRoutes } from './organization/api-key-routes.ts';
import { keyAuthenticator } from './organization/authenticate-key.ts';
import { auditRoutes } from './organization/audit-routes.ts';
import { connectionRoutes } from './organization/connection-routes.ts';
import { entryRoutes } from './organization/entry-routes.ts';
import { frameOrigins } from './organization/frame-origins.ts';
import { phoneSystemByToken, touchPhoneSystem } from './organization/phone-system-store.ts';
import { phoneSystemRoutes } from './organization/phone-system-routes.ts';
import { peopleCsvRoutes } from './organization/people-csv-routes.ts';
import { operatorRoutes } from './organization/operator-routes.ts';
import { mailOrders } from './organization/order-mail.ts';
import { organizationRoutes } from './organization/routes.ts';
import { webhookTeller } from './organization/tell-webhooks.ts';
import { webhookRoutes } from './organization/webhook-routes.ts';
import { singleSignOnRoutes } from './organization/single-sign-on-routes.ts';
import { ensureFirstAdministrator } from './organization/set-up.ts';
import { systemClock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import { checkDatabase, openDatabase } from './platform/database/database.ts';
import type { Database } from './platform/database/database.ts';
import { keyInUse } from './platform/database/key-check.ts';
import { migrate } from './platform/database/migrate.ts';
import { inOrganization } from './platform/database/scope.ts';
import { createJobs, migrateJobs } from './platform/jobs.ts';
import { RingsideError } from './platform/errors.ts';
import type { Log } from './platform/log.ts';
import { createMailer } from './platform/mailer.ts';
import { createHttpClient } from './platform/http-client.ts';
import { createNotifier } from './platform/notifier.ts';
import { limitOutbound } from './platform/outbound.ts';
import { createSecretBox } from './platform/secret-box.ts';
import { startFault } from './platform/start-fault.ts';
import { privacyRoutes } from './privacy/routes.ts';
import { measureCrmRequests, measureHub, measureJobs } from './reports/hub-metrics.ts';
import { reportRoutes } from './reports/routes.ts';
import { keepAdoptingRuns } from './systems-check/adopt-runs.ts';
import { createCheckRunner } from './systems-check/check-runner.ts';
import { houseCheckRoutes } from './systems-check/house-routes.ts';
import { createHouseRunner } from './systems-check/house-runner.ts';
import { systemsCheckRoutes } from './systems-check/routes.ts';
import { testCallRoutes } from './systems-check/test-call-routes.ts';
import { createTestCaller } from './systems-check/test-caller.ts';

/** A hub that listens. */
export interface Hub {
  /** Such as http://127.0.0.1:4600. */
  url: string;
  /** Takes no more requests, lets streams go, gives jobs back, stops the embedded database. */
  close(): Promise<void>;
}

export interface HubOptions {
  log: Log;
  /** Folder of the built web app; null serves none. */
  webFolder: string | null;
  /** One that is being opened already; it is closed with the hub. */
  database?: Promise<HubDatabase>;
}

/**
 * The composition root: every room is made here and handed what it needs. Things are closed in the reverse order of
 * their making, also when a later one fails. Throws RingsideError with the mend.
 */
export async function startHub(
  config: Config,
  { log, webFolder, database = openHubDatabase(config, log) }: HubOptions,
): Promise<Hub> {
  const closers: (() => Promise<unknown>)[] = [];
  const life = { stopping: false };
  const close = async () => {
    life.stopping = true;
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    const { app, accounts } = await compose(
      config,
      { log, webFolder, database },
      { closers, life },
    );
    await app.listen({ host: config.host, port: config.port });
    accounts.load().catch((error: unknown) => log.error({ err: error }, 'nobody can sign in'));
    const { port } = app.server.address() as AddressInfo;
    const host = config.host.includes(':') ? `[${config.host}]` : config.host;
    return { url: `http://${host}:${port}`, close };
  } catch (error) {
    await close().catch((failure: unknown) => log.error({ err: failure }, 'closing failed'));
    throw startFault(error, config);
  }
}

async function compose(
  config: Config,
  { log, webFolder, database }: Required<HubOptions>,
  { closers, life }: { closers: (() => Promise<unknown>)[]; life: { stopping: boolean } },
): Promise<{ app: ReturnType<typeof buildServer>; accounts: Accounts }> {
  const clock = systemClock;
  limitOutbound(config.outbound);

  const { connection, close: stopDatabase } = await database;
  closers.push(stopDatabase);
  await migrate(connection, { log });
  await migrateJobs(connection);
  const { db, pool, close: closeDatabase } = openDatabase({ connection, log });
  closers.push(closeDatabase);
  const key = await keyInUse(db, config.keyFile);
  const secretBox = createSecretBox(key);
  const numberMask = createNumberMask(key);
  const notifier = await createNotifier({ connection, log });
  closers.push(() => notifier.close());
  const jobs = createJobs({ pool, log });

  if (config.firstAdministrator !== null) {
    await ensureFirstAdministrator({ db, clock }, config.firstAdministrator);
  }
  const { publicUrl } = config;
  const secure = publicUrl?.startsWith('https:') ?? false;
  const accounts = createAccounts({ db, clock, log, secret: accountSecret(key), secure });
  // Before the Desk is, which looks at its streams' sessions when it is told.
  notifier.subscribe(peopleChannel, accounts.forgetKept);
  notifier.subscribe(sessionsChannel, accounts.forgetKept);
  notifier.onReconnect(accounts.forgetKept);
  const metrics = createMetrics(ringsideVersion());
  const pops = measurePops(metrics);
  const onCrmRequest = measureCrmRequests(metrics);
  const crms = new OpenCrms({ db, secretBox, onCrmRequest });
  closers.push(() => crms.close());
  const refreshCaller = callerRefresh({
    ...{ db, clock, log, crms },
    callChanged: (trx, organizationId, callId) =>
      notifier.publish(trx, callsChannel, { organizationId, callId }),
  });
  const recorder = new CallRecorder({ db, clock, log, choicesOf: chosenCandidates });
  closers.push(() => recorder.close());
  const onPop: OnPop = (pop) => {
    const seconds = pops.sent(pop);
    const { organizationId, callId, personId, live } = pop;
    const ms = seconds === null ? null : Math.round(seconds * 1000);
    log.info({ organizationId, callId, personId, live, ms }, 'pop sent');
  };
  const hub = new DeskHub({
    ...{ db, notifier, clock, log, numberMask },
    ...{ refreshCaller, recorder, onPop },
  });
  closers.push(async () => hub.close());
  measureHub(metrics, { db, log, streams: () => hub.streams });
  const tellWebhooks = webhookTeller({ jobs, clock });
  const runner = createCheckRunner({ db, secretBox, log, onCrmRequest, tellWebhooks });
  closers.push(() => runner.stop());
  const houseRunner = createHouseRunner({ db, clock, jobs, log, tellWebhooks });
  closers.push(() => houseRunner.stop());
  // Without watchers: nothing follows from a test call.
  const testCaller = createTestCaller({ db, notifier, clock, log });
  closers.push(() => testCaller.stop());
  const outbound = createHttpClient();
  closers.push(() => outbound.close());

  const { mail } = config;
  const mailer = mail === null ? null : createMailer(mail);
  closers.push(async () => mailer?.close());
  const orderMail =
    mail === null ? null : mailOrders({ jobs, clock, secretBox, origin: mail.origin });

  const measuring = [measureCalls(metrics), pops, traceCalls(log)];

  const deps = {
    db,
    clock,
    log,
    secretBox,
    numberMask,
    notifier,
    jobs,
    accounts,
    authenticateKey: keyAuthenticator({ db, clock }),
    http: outbound,
    mailer,
    orderMail,
    crms,
    hub,
    recorder,
    runner,
    houseRunner,
    testCaller,
    version: ringsideVersion(),
    platforms: crmPlatforms,
    viewerOf,
    sessionIdOf,
    clientOf,
    urlOf: (request: object, path: string) =>
      new URL(path, ownOrigin(request as never, publicUrl)).href,
    findCrmUsers: findCrmUsers.bind(null, db),
    watchers: [watchCalls, noteMissedCalls(), recorder, callWebhooks(tellWebhooks), ...measuring],
    onSettled: [settleCallers, settleCases, settleMissedCases, caseWebhooks(tellWebhooks)],
    peopleChanged: async (trx: Database, organizationId: string) => {
      await notifier.publish(trx, peopleChannel, { organizationId });
      await orderNumbers(jobs, trx, organizationId);
    },
    sessionsEnded: ({ organizationId, personId }: { organizationId: string; personId: string }) =>
      inOrganization(organizationId, () =>
        notifier.publish(db, sessionsChannel, { organizationId, personId }),
      ),
    stillSignedIn: async (request: object) =>
      (await accounts.authenticate(clientOf(request as never))) !== null,
    phoneSystemByToken: (token: string) => phoneSystemByToken({ db, secretBox }, token),
    touchPhoneSystem: (organizationId: string, id: string, at: Date) =>
      touchPhoneSystem(db, organizationId, id, at),
  };
  const checkReady = async () => {
    if (life.stopping) throw new RingsideError('unavailable', 'The hub is being stopped.');
    await checkDatabase(db);
  };
  const health = { checkReady, metrics, metricsAccess: metricsAccess(config.metrics) };
  const app = buildServer({
    ...deps,
    publicUrl,
    trustProxy: config.trustProxy,
    webFolder,
    ...health,
    pause,
    frameOrigins: frameOrigins.bind(null, deps),
    routes: [
      entryRoutes(deps),
      organizationRoutes(deps),
      peopleCsvRoutes(deps),
      auditRoutes(deps),
      connectionRoutes(deps),
      phoneSystemRoutes(deps),
      webhookRoutes(deps),
      apiKeyRoutes(deps),
      singleSignOnRoutes(deps),
      operatorRoutes(deps),
      phoneLinkRoutes(deps),
      directoryRoutes(deps),
      deskRoutes(deps),
      callerRoutes(deps),
      outboxRoutes(deps),
      workRoutes(deps),
      missedCallRoutes(deps),
      systemsCheckRoutes(deps),
      houseCheckRoutes(deps),
      testCallRoutes(deps),
      reportRoutes(deps),
      privacyRoutes(deps),
    ],
    hooks: [phoneHookRoutes(deps), contactHookRoutes(deps)],
  });
  closers.push(await listenForMetrics(config.metrics, { ...health, log }));
  const running = await jobs.run({
    onJob: measureJobs(metrics),
    ...hubJobs(deps),
  });
  closers.push(() => running.stop());
  await orderStaleNumbers(jobs, db);
  closers.push(keepAdoptingRuns({ db, log, runner }));
  const keeper = new MirrorKeeper({
    ...{ db, clock, log, crms },
    mirrorChanged: (organizationId) => tellOpenCalls({ db, notifier }, organizationId),
  });
  closers.push(() => keeper.close());
  closers.push(keepSearchIndexed({ db, log }));
  closers.push(keepWrapUps(deps));
  const pump = new OutboxPump(deps);
  closers.push(() => pump.close());
  closers.push(keepLoggingCalls(deps));
  closers.push(keepMissedCalls(deps));
  const links = new PhoneLinks(deps);
  closers.push(() => links.close());
  const { drainSeconds, deadlineSeconds } = config.stop;
  const leave = {
    drainMs: drainSeconds * 1000,
    // What comes after it needs time too: jobs and writes have 5 s each.
    patienceMs: deadlineSeconds * 400,
    endStreams: () => hub.sendAway(),
  };
  closers.push(() => stopServing(app, leave));
  return { app, accounts };
}

/** Of this Ringside, from its package.json. */
export function ringsideVersion(): string {
  const manifest = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  return manifest.version;
}
