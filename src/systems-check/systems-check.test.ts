import { sql } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { crmPlatforms } from '../crm/registry.ts';
import { company, imitate, sendJson } from '../crm/servicenow/testing.ts';
import type { Imitation, ImitationOptions } from '../crm/servicenow/testing.ts';
import { changeConnection, createConnection } from '../organization/change-connection.ts';
import { connectionById } from '../organization/connection-store.ts';
import { insertOrganization, setSeatTotals } from '../organization/organization-store.ts';
import type { TellWebhooks } from '../organization/tell-webhooks.ts';
import type { Viewer } from '../organization/viewer.ts';
import { systemClock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { testDatabase } from '../platform/database/testing.ts';
import { newId } from '../platform/id.ts';
import { testLog } from '../platform/log.testing.ts';
import { createSecretBox } from '../platform/secret-box.ts';
import { adoptRuns } from './adopt-runs.ts';
import { cancelCheck } from './cancel-check.ts';
import { checkConnectionsAtNight } from './check-connections-at-night.ts';
import { createCheckRunner } from './check-runner.ts';
import type { CheckRunner } from './check-runner.ts';
import { checkRun } from './contract.ts';
import { failedConnections } from './failed-connections.ts';
import type { CheckRun } from './contract.ts';
import { nightly } from './nightly.ts';
import { presentRun } from './present.ts';
import { showCheck } from './show-check.ts';
import { startCheck } from './start-check.ts';
import { saveFindings } from './store.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
let viewer: Viewer;
let runner: CheckRunner;
let servers: Imitation[] = [];
const secretBox = createSecretBox(Buffer.alloc(32, 7));

beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(() => database.close());
beforeEach(async () => {
  const organizationId = newId();
  await insertOrganization(db, {
    id: organizationId,
    name: 'Acme',
    country: 'DE',
    timeZone: 'Europe/Berlin',
  });
  await setSeatTotals(db, organizationId, { View: 1 });
  viewer = {
    organizationId,
    personId: newId(),
    userId: newId(),
    name: 'Ada Admin',
    email: 'ada@example.com',
    role: 'administrator',
    plan: null,
    extension: null,
    mayNot: [],
    numbersMasked: false,
  };
  runner = createCheckRunner({ db, secretBox, log: testLog, tellWebhooks });
});
afterEach(async () => {
  await runner.stop();
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  holding = true;
  held = [];
});

/** What the webhooks were told, by organization. */
const told: { organizationId: string; event: string; data: Record<string, unknown> }[] = [];
const tellWebhooks: TellWebhooks = async (_trx, organizationId, event, data) =>
  void told.push({ organizationId, event, data });

async function connect(options: ImitationOptions = {}): Promise<string> {
  const server = await imitate({ tables: company(), ...options });
  servers.push(server);
  const deps = { db, secretBox, clock: systemClock, platforms: crmPlatforms };
  const { id } = await createConnection(deps, viewer, { platform: 'servicenow' });
  const settings = {
    username: 'ringside',
    password: 'S3cret!pw',
    endpoint: server.url,
    detailsLink: server.url,
  };
  await changeConnection(deps, viewer, id, { settings });
  return id;
}

async function finished(connectionId: string): Promise<CheckRun> {
  for (;;) {
    const run = await showCheck({ db }, viewer, connectionId);
    if (run !== null && run.status !== 'running') return checkRun.parse(presentRun(run));
    await sleep(20);
  }
}

const start = (connectionId: string) => startCheck({ db, runner }, viewer, connectionId);
const stateOf = async (id: string) => (await connectionById(db, viewer.organizationId, id))?.state;

test('checks, pulls, counts, names what is odd, and sets the light of the connection', async () => {
  const tables = company(3);
  tables['customer_contact']?.push({
    ...tables['customer_contact'][0],
    sys_id: 'f'.repeat(32),
    name: '',
    first_name: '',
    last_name: '',
  });
  const id = await connect({ tables });
  const { run, joined } = await start(id);
  expect(joined).toBe(false);
  expect(run.steps.map(({ status }) => status)).toEqual(Array(10).fill('waiting'));
  const end = await finished(id);
  expect(end).toMatchObject({
    status: 'warned',
    counts: { users: 2, customers: 1, contacts: 4, cases: 1 },
    startedBy: 'Ada Admin',
  });
  expect(
    end.pulls.map(({ status, done, total, secondsLeft }) => [status, done, total, secondsLeft]),
  ).toEqual([
    ['done', 2, 2, 0],
    ['done', 1, 1, 0],
    ['done', 4, 4, 0],
    ['done', 1, 1, 0],
  ]);
  expect(end.oddities.map(({ kind, count }) => [kind, count])).toContainEqual([
    'contact-without-name',
    1,
  ]);
  expect(end.oddities[0]?.examples[0]?.link).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+\/customer_contact\.do\?sys_id=f{32}$/,
  );
  expect(await stateOf(id)).toBe('warning');
});

