import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hubApi } from '../../sandbox/demo/hub-api.ts';
import { defaultPassword, integrationUser, startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { testDatabase } from '../../src/platform/database/testing.ts';
import { openGathered } from '../../src/platform/log.testing.ts';
import type { TestDatabase } from '../../src/platform/database/testing.ts';
import type { CheckRun } from '../../src/systems-check/contract.ts';

/*
 * A whole hub, a process of its own, is killed with -9 in the first pull of its first Systems Check. The hub that starts
 * next goes on with both by itself, after the last page that was written.
 */

const root = join(import.meta.dirname, '../..');
const contacts = 8_000;
const long = { timeout: 120_000, interval: 100 };

let database: TestDatabase;
let sandbox: Sandbox;
let folder = '';
let hub: ChildProcess | null = null;

beforeAll(async () => {
  [database, sandbox, folder] = await Promise.all([
    testDatabase(),
    startSandbox({ port: 0, contacts, seed: 6 }),
    mkdtemp(join(tmpdir(), 'ringside-first-pull-')),
  ]);
});
afterAll(async () => {
  hub?.kill('SIGKILL');
  await sandbox?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<string> {
  const { host, port, user, database: name } = database.connection;
  const log = openGathered();
  hub = spawn(process.execPath, ['bin/ringside.mjs', 'serve'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(String(host))}`,
      RINGSIDE_DATA_DIR: folder,
      RINGSIDE_PORT: '0',
      RINGSIDE_LOG_LEVEL: 'info',
      RINGSIDE_ALLOW_PRIVATE: '127.0.0.1',
    },
    stdio: ['ignore', 'pipe', log.fd],
  });
  log.close();
  for await (const line of createInterface({ input: hub.stdout! })) {
    const url = /http:\/\/[\w.:-]+/.exec(line)?.[0];
    if (url !== undefined) {
      hub.stdout!.resume();
      return url;
    }
  }
  throw new Error('The hub ended before it listened.');
}

const account = { email: 'ada@first.example', password: 'first pull first 7' };

test('a hub killed in its first pull goes on with it by itself', { timeout: 300_000 }, async () => {
  const { db } = database;
  const first = hubApi(await start(), new AbortController().signal);
  // What the C library takes back: docs/decisions/0047-memory-of-the-c-library.md
  if (process.platform === 'linux')
    expect(await readFile(`/proc/${hub!.pid}/environ`, 'utf8')).toContain(
      'MALLOC_MMAP_THRESHOLD_=',
    );
  const person = { ...account, name: 'Ada Min', organizationName: 'First' };
  await first.post('/api/v1/setup', { ...person, country: 'DE', timeZone: 'Europe/Berlin' });
  const { id } = await first.post<{ id: string }>('/api/v1/connections', {
    platform: 'servicenow',
  });
  const [endpoint, detailsLink] = [`${sandbox.url}/`, `${sandbox.url}/`];
  const settings = { endpoint, detailsLink, username: integrationUser, password: defaultPassword };
  await first.put(`/api/v1/connections/${id}`, { settings });
  // Slow enough that it is killed before the end.
  sandbox.faults.set(['latency:700@/api/now/table/customer_contact']);
  const path = `/api/v1/connections/${id}/systems-check`;
  const { run } = await first.post<{ run: CheckRun }>(path);

  const written = async () => {
    const { rows } = await sql<{ done: number }>`
      select done from directory_progress where connection_id = ${id} and kind = 'contacts'`.execute(
      db,
    );
    return rows[0]?.done ?? 0;
  };
  await vi.waitFor(async () => expect(await written()).toBeGreaterThan(0), long);
  // From now on nothing more comes, so that it is surely killed before the end.
  sandbox.faults.set(['silence']);
  const gone = once(hub!, 'exit');
  hub!.kill('SIGKILL');
  await gone;
  const before = await written();
  expect(before).toBeLessThan(contacts);
  // A run and a lease end half a minute after their last sign of life: that time is made to have gone by.
  await sql`update directory_pull set alive_at = '-infinity'`.execute(db);
  await sql`update systems_check_run set heartbeat_at = '-infinity'`.execute(db);

  sandbox.faults.set([]);
  sandbox.requests.clear();
  const second = hubApi(await start(), new AbortController().signal);
  const ended = async () => {
    const { rows } = await sql<{ status: string }>`
      select status from systems_check_run where id = ${run.id}`.execute(db);
    return rows[0]?.status;
  };
  // Nobody signs in, nobody presses anything.
  await vi.waitFor(async () => expect(await ended()).toMatch(/^(passed|warned)$/), long);
  await second.post('/api/auth/sign-in/email', account);
  const now = await second.get<{ run: CheckRun }>(path);
  expect(now.run).toMatchObject({ id: run.id, counts: { contacts: expect.any(Number) as number } });
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from contact where connection_id = ${id} and kind = 'contact'`.execute(
    db,
  );
  expect(rows[0]?.n).toBe(contacts);
  const pages = sandbox.requests
    .list()
    .filter(({ target }) => /customer_contact\?.*sysparm_limit=1000/.test(target));
  expect(pages.length).toBeLessThanOrEqual(Math.ceil((contacts - before) / 1_000) + 2);
});
