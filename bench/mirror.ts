import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { servicenow } from '../src/crm/servicenow/platform.ts';
import { pullDirectory } from '../src/directory/pull-directory.ts';
import { syncDirectory } from '../src/directory/sync-directory.ts';
import { newPlace } from '../src/directory/testing.ts';
import { systemClock } from '../src/platform/clock.ts';
import { pathFolders } from '../src/platform/config.ts';
import { openDatabase } from '../src/platform/database/database.ts';
import { startEmbedded } from '../src/platform/database/embedded.ts';
import { migrate } from '../src/platform/database/migrate.ts';
import { report } from './row.ts';

/**
 * How long the first pull of a company takes, against a plain download and parse of the same pages in the same run, and
 * how soon an edit in the CRM is in the mirror. The stand-in instance runs in a process of its own:
 *
 *     node bench/mirror.ts [contacts, 20000 when not given]
 */

const contacts = Number(process.argv[2] ?? 20_000);
const root = join(import.meta.dirname, '..');
const row = (what: string, note: string) => report({ what, note });
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
const [username, password] = ['ringside.integration', 'ringside-sandbox'];
const headers = {
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
  'content-type': 'application/json',
};

const instance = spawn(
  process.execPath,
  ['bin/ringside.mjs', 'sandbox', '--port', '0', '--contacts', String(contacts)],
  { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
);
const url = await new Promise<string>((resolve) => {
  let text = '';
  instance.stdout.on('data', (piece) => {
    text += String(piece);
    const found = /http:\/\/[\d.:]+/.exec(text);
    if (found !== null) resolve(found[0]);
  });
});

/** The contacts' pages as they come, parsed and thrown away. */
async function download(): Promise<{ rows: number; ms: number }> {
  const fields =
    'sys_id,sys_mod_count,sys_updated_on,account,preferred_language,name,first_name,last_name,email,title,country,city,active,phone,mobile_phone,home_phone';
  const start = performance.now();
  let rows = 0;
  for (let after = ''; ;) {
    const query = `${after === '' ? '' : `sys_id>${after}^`}ORDERBYsys_id`;
    const path = `customer_contact?sysparm_query=${encodeURIComponent(query)}&sysparm_fields=${fields}&sysparm_limit=1000&sysparm_exclude_reference_link=true`;
    const answer = await fetch(`${url}/api/now/table/${path}`, { headers });
    const { result } = (await answer.json()) as { result: { sys_id: string }[] };
    if (result.length === 0) return { rows, ms: performance.now() - start };
    rows += result.length;
    after = result.at(-1)?.sys_id ?? '';
  }
}

const dataDir = await mkdtemp(join(tmpdir(), 'ringside-bench-'));
const server = await startEmbedded({ dataDir, searchPath: pathFolders() });
let peak = 0;
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
try {
  await migrate(server.connection);
  const { db, close } = openDatabase({ connection: server.connection, outside: '*' });
  const place = await newPlace(db);
  const settings = { username, endpoint: `${url}/`, detailsLink: `${url}/` };
  const crm = servicenow.connect(settings, { password });
  await download();
  const plain = await download();
  row(`plain download and parse of ${plain.rows.toLocaleString('en')} contacts`, seconds(plain.ms));
  peak = 0;
  let began = 0;
  let took = 0;
  const start = performance.now();
  await pullDirectory({ db, crm }, place.organizationId, place.connectionId, {
    onProgress({ kind, status }) {
      if (kind !== 'contacts') return;
      if (began === 0) began = performance.now();
      if (status === 'done') took = performance.now() - began;
    },
  });
  row(
    'first pull: contacts and consumers',
    `${seconds(took)}, ratio ${(took / plain.ms).toFixed(2)}`,
  );
  row('first pull: everything', seconds(performance.now() - start));
  row('peak memory of the process', `${Math.round(peak / 1e6)} MB`);

  const checked = {
    organizationId: place.organizationId,
    id: place.connectionId,
    state: 'ok',
    version: '1',
  } as const;
  const round = () => syncDirectory({ db, clock: systemClock, crm }, checked);
  await round();
  const { rows } = await sql<{
    id: string;
  }>`select id from contact where kind = 'contact' limit 1`.execute(db);
  const times: number[] = [];
  for (let turn = 0; turn < 20; turn += 1) {
    await sleep(20);
    const phone = `030 55${10_000 + turn}`;
    const edited = await fetch(`${url}/api/now/table/customer_contact/${rows[0]?.id}`, {
      method: 'PATCH',
      headers,
      body: JSON.stringify({ phone }),
    });
    if (!edited.ok) throw new Error(`The edit was refused: ${edited.status}`);
    const since = performance.now();
    await round();
    const { rows: found } = await sql`select from phone_number where raw = ${phone}`.execute(db);
    if (found.length === 0) throw new Error('The edit is not in the mirror.');
    times.push(performance.now() - since);
  }
  times.sort((a, b) => a - b);
  row(
    'edit to mirror, once a round begins: p50, worst',
    `${times[10]?.toFixed(0)} ms, ${times.at(-1)?.toFixed(0)} ms`,
  );
  row('edit to mirror, rounds every 15 s: at most', seconds(15_000 + (times.at(-1) ?? 0)));
  await crm.close();
  await close();
} finally {
  clearInterval(watch);
  instance.kill('SIGTERM');
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
