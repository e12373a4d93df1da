import { setTimeout as sleep } from 'node:timers/promises';
import { defaultPassword, integrationUser } from '../sandbox/server.ts';
import { recordKinds } from '../src/crm/record.ts';
import { encodeQuery } from '../src/crm/servicenow/encoded-query.ts';
import { sourcesOf } from '../src/crm/servicenow/source.ts';
import type { Source } from '../src/crm/servicenow/source.ts';
import type { SearchAnswer } from '../src/directory/contract.ts';
import type { CheckRun } from '../src/systems-check/contract.ts';
import { startHub, startInstance } from './processes.ts';
import { memoryOf, processorSeconds } from './memory.ts';
import { benchExtension, startAgent } from './one-agent.ts';
import type { OneAgent } from './one-agent.ts';
import { percentiles, report } from './row.ts';

/**
 * The first pull of a company, end to end: the stand-in instance and a real hub with its database run as processes of
 * their own, an administrator's Systems Check pulls everything. Against it, in the same run, a plain download and parse
 * of the very same pages. Then how soon an edit in the CRM is known to the hub and shown by an open pop, and what hub and database hold in
 * memory after the pull and under load:
 *
 *     node bench/mirror.ts [contacts, 20000 when not given]
 *
 * Memory is the proportional set size: what PostgreSQL's processes share counts once.
 */
const pollSeconds = 15;
const openPopMs = 35_000;
const [contacts = 20_000] = process.argv.slice(2).map(Number);
/** A short run shows that everything works, a long one how well. */
const short = contacts < 10_000;
const [edits, loadSeconds, callsPerSecond] = short ? [1, 5, 20] : [3, 15, 20];
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
    await measureIndexing(hub);
    const agent = await startAgent(hub);
    try {
      await measureEdits(hub, agent);
      await measureMemory(hub, agent);
    } finally {
      agent.close();
    }
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
  let after: number[] = [];
  const peak = { hub: 0, database: 0, both: 0 };
  let looked = 0;
  while (run.status === 'running') {
    if (began === 0 && run.pulls.some(({ status }) => status === 'running')) {
      began = performance.now();
      before = await processorTimes(hub);
    }
    if (began > 0 && ended === 0 && run.pulls.every(({ status }) => status === 'done')) {
      ended = performance.now();
      after = await processorTimes(hub);
    }
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
    // As often as tells the time to a fiftieth: each answer costs hub and database some milliseconds.
    await sleep(began === 0 ? 50 : Math.min(1_000, Math.max(50, (performance.now() - began) / 50)));
    ({ run } = await hub.api.get<{ run: CheckRun }>(path));
  }
  if (ended === 0) [ended, after] = [performance.now(), await processorTimes(hub)];
  const broken = run.pulls.find(({ status }) => status !== 'done');
  if (broken) throw new Error(`${broken.kind} were not pulled: ${broken.message}`);
  const rows = run.pulls.reduce((sum, { done }) => sum + done, 0);
  const processor = after.map((time, index) => time - (before[index] ?? 0));
  return { rows, ms: ended - began, peak, processor };
}

async function processorTimes(hub: Hub): Promise<number[]> {
  const { processes } = await hub.look();
  return Promise.all([[instance.pid], processes.hub, processes.database].map(processorSeconds));
}

/**
 * From an edit in the instance until the hub's own look-up knows it, and until the pop of a call that was open before shows it. Beside
 * both: how often the instance is asked.
 */
async function measureEdits(hub: Hub, agent: OneAgent): Promise<void> {
  const list = `${instance.url}/api/now/table/customer_contact?sysparm_limit=1&sysparm_fields=sys_id`;
  const { result } = (await (await fetch(list, { headers })).json()) as {
    result: { sys_id: string }[];
  };
  const edit = async (fields: Record<string, string>) => {
    const edited = await fetch(
      `${instance.url}/api/now/table/customer_contact/${result[0]?.sys_id}`,
      { method: 'PATCH', headers, body: JSON.stringify(fields) },
    );
    if (!edited.ok) throw new Error(`The edit was refused: ${edited.status}`);
    return performance.now();
  };
  const toMirror: number[] = [];
  let number = '';
  for (let turn = 0; turn < edits; turn += 1) {
    number = `+49 30 5550${1_000 + turn}`;
    const since = await edit({ phone: number });
    const lookup = `/api/v1/lookup?number=${encodeURIComponent(number)}`;
    const known = async () =>
      (await hub.api.get<{ match: { candidates: unknown[] } }>(lookup)).match.candidates.length > 0;
    while (!(await known())) {
      if (performance.now() - since > 300_000)
        throw new Error('The edit did not come in 5 minutes.');
      await sleep(50);
    }
    toMirror.push(performance.now() - since);
  }
  report({
    what: 'edit in the CRM to the hub’s look-up (budget 30 s)',
    ...percentiles(toMirror),
    note: `${edits} edits, asked every ${pollSeconds} s`,
  });
  await measureOpenPop(edit, agent, number);
}

