import { sql } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { insertOrganization } from '../organization/organization-store.ts';
import { insertPhoneSystem } from '../organization/phone-system-store.ts';
import type { TellWebhooks } from '../organization/tell-webhooks.ts';
import type { Viewer } from '../organization/viewer.ts';
import { systemClock } from '../platform/clock.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { testDatabase } from '../platform/database/testing.ts';
import { newId } from '../platform/id.ts';
import { createJobs } from '../platform/jobs.ts';
import type { Jobs, RunningJobs } from '../platform/jobs.ts';
import { testLog } from '../platform/log.testing.ts';
import { checkHouse, showHouse } from './check-house.ts';
import { checkHousesAtNight } from './check-houses-at-night.ts';
import { probeJobsTask } from './conduct-house-check.ts';
import type { CheckRunner } from './check-runner.ts';
import { createHouseRunner } from './house-runner.ts';
import type { HouseRunner } from './house-runner.ts';
import type { StoredHouseRun } from './house-store.ts';
import { noteJobRan } from './house-store.ts';
import { nightly } from './nightly.ts';
import { reportToSupport } from './report-to-support.ts';
import type { RunKey } from './store.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
let jobs: Jobs;
let working: RunningJobs;
let viewer: Viewer;
let ahead = 0;
let told: { organizationId: string; event: string; data: Record<string, unknown> }[] = [];
let runners: HouseRunner[] = [];
const clock: Clock = { now: () => new Date(systemClock.now().getTime() + ahead) };

beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
  jobs = createJobs({ pool: database.pool });
  working = await jobs.run({
    tasks: { [probeJobsTask]: (payload) => noteJobRan(db, payload as RunKey) },
  });
});
afterAll(async () => {
  await working.stop();
  await database.close();
});
beforeEach(async () => {
  const organizationId = newId();
  await insertOrganization(db, {
    id: organizationId,
    name: 'Acme',
    country: 'DE',
    timeZone: 'Europe/Berlin',
  });
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
});
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.stop()));
  runners = [];
  ahead = 0;
  told = [];
});

function runner(withJobs: Jobs = jobs): HouseRunner {
  const tellWebhooks: TellWebhooks = async (_trx, organizationId, event, data) => {
    told.push({ organizationId, event, data });
  };
  const made = createHouseRunner({ db, clock, jobs: withJobs, log: testLog, tellWebhooks });
  runners.push(made);
  return made;
}

async function finished(): Promise<StoredHouseRun> {
  for (;;) {
    const run = await showHouse({ db }, viewer);
    if (run !== null && run.status !== 'running') return run;
    await sleep(20);
  }
}

/** There are no connections here; systems-check.test.ts checks those. */
const connections = {} as CheckRunner;
const statuses = ({ steps }: StoredHouseRun) => steps.map(({ id, status }) => [id, status]);

test('looks at the database, the jobs, the clock, the phone systems and the mappings', async () => {
  const id = newId();
  const tokenHash = Buffer.alloc(32, 1);
  await insertPhoneSystem(db, viewer.organizationId, {
    id,
    kind: 'webhook',
    name: 'Lab',
    tokenHash,
  });
  const { run, joined } = await checkHouse({ db, houseRunner: runner() }, viewer);
  expect(joined).toBe(false);
  expect(run.status).toBe('running');
  const end = await finished();
  expect(end).toMatchObject({ id: run.id, status: 'warned', startedBy: 'Ada Admin' });
  expect(end.jobRanAt).not.toBeNull();
  expect(statuses(end)).toEqual([
    ['database', expect.stringMatching(/pass|warn/)],
    ['jobs', expect.stringMatching(/pass|warn/)],
    ['clock', 'pass'],
    [`phone-system:${id}`, 'warn'],
    ['mappings', 'warn'],
  ]);
  expect(end.steps[0]?.ms).toBeGreaterThan(0);
  const report = await reportToSupport({ db, clock, version: '9.9.9' }, viewer);
  expect(report).toContain('Ringside 9.9.9');
  expect(report).toContain('phone-system 1 (webhook) [nothing-heard]');
  expect(report).not.toContain('Lab');
  expect(report).not.toContain('Acme');
});

test('a clock that is wrong fails the run', async () => {
  ahead = 120_000;
  await checkHouse({ db, houseRunner: runner() }, viewer);
  const end = await finished();
  expect(end.status).toBe('failed');
  expect(end.steps.find(({ id }) => id === 'clock')).toMatchObject({ code: 'clock-off' });
  // Whoever pressed the button sees it.
  expect(told).toEqual([]);
});

/** Jobs that nobody works on. */
const idle: Jobs = { ...silentJobs(), add: async () => {} };
function silentJobs(): Pick<Jobs, 'run'> {
  return { run: () => Promise.reject(new Error('not here')) };
}

test('whoever comes second joins; a run whose hub stops is as if it had not begun', async () => {
  const waiting = runner(idle);
  const first = await checkHouse({ db, houseRunner: waiting }, viewer);
  const second = await checkHouse({ db, houseRunner: runner() }, viewer);
  expect(second).toMatchObject({ joined: true, run: { id: first.run.id } });
  await waiting.stop();
  expect(await showHouse({ db }, viewer)).toBeNull();
});

test('a run whose hub died is passed over and stands in nobody’s way', async () => {
  const dead = runner(idle);
  const { run } = await checkHouse({ db, houseRunner: dead }, viewer);
  await sql`update house_check_run set started_at = now() - interval '1 hour'`.execute(db);
  expect(await showHouse({ db }, viewer)).toBeNull();
  const next = await checkHouse({ db, houseRunner: runner() }, viewer);
  expect(next.joined).toBe(false);
  expect(next.run.id).not.toBe(run.id);
  expect((await finished()).id).toBe(next.run.id);
});

test('by night every organization is checked, and webhooks hear of what fails', async () => {
  await checkHousesAtNight(
    { db, clock, houseRunner: runner(), runner: connections, log: testLog },
    new AbortController().signal,
  );
  expect(await showHouse({ db }, viewer)).toMatchObject({ status: 'warned', startedBy: nightly });
  expect(told).toEqual([]);
  ahead = 120_000;
  await checkHousesAtNight(
    { db, clock, houseRunner: runner(), runner: connections, log: testLog },
    new AbortController().signal,
  );
  const { id } = (await showHouse({ db }, viewer))!;
  const own = told.filter(({ organizationId }) => organizationId === viewer.organizationId);
  const failed = [expect.objectContaining({ kind: 'clock', code: 'clock-off' })];
  expect(own).toEqual([
    {
      organizationId: viewer.organizationId,
      event: 'check.failed',
      data: { check: { id, failed } },
    },
  ]);
});

test('is for administrators', async () => {
  const agent: Viewer = { ...viewer, role: 'agent' };
  const forbidden = expect.objectContaining({ code: 'forbidden' });
  await expect(checkHouse({ db, houseRunner: runner() }, agent)).rejects.toEqual(forbidden);
  await expect(showHouse({ db }, agent)).rejects.toEqual(forbidden);
  await expect(reportToSupport({ db, clock, version: '1' }, agent)).rejects.toEqual(forbidden);
});
