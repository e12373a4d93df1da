import { setTimeout as sleep } from 'node:timers/promises';
import { defaultPassword, integrationUser } from '../sandbox/server.ts';
import { recordKinds } from '../src/crm/record.ts';
import { encodeQuery } from '../src/crm/servicenow/encoded-query.ts';
import { sourcesOf } from '../src/crm/servicenow/source.ts';
import type { Source } from '../src/crm/servicenow/source.ts';
import type { CheckRun } from '../src/systems-check/contract.ts';
import { startHub, startInstance } from './processes.ts';
import { memoryOf, processorSeconds } from './memory.ts';
import { report } from './row.ts';

/**
 * The first pull of a company, end to end: the stand-in instance and a real hub with its database run as processes of
 * their own, an administrator's Systems Check pulls everything. Against it, in the same run, a plain download and parse
 * of the very same pages. Then how soon an edit in the CRM is known to the hub:
 *
 *     node bench/mirror.ts [contacts, 20000 when not given]
 *
 * Memory is the proportional set size: what PostgreSQL's processes share counts once.
 */
const [contacts = 20_000] = process.argv.slice(2).map(Number);
const row = (what: string, note: string) => report({ what, note });
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
const headers = {
  authorization: `Basic ${Buffer.from(`${integrationUser}:${defaultPassword}`).toString('base64')}`,
  'content-type': 'application/json',
};

let told = performance.now();
/** What goes on, every few seconds, beside the results. */
function progress(text: string): void {
  if (performance.now() - told < 5_000) return;
  told = performance.now();
  console.error(text);
}

const instance = await startInstance(contacts);
try {
  await download(1_000);
  const before = [await processorSeconds([instance.pid]), await processorSeconds([process.pid])];
  const plain = await download(Number.POSITIVE_INFINITY);
  const after = [await processorSeconds([instance.pid]), await processorSeconds([process.pid])];
  row(`plain download and parse of ${plain.rows.toLocaleString('en')} rows`, seconds(plain.ms));
  row(
    'processor time of it: instance, download',
    after.map((time, index) => `${(time - (before[index] ?? 0)).toFixed(1)} s`).join(', '),
  );

  const hub = await startHub(instance.url);
  try {
    const pull = await firstPull(hub);
    row(
      `first pull of ${pull.rows.toLocaleString('en')} records (budget 1.5 times the download)`,
      `${seconds(pull.ms)}, ratio ${(pull.ms / plain.ms).toFixed(2)}`,
    );
    row(
      'processor time of it: instance, hub, database',
      pull.processor.map((time) => `${time.toFixed(1)} s`).join(', '),
    );
    row(
      'peak memory of hub and database (budget 512 MB): hub, database, both',
      `${Math.round(pull.peak.hub)} MB, ${Math.round(pull.peak.database)} MB, ${Math.round(pull.peak.both)} MB`,
    );
    await measureEdits(hub);
  } finally {
    await hub.stop();
  }
} finally {
  await instance.stop();
}

/** Every page that a pull asks for, one after the other, parsed and thrown away; stops after so many rows of each table. */
async function download(enough: number): Promise<{ rows: number; ms: number }> {
  const start = performance.now();
  let rows = 0;
  for (const source of recordKinds.flatMap((kind) => sourcesOf(kind, new Date()))) {
    let after = '';
    for (let own = 0; own < enough;) {
      const answer = await fetch(pageUrl(source, after), { headers });
      const { result } = (await answer.json()) as {
        result: { sys_id: string | { value: string } }[];
      };
      const last = result.at(-1)?.sys_id;
      if (last === undefined) break;
      after = typeof last === 'string' ? last : last.value;
      own += result.length;
      rows += result.length;
      progress(`downloaded ${rows.toLocaleString('en')} rows`);
    }
  }
  return { rows, ms: performance.now() - start };
}

