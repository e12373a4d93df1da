import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { newId } from '../../src/platform/id.ts';
import { long } from '../support/long.ts';
import { sendToAny } from './agent-browser.ts';
import type { AgentBrowser } from './agent-browser.ts';
import { startCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { hireStaff } from './staff.ts';

/*
 * Three nodes and a PostgreSQL as processes, agents spread over them, calls flowing. Nodes are killed with -9, one loses its database,
 * the database crashes. At the end every call must be whole, every agent must have seen theirs, and every write must be in ServiceNow once.
 * 200 agents and twenty disasters with `npm run test:long`.
 */

const agents = long ? 200 : 6;
const disasters = long ? 20 : 3;
const callsPerSecond = long ? 8 : 1.5;

let sandbox: Sandbox;
let cluster: Cluster;
let hookPath: string;
let browsers: AgentBrowser[];

beforeAll(async () => {
  [sandbox, cluster] = await Promise.all([
    startSandbox({ port: 0, contacts: long ? 3_000 : 600, seed: 9 }),
    startCluster(3),
  ]);
  ({ hookPath, browsers } = await hireStaff(cluster, sandbox, agents));
}, 300_000);
afterAll(async () => {
  for (const browser of browsers ?? []) browser.close();
  await cluster?.close();
  await sandbox?.close();
});

interface Conversation {
  number: string;
  browser: AgentBrowser;
}

/** Rings, is answered, gets a case from every third agent, and ends; everything is sent until it is taken. */
async function converse(index: number, { number, browser }: Conversation): Promise<void> {
  const callId = `call ${index}`;
  const user = browser.extension;
  const tell = (body: object) => sendToAny(cluster.nodes, hookPath, { callId, ...body });
  const to = '+49301234500';
  await tell({ event: 'newCall', direction: 'in', from: number, to, user: [user] });
  await sleep(randomInt(100, 800));
  await tell({ event: 'answer', user, answeringNumber: user });
  const seen = await shown(browser, number);
  const order = { request: newId(), shortDescription: `Case of ${number}` };
  if (index % 3 === 0) await browser.post(`/api/v1/desk/calls/${seen}/cases`, order);
  await sleep(randomInt(100, 1_500));
  await tell({ event: 'hangup', cause: 'normalClearing' });
}

/** Waits until the agent's screen has shown the call. */
async function shown(browser: AgentBrowser, number: string): Promise<string> {
  for (;;) {
    const callId = browser.callFrom(number);
    if (callId !== undefined) return callId;
    await sleep(20);
  }
}

/** One after the other, for as long as `disasters` says; the database crashes once in every few. */
async function doHarm(): Promise<Record<string, number>> {
  const harm = { 'nodes killed': 0, 'lines to the database cut': 0, 'crashes of the database': 0 };
  for (let turn = 0; turn < disasters; turn += 1) {
    await sleep(long ? randomInt(1_000, 4_000) : 1_000);
    const node = cluster.nodes[randomInt(cluster.nodes.length)]!;
    if (turn % 3 === 0) {
      harm['nodes killed'] += 1;
      await node.kill();
      await sleep(randomInt(200, 2_000));
      await node.start();
    } else if (turn % 3 === 1) {
      harm['lines to the database cut'] += 1;
      node.database.cut();
      await sleep(randomInt(500, 3_000));
      node.database.mend();
    } else {
      harm['crashes of the database'] += 1;
      await cluster.crashDatabase();
    }
  }
  return harm;
}

test(`with ${disasters} disasters among three nodes every call is whole, was seen, and is written down once`, async () => {
  // A contact may have a number twice.
  const callers = [...new Set(sandbox.lookups.uniqueContacts().map(({ number }) => number))];
  const calls: Conversation[] = [];
  const conversations: Promise<void>[] = [];
  let harmed = false;
  const harm = doHarm().finally(() => (harmed = true));
  while (!harmed && calls.length < callers.length) {
    const index = calls.length;
    const call = { number: callers[index]!, browser: browsers[index % agents]! };
    calls.push(call);
    conversations.push(converse(index, call));
    await sleep(1_000 / callsPerSecond);
  }
  const kinds = await harm;
  await Promise.all(conversations);

  const { db } = cluster;
  const { rows: stored } = await sql<{ number: string; ended: boolean; answered_by: string }>`
    select from_number as number, ended_at is not null as ended, answered_by from call
    where merged_into is null order by source_id`.execute(db);
  const byNumber = Map.groupBy(stored, ({ number }) => number);
  for (const { number, browser } of calls) {
    const whole = { number, ended: true, answered_by: browser.extension };
    expect(byNumber.get(number)).toEqual([whole]);
  }

  await settled();
  const { rows: writes } = await sql<{ id: string; kind: string; state: string }>`
    select id, kind, state from outbox_write`.execute(db);
  expect(writes.filter(({ state }) => state !== 'delivered')).toEqual([]);
  const cases = writes.filter(({ kind }) => kind === 'create-case');
  expect(cases).toHaveLength(Math.ceil(calls.length / 3));
  for (const { id } of cases)
    expect(sandbox.records.find('sn_customerservice_case', `correlation_id=${id}`)).toHaveLength(1);
  const ids = calls.map(({ number, browser }) => browser.callFrom(number));
  for (const id of ids)
    expect(sandbox.records.find('interaction', `correlation_id=${id}`)).toHaveLength(1);
  expect(sandbox.records.find('interaction', '')).toHaveLength(calls.length);

  const reconnects = browsers.reduce((sum, browser) => sum + browser.reconnects, 0);
  const told = Object.entries(kinds).map(([what, count]) => `${count} ${what}`);
  console.log(
    `${agents} agents on three nodes, ${told.join(', ')}: ${calls.length} calls, each whole, seen by its agent and written down once; ` +
      `${cases.length} cases, each once; browsers came back ${reconnects} times`,
  );
}, 1_200_000);

/** Until nothing is on its way to ServiceNow. */
async function settled(): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ open: boolean }>`
      select exists (select from call_log_due)
        or exists (select from outbox_write where state in ('waiting', 'sending')) as open`.execute(
      cluster.db,
    );
    if (rows[0]?.open === false) return;
    await sleep(100);
  }
}
