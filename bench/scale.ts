import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { testCompany } from '../src/desk/testing.ts';
import type { TestCompany } from '../src/desk/testing.ts';
import { pullDirectory } from '../src/directory/pull-directory.ts';
import { pathFolders } from '../src/platform/config.ts';
import { openDatabase } from '../src/platform/database/database.ts';
import { startEmbedded } from '../src/platform/database/embedded.ts';
import { migrate } from '../src/platform/database/migrate.ts';
import { newId } from '../src/platform/id.ts';
import { generatedCrm } from './generated-crm.ts';
import type { GeneratedCrm } from './generated-crm.ts';
import { addAgents, extensionOf } from './office-agents.ts';
import { costOf } from './process-cost.ts';
import { percentiles } from './row.ts';
import type { NodeNews, NodeOrder } from './scale-node.ts';
import { scalePicture, scaleTable } from './scale-picture.ts';
import type { ScaleRun } from './scale-picture.ts';

/**
 * How cost grows: the same calls with 1, 2 and 3 nodes on one PostgreSQL, and with ever more contacts. Every call is received by one node
 * after the other, its agent's browser is connected to any of them, everything is committed. The processor's time for each event is told
 * beside the latency, since it depends far less on what else the machine does; what nodes and database take at rest is taken off it.
 *
 *     node bench/scale.ts [most contacts, 1000000] [calls a second, 20] [seconds, 15]
 *
 * With 1,000,000 contacts it should take some six minutes on two quiet cores (an estimate from smaller runs), two of them for filling databases; eight if pops get lost.
 * Writes bench/results/scale.json and scale.svg, and the table in docs/scale.md.
 */
const [most = 1_000_000, rate = 20, seconds = 15] = process.argv.slice(2).map(Number);
const sizes = [most / 100, most / 10, most].map(Math.round);
const agents = 200;
const idleMs = 4_000;
const to = '+4930901820';
const results = join(import.meta.dirname, 'results');
const document = join(import.meta.dirname, '../docs/scale.md');

const loadBefore = loadavg()[0]!;
const runs: ScaleRun[] = [];
interface Office {
  contacts: number;
  company: TestCompany;
  /** In the order of their extensions. */
  people: string[];
  crm: GeneratedCrm;
  connection: NodeOrder['connection'];
  databasePid(): number;
  close(): Promise<void>;
}