function pageUrl({ table, where, pageSize, display }: Source, after: string): string {
  const beyond = after === '' ? [] : [{ field: 'sys_id', operator: '>', value: after } as const];
  const parameters = new URLSearchParams({
    sysparm_query: encodeQuery([...where, ...beyond], ['sys_id']),
    sysparm_fields: table.fields.join(','),
    sysparm_limit: String(pageSize),
    sysparm_exclude_reference_link: 'true',
    sysparm_suppress_pagination_header: 'true',
    ...(display === true ? { sysparm_display_value: 'all' } : {}),
  });
  return `${instance.url}/api/now/table/${table.name}?${parameters.toString()}`;
}

type Hub = Awaited<ReturnType<typeof startHub>>;

async function firstPull(hub: Hub) {
  const path = `/api/v1/connections/${hub.connectionId}/systems-check`;
  let { run } = await hub.api.post<{ run: CheckRun }>(path);
  let [began, ended] = [0, 0];
  let before: number[] = [];
  const peak = { hub: 0, database: 0, both: 0 };
  let looked = 0;
  while (run.status === 'running') {
    if (began === 0 && run.pulls.some(({ status }) => status === 'running')) {
      began = performance.now();
      before = await processorTimes(hub);
    }
    if (began > 0 && ended === 0 && run.pulls.every(({ status }) => status === 'done'))
      ended = performance.now();
    // Reading the memory of every process costs them time of their own: not as often as the progress.
    if (performance.now() - looked > 1_000) {
      const { processes } = await hub.look();
      const [own, database] = [await memoryOf(processes.hub), await memoryOf(processes.database)];
      peak.hub = Math.max(peak.hub, own);
      peak.database = Math.max(peak.database, database);
      peak.both = Math.max(peak.both, own + database);
      looked = performance.now();
    }
    progress(
      run.pulls.map(({ kind, done }) => `${kind} ${done.toLocaleString('en')}`).join(', ') +
        `; memory so far ${Math.round(peak.both)} MB at most`,
    );
    await sleep(100);
    ({ run } = await hub.api.get<{ run: CheckRun }>(path));
  }
  if (ended === 0) ended = performance.now();
  const broken = run.pulls.find(({ status }) => status !== 'done');
  if (broken) throw new Error(`${broken.kind} were not pulled: ${broken.message}`);
  const rows = run.pulls.reduce((sum, { done }) => sum + done, 0);
  const processor = (await processorTimes(hub)).map((time, index) => time - (before[index] ?? 0));
  return { rows, ms: ended - began, peak, processor };
}

async function processorTimes(hub: Hub): Promise<number[]> {
  const { processes } = await hub.look();
  return Promise.all([[instance.pid], processes.hub, processes.database].map(processorSeconds));
}

/** From an edit in the instance until the hub's own look-up knows the new number. */
async function measureEdits(hub: Hub): Promise<void> {
  const list = `${instance.url}/api/now/table/customer_contact?sysparm_limit=1&sysparm_fields=sys_id`;
  const { result } = (await (await fetch(list, { headers })).json()) as {
    result: { sys_id: string }[];
  };
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const phone = `+49 30 5550${1_000 + turn}`;
    const edited = await fetch(
      `${instance.url}/api/now/table/customer_contact/${result[0]?.sys_id}`,
      { method: 'PATCH', headers, body: JSON.stringify({ phone }) },
    );
    if (!edited.ok) throw new Error(`The edit was refused: ${edited.status}`);
    const since = performance.now();
    const lookup = `/api/v1/lookup?number=${encodeURIComponent(phone)}`;
    const known = async () =>
      (await hub.api.get<{ match: { candidates: unknown[] } }>(lookup)).match.candidates.length > 0;
    while (!(await known())) {
      if (performance.now() - since > 300_000)
        throw new Error('The edit did not come in 5 minutes.');
      await sleep(50);
    }
    times.push(performance.now() - since);
  }
  row('edit in the CRM to the hub’s look-up, three of them', times.map(seconds).join(', '));
}
