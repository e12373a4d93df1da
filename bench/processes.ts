import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hubApi } from '../sandbox/demo/hub-api.ts';
import type { HubApi } from '../sandbox/demo/hub-api.ts';
import { defaultPassword, integrationUser } from '../sandbox/server.ts';
import { ensureWebApp } from '../src/http/build-web.ts';
import { silentLog } from '../src/platform/log.ts';
import { processesOf } from './memory.ts';

/** The stand-in instance and a hub as processes of their own, for benchmarks that measure from outside. */

const root = join(import.meta.dirname, '..');
const launcher = join(root, 'bin/ringside.mjs');

/** Who sets the hub up and may sign in to it. */
export const administrator = { email: 'ada@bench.example', password: 'bench bench bench 7' };

/** A stand-in ServiceNow with so many contacts. */
export async function startInstance(contacts: number) {
  const child = launch(['sandbox', '--port', '0', '--contacts', String(contacts)], {});
  const url = await firstUrl(child);
  return { url, pid: child.pid ?? 0, stop: () => stop(child) };
}

/** A new hub with an administrator and a connection to the instance that was not checked yet. */
export async function startHub(instanceUrl: string) {
  await ensureWebApp({ root, log: silentLog });
  const folder = await mkdtemp(join(tmpdir(), 'ringside-bench-'));
  await chmod(folder, 0o711);
  const dataDir = join(folder, 'data');
  const child = launch(['serve'], {
    RINGSIDE_DATA_DIR: dataDir,
    RINGSIDE_PORT: '0',
    RINGSIDE_ALLOW_PRIVATE: '127.0.0.1',
    RINGSIDE_LOG_LEVEL: 'error',
  });
  const url = await firstUrl(child);
  const api = hubApi(url, new AbortController().signal);
  const connectionId = await connect(api, `${instanceUrl}/`);
  const look = () => processesOf(child.pid ?? 0, dataDir);
  return {
    url,
    api,
    connectionId,
    processes: await look(),
    /** Its processes as they are now: connections of the database come and go. */
    async look() {
      return { processes: await look() };
    },
    async stop() {
      await stop(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function connect(api: HubApi, url: string): Promise<string> {
  await api.post('/api/v1/setup', {
    organizationName: 'Bench',
    country: 'DE',
    timeZone: 'Europe/Berlin',
    name: 'Ada Min',
    ...administrator,
  });
  const { id } = await api.post<{ id: string }>('/api/v1/connections', { platform: 'servicenow' });
  const settings = {
    endpoint: url,
    detailsLink: url,
    username: integrationUser,
    password: defaultPassword,
  };
  await api.put(`/api/v1/connections/${id}`, { settings });
  return id;
}

function launch(arguments_: string[], environment: Record<string, string>) {
  return spawn(process.execPath, [launcher, ...arguments_], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

type Child = ReturnType<typeof launch>;

async function firstUrl(child: Child): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /http:\/\/[\w.:-]+/.exec(line);
    if (found !== null) {
      child.stdout.resume();
      return found[0].replace(/\/$/, '');
    }
  }
  throw new Error('It ended before it listened.');
}

async function stop(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