test('a failed sign-in pulls nothing and says so', async () => {
  const id = await connect({ password: 'another' });
  await start(id);
  const end = await finished(id);
  expect(end.status).toBe('failed');
  expect(end.steps.find(({ id: step }) => step === 'signed-in')).toMatchObject({
    status: 'fail',
    code: 'unauthorized',
  });
  expect(end.pulls.every(({ status }) => status === 'skipped')).toBe(true);
  expect(end.counts).toBeNull();
  expect(await stateOf(id)).toBe('failed');
});

test('a kind that the user may not read is left out, the others are pulled', async () => {
  const id = await connect({
    intercept: ({ table }, response) =>
      table === 'sn_customerservice_case' &&
      sendJson(response, 403, { error: { message: 'no', detail: null }, status: 'failure' }),
  });
  await start(id);
  const end = await finished(id);
  expect(end.status).toBe('failed');
  expect(end.pulls.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'skipped']);
  expect(end.counts?.contacts).toBe(3);
});

test('two at once: the second joins, also when both come in the same moment', async () => {
  const id = await connect({ intercept: holdSignIn });
  const both = await Promise.all([start(id), start(id), start(id)]);
  expect(both.filter(({ joined }) => !joined)).toHaveLength(1);
  expect(new Set(both.map(({ run }) => run.id)).size).toBe(1);
  await until(async () => held.length > 0);
  release();
  expect((await finished(id)).status).toBe('warned');
});

test('cancelling stops at once and keeps what was found', async () => {
  const id = await connect({ intercept: holdSignIn });
  const { run } = await start(id);
  await until(async () => held.length > 0);
  await cancelCheck({ db, runner }, viewer, id, run.id);
  const end = await finished(id);
  expect(end.status).toBe('cancelled');
  expect(end.steps.map(({ status }) => status).slice(0, 3)).toEqual(['pass', 'pass', 'skip']);
  expect(await stateOf(id)).toBe('unchecked');
});

test('another hub can cancel: the row carries the wish', async () => {
  const id = await connect({ intercept: holdSignIn });
  const { run } = await start(id);
  const elsewhere = createCheckRunner({ db, secretBox, log: testLog, tellWebhooks });
  await cancelCheck({ db, runner: elsewhere }, viewer, id, run.id);
  expect((await finished(id)).status).toBe('cancelled');
});

const hub = () => createCheckRunner({ db, secretBox, log: testLog, tellWebhooks });
const silenceRuns = () =>
  sql`update systems_check_run set heartbeat_at = now() - interval '1 minute'
    where organization_id = ${viewer.organizationId}`.execute(db);

test('a run whose hub died is gone on with by the next one, once, and joined meanwhile', async () => {
  const id = await connect();
  const died = { ...hub(), conduct: async () => undefined };
  const { run } = await startCheck({ db, runner: died }, viewer, id);
  expect(await adoptRuns({ db, runner })).toBe(0);
  await silenceRuns();
  expect((await start(id)).joined).toBe(true);
  const adopted = await Promise.all([1, 2].map(() => adoptRuns({ db, runner })));
  expect(adopted.toSorted((a, b) => a - b)).toEqual([0, 1]);
  const end = await finished(id);
  expect(end).toMatchObject({ id: run.id, status: 'warned', startedBy: 'Ada Admin' });
  // The hub that was taken for dead writes nothing any more.
  const late = { organizationId: viewer.organizationId, id: run.id, takenOver: 0 };
  expect(await saveFindings(db, late, run)).toBe('gone');
});

test('a run that ended many hubs, or is too old to be gone on with, is ended; a new one can start', async () => {
  for (const fate of [sql`taken_over = 10`, sql`started_at = now() - interval '7 hours'`]) {
    const id = await connect();
    const died = { ...hub(), conduct: async () => undefined };
    const dead = await startCheck({ db, runner: died }, viewer, id);
    await silenceRuns();
    await sql`update systems_check_run set ${fate} where id = ${dead.run.id}`.execute(db);
    expect(await adoptRuns({ db, runner })).toBe(0);
    const { run, joined } = await start(id);
    expect(joined).toBe(false);
    expect(run.id).not.toBe(dead.run.id);
    expect((await finished(id)).status).toBe('warned');
    const { rows } = await sql<{
      status: string;
    }>`select status from systems_check_run where id = ${dead.run.id}`.execute(db);
    expect(rows).toEqual([{ status: 'failed' }]);
  }
});

const byNight = () =>
  checkConnectionsAtNight({ db, runner }, viewer.organizationId, new AbortController().signal);
const toldHere = () =>
  told.filter(({ organizationId }) => organizationId === viewer.organizationId);