/** A database with so many contacts, and people with phones. */
async function openOffice(contacts: number): Promise<Office> {
  const folder = await mkdtemp(join(tmpdir(), 'ringside-bench-'));
  const server = await startEmbedded({ dataDir: join(folder, 'data'), searchPath: pathFolders() });
  await migrate(server.connection);
  const { db, close } = openDatabase({ connection: server.connection, outside: '*' });
  const company = await testCompany(db);
  const crm = generatedCrm(contacts);
  const begun = performance.now();
  await pullDirectory({ db, crm }, company.organizationId, company.connectionId);
  const took = Math.round((performance.now() - begun) / 1_000);
  console.log(`${contacts.toLocaleString('en')} contacts were pulled in ${took} s`);
  const people = Array.from({ length: agents }, () => newId());
  await addAgents(db, company, people);
  await close();
  return {
    ...{ contacts, company, people, crm, connection: server.connection },
    databasePid: server.pid,
    async close() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function measure(office: Office, count: number): Promise<ScaleRun> {
  const nodes = await Promise.all(
    Array.from({ length: count }, (_, node) =>
      startNode({
        connection: office.connection,
        company: office.company,
        agents: office.people.filter((_person, index) => index % count === node),
      }),
    ),
  );
  try {
    const flow = new Flow(office, nodes);
    await flow.ringFor(2);
    flow.forget();
    const idle = await costs(office, nodes);
    await sleep(idleMs);
    const before = await costs(office, nodes);
    const begun = performance.now();
    await flow.ringFor(seconds);
    const ms = performance.now() - begun;
    const after = await costs(office, nodes);
    const { commits, pops, lost } = flow;
    // What nodes cost without a call is told by itself: it would be shared by fewer or more events with every other load.
    const atRest = (which: 'hub' | 'database') => (before[which] - idle[which]) / idleMs;
    const each = (which: 'hub' | 'database') =>
      Math.max(0, after[which] - before[which] - atRest(which) * ms) / commits.length;
    return {
      ...{ contacts: office.contacts, nodes: count, rate, events: commits.length, lost },
      ...{ commit: percentiles(commits), pop: percentiles(pops) },
      ...{ hubMs: each('hub'), databaseMs: each('database'), memory: after.memory },
      idleMsPerSecond: (atRest('hub') + atRest('database')) * 1_000,
    };
  } finally {
    for (const node of nodes) node.kill('SIGKILL');
  }
}

async function startNode(order: NodeOrder): Promise<ChildProcess> {
  const node = fork(join(import.meta.dirname, 'scale-node.ts'));
  node.send(order);
  await Promise.race([
    once(node, 'message'),
    once(node, 'exit').then(() => {
      throw new Error('A node did not start.');
    }),
  ]);
  return node;
}

async function costs(office: Office, nodes: ChildProcess[]) {
  const hubs = await Promise.all(nodes.map(({ pid }) => costOf(pid!)));
  const database = await costOf(office.databasePid());
  const sum = (of: (cost: typeof database) => number) =>
    hubs.reduce((all, cost) => all + of(cost), 0);
  return {
    hub: sum(({ cpuMs }) => cpuMs),
    database: database.cpuMs,
    memory: sum(({ memoryMb }) => memoryMb) + database.memoryMb,
  };
}

const now = () => performance.timeOrigin + performance.now();

/** Calls that ring for half a second, are talked on for another half, and end; told to one node after the other. */
class Flow {
  readonly #office: Office;
  readonly #nodes: ChildProcess[];
  /** When an event was told, by its caller and the state that follows. */
  readonly #told = new Map<string, number>();
  readonly #awaited = new Map<string, number>();
  #calls = 0;
  #failures = 0;
  commits: number[] = [];
  pops: number[] = [];

  constructor(office: Office, nodes: ChildProcess[]) {
    this.#office = office;
    this.#nodes = nodes;
    for (const node of nodes) node.on('message', (news: NodeNews) => this.#heard(news));
  }

  /** Pops that nobody saw, not even of a later state, and events that failed. */
  get lost(): number {
    return this.#awaited.size + this.#failures;
  }

  forget(): void {
    this.commits = [];
    this.pops = [];
  }

  /** Ends when everything of it was seen, or 10 s later. */
  async ringFor(time: number): Promise<void> {
    const begin = performance.now();
    const first = this.#calls;
    const count = rate * time;
    while (this.#calls < first + count) {
      await sleep(Math.max(0, begin + ((this.#calls - first) * 1_000) / rate - performance.now()));
      this.#call(this.#calls);
      this.#calls += 1;
    }
    await sleep(1_100);
    for (const end = performance.now() + 10_000; performance.now() < end;) {
      if (this.#awaited.size === 0 && this.#told.size === 0) break;
      await sleep(50);
    }
  }

  #call(index: number): void {
    const call = `${this.#nodes.length} ${index}`;
    const extension = extensionOf(index % agents);
    const from = e164Of(this.#office.crm.ownNumber(index * 7_919));
    const at = () => new Date().toISOString();
    const node = this.#nodes[index % this.#nodes.length]!;
    const send = (state: string, events: object[]) => {
      const key = `${from} ${state}`;
      const since = now();
      this.#told.set(key, since);
      this.#awaited.set(key, since);
      node.send({ key, events });
    };
    send('ringing', [
      { type: 'call-started', call, at: at(), direction: 'inbound', from, to, queue: null },
      { type: 'leg-ringing', call, at: at(), leg: extension, extension },
    ]);
    setTimeout(() => send('talking', [{ type: 'call-answered', call, at: at(), extension }]), 500);
    setTimeout(
      () => send('ended', [{ type: 'call-ended', call, at: at(), cause: 'normal' }]),
      1_000,
    );
  }

  #heard(news: NodeNews): void {
    if ('failed' in news) this.#failures += 1;
    else if ('committed' in news) this.#took(this.#told, news.committed, news.at, this.commits);
    else if ('shown' in news) this.#shown(news.shown, news.at);
  }

  #shown(key: string, at: number): void {
    this.#took(this.#awaited, key, at, this.pops);
    // A node that falls behind leaves out what the next state has overtaken.
    const [from, state] = key.split(' ');
    if (state !== 'ringing') this.#awaited.delete(`${from} ringing`);
    if (state === 'ended') this.#awaited.delete(`${from} talking`);
  }

  #took(since: Map<string, number>, key: string, at: number, times: number[]): void {
    const begun = since.get(key);
    if (begun === undefined) return;
    times.push(at - begun);
    since.delete(key);
  }
}

function e164Of(written: string): string {
  return `+49${written.replaceAll(/\D/g, '').replace(/^0/, '')}`;
}

async function keep(): Promise<void> {
  await mkdir(results, { recursive: true });
  const machine = { node: process.versions.node, cores: cpus().length, loadBefore };
  const measured = { measuredAt: new Date().toISOString(), machine, agents, rate, seconds, runs };
  await writeFile(join(results, 'scale.json'), `${JSON.stringify(measured, null, 2)}\n`);
  await writeFile(join(results, 'scale.svg'), scalePicture(runs, loadBefore));
  const text = await readFile(document, 'utf8');
  const table = `${scaleTable(runs)}\n\n${cpus().length} cores, load ${loadBefore.toFixed(1)} before; ${rate} calls a second, ${agents} agents.`;
  const filled = text.replace(
    /(<!-- from bench\/scale\.ts -->)[\s\S]*?(<!-- to here -->)/,
    (_, begin: string, end: string) => `${begin}\n\n${table}\n\n${end}`,
  );
  await writeFile(document, filled);
}

for (const contacts of sizes) {
  const office = await openOffice(contacts);
  try {
    for (const nodes of [1, 2, 3]) {
      runs.push(await measure(office, nodes));
      console.log(scaleTable(runs).split('\n').at(-1));
      await keep();
    }
  } finally {
    await office.close();
  }
}