async function measureOpenPop(
  edit: (fields: Record<string, string>) => Promise<number>,
  agent: OneAgent,
  number: string,
): Promise<void> {
  const e164 = number.replaceAll(' ', '');
  const call = { callId: 'edited', from: e164, user: benchExtension };
  await agent.phone({ event: 'newCall', ...call });
  await agent.phone({ event: 'answer', ...call });
  const shows = (title: string) =>
    agent.popOf(e164)?.match.candidates.some((candidate) => candidate.title === title) === true;
  // What the ring itself asks the CRM for is no answer to an edit that comes later.
  for (let waited = 0; agent.popOf(e164)?.state !== 'talking' && waited < 10_000; waited += 50)
    await sleep(50);
  await sleep(2_000);
  const times: number[] = [];
  for (let turn = 0; turn < edits; turn += 1) {
    const since = await edit({ title: `Edited ${turn}` });
    while (!shows(`Edited ${turn}`) && performance.now() - since < openPopMs) await sleep(20);
    if (shows(`Edited ${turn}`)) times.push(performance.now() - since);
  }
  await agent.phone({ event: 'hangup', ...call });
  report({
    what: 'edit in the CRM to a pop that was open before',
    ...percentiles(times),
    note:
      times.length === edits
        ? `${edits} edits, asked every ${pollSeconds} s`
        : `${edits - times.length} of ${edits} not shown within ${seconds(openPopMs)}`,
  });
}

/** What hub and database hold when the pull and the search's index are done, and while calls ring and somebody searches. */
async function measureMemory(hub: Hub, agent: OneAgent): Promise<void> {
  const memory = () => wholeMemory(hub);
  report({
    what: 'memory after the pull, the search’s index built (budget 512 MB)',
    memory: await memory(),
  });
  const stop = new AbortController();
  const asking = ask(hub, agent, stop.signal);
  let most = 0;
  for (let call = 0; call < loadSeconds * callsPerSecond; call += 1) {
    const own = {
      callId: `load ${call}`,
      from: `+4930${10_000_000 + call}`,
      user: benchExtension,
    };
    void agent.phone({ event: 'newCall', ...own }).catch(() => undefined);
    setTimeout(
      () => void agent.phone({ event: 'hangup', ...own, cause: 'cancel' }).catch(() => undefined),
      500,
    );
    await sleep(1_000 / callsPerSecond);
    if (call % callsPerSecond === 0) most = Math.max(most, await memory());
  }
  stop.abort();
  const asked = await asking;
  report({
    what: `memory under load: ${callsPerSecond} calls/s, look-ups and searches (budget 512 MB)`,
    memory: most,
    rate: asked / loadSeconds,
    note: 'look-ups and searches a second beside the calls',
  });
}

async function wholeMemory(hub: Hub): Promise<number> {
  const { processes } = await hub.look();
  return (await memoryOf(processes.hub)) + (await memoryOf(processes.database));
}

/** Until every name is prepared for the search: as soon as the pull is done the hub is at it. */
async function measureIndexing(hub: Hub): Promise<void> {
  const begun = performance.now();
  let most = 0;
  while (performance.now() - begun < 300_000) {
    const { preparing } = await hub.api.get<SearchAnswer>('/api/v1/directory/search?q=zz');
    most = Math.max(most, await wholeMemory(hub));
    if (preparing === null) {
      report({
        what: 'memory while the search’s index is built (budget 512 MB)',
        memory: most,
        note: `at most, in ${seconds(performance.now() - begun)}`,
      });
      return;
    }
    await sleep(500);
  }
  throw new Error('The search’s index was not built in 5 minutes.');
}

/** Four people who look numbers up and search names; answers how many answers they got. */
async function ask(hub: Hub, agent: OneAgent, stop: AbortSignal): Promise<number> {
  const texts = ['be', 'mar', 'schm', 'anna mül', 'gmbh', 'peter'];
  let answers = 0;
  const work = async (person: number) => {
    for (let turn = person; !stop.aborted; turn += 1) {
      const path =
        turn % 2 === 0
          ? `/api/v1/lookup?number=%2B4930${20_000_000 + turn}`
          : `/api/v1/directory/search?q=${encodeURIComponent(texts[turn % texts.length]!)}`;
      const answer = await fetch(new URL(path, hub.url), { headers: { cookie: agent.cookie } });
      await answer.arrayBuffer();
      if (answer.ok) answers += 1;
      await sleep(20);
    }
  };
  await Promise.all([1, 2, 3, 4].map(work));
  return answers;
}