test('by night the steps are made again without a pull, and webhooks hear of what fails', async () => {
  let open = true;
  const id = await connect({
    intercept: ({ table }, response) =>
      !open &&
      table === 'sn_customerservice_case' &&
      sendJson(response, 403, { error: { message: 'no', detail: null }, status: 'failure' }),
  });
  await byNight();
  const fine = await finished(id);
  expect(fine).toMatchObject({ status: 'warned', startedBy: nightly, byNight: true, pulls: [] });
  expect(fine.steps.every(({ status }) => status === 'pass' || status === 'warn')).toBe(true);
  expect(toldHere()).toEqual([]);
  open = false;
  await byNight();
  const broken = await finished(id);
  expect(broken).toMatchObject({
    status: 'failed',
    caseRight: { answer: 'no', code: 'no-access' },
  });
  expect(await stateOf(id)).toBe('failed');
  const failed = [expect.objectContaining({ kind: 'connection', code: 'no-access' })];
  const connection = { id, platform: 'servicenow' };
  expect(toldHere()).toMatchObject([
    { event: 'check.failed', data: { check: { id: broken.id, connection, failed } } },
  ]);
  expect(await failedConnections(db, viewer.organizationId)).toMatchObject([
    { connectionId: id, title: 'ServiceNow', step: 'Cases can be read' },
  ]);
  // Whoever presses the button sees it and is not told by webhook.
  await start(id);
  await finished(id);
  expect(toldHere()).toHaveLength(1);
});

test('an instance that is away for the night is told of and leaves the light as it was: the mirror goes on at its pace', async () => {
  const id = await connect();
  await start(id);
  expect((await finished(id)).status).toBe('warned');
  await servers.at(-1)!.close();
  await byNight();
  const run = await finished(id);
  expect([run.status, run.byNight, await stateOf(id)]).toEqual(['failed', true, 'warning']);
  expect(toldHere()).toHaveLength(1);
  expect(await failedConnections(db, viewer.organizationId)).toHaveLength(1);
  // Of several it is said which.
  await connect();
  const [which] = await failedConnections(db, viewer.organizationId);
  expect(which?.title).toMatch(/^ServiceNow \((localhost|127\.0\.0\.1):\d+\)$/);
});

test('by night a refused password is tried once and not each night anew: that would lock the user out', async () => {
  const id = await connect({ password: 'another' });
  const checkedAt = async () =>
    (await connectionById(db, viewer.organizationId, id))?.lastCheckAt ?? null;
  const before = await checkedAt();
  await byNight();
  expect(await finished(id)).toMatchObject({ status: 'failed', caseRight: null });
  // Who stopped reading and writing after refusals of their own is not set going again.
  expect([await stateOf(id), await checkedAt()]).toEqual(['failed', before]);
  const asked = servers.at(-1)!.requests.length;
  await byNight();
  expect(servers.at(-1)!.requests.length).toBe(asked);
  expect(toldHere()).toHaveLength(1);
});

test('stopping the hub lets go of its runs: the next one goes on at once', async () => {
  const id = await connect({ intercept: holdSignIn });
  const { run } = await start(id);
  await until(async () => held.length > 0);
  await runner.stop();
  expect((await showCheck({ db }, viewer, id))?.status).toBe('running');
  release();
  const next = hub();
  expect(await adoptRuns({ db, runner: next })).toBe(1);
  expect(await finished(id)).toMatchObject({ id: run.id, status: 'warned' });
  await next.stop();
});

test('only administrators, only known connections, only with a credential', async () => {
  const id = await connect();
  await expect(
    startCheck({ db, runner }, { ...viewer, role: 'supervisor' }, id),
  ).rejects.toMatchObject({ code: 'forbidden' });
  await expect(showCheck({ db }, { ...viewer, role: 'agent' }, id)).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(start(newId())).rejects.toMatchObject({ code: 'not-found' });
  await expect(showCheck({ db }, viewer, newId())).rejects.toMatchObject({ code: 'not-found' });
  await expect(cancelCheck({ db, runner }, viewer, id, newId())).rejects.toMatchObject({
    code: 'not-found',
  });
  const stranger = { ...viewer, organizationId: newId() };
  await expect(startCheck({ db, runner }, stranger, id)).rejects.toMatchObject({
    code: 'not-found',
  });
  const bare = await createConnection(
    { db, secretBox, clock: systemClock, platforms: crmPlatforms },
    viewer,
    { platform: 'servicenow' },
  );
  await expect(start(bare.id)).rejects.toMatchObject({ code: 'conflict' });
  expect(await showCheck({ db }, viewer, bare.id)).toBeNull();
});

test('old runs are forgotten, the latest stay', async () => {
  const id = await connect();
  await sql`insert into systems_check_run (organization_id, id, connection_id, platform, status, started_by, started_at, finished_at, steps, pulls)
    select ${viewer.organizationId}, gen_random_uuid(), ${id}, 'servicenow', 'passed', 'x', now() - make_interval(days => n), now(), '[]', '[]'
    from generate_series(1, 30) n`.execute(db);
  await start(id);
  await finished(id);
  const { rows } = await sql<{
    n: number;
  }>`select count(*)::int as n from systems_check_run where connection_id = ${id}`.execute(db);
  expect(rows).toEqual([{ n: 20 }]);
});

/** The instance says nothing to the sign-in until it is let go; then it hangs up, and answers when asked again. */
let holding = true;
let held: { destroy(): void }[] = [];
function holdSignIn(
  { table, query }: { table: string; query: string },
  response: { destroy(): void },
): boolean {
  if (!holding || table !== 'sys_user' || !query.startsWith('user_name')) return false;
  held.push(response);
  return true;
}
function release(): void {
  holding = false;
  for (const response of held) response.destroy();
  held = [];
}
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(5);
}
