import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatherEvents } from '../src/calls/gather-events.ts';
import type { Pop } from '../src/desk/contract.ts';
import { DeskHub } from '../src/desk/desk-hub.ts';
import { fillMirror, testCompany } from '../src/desk/testing.ts';
import { systemClock } from '../src/platform/clock.ts';
import { pathFolders } from '../src/platform/config.ts';
import { openDatabase } from '../src/platform/database/database.ts';
import { startEmbedded } from '../src/platform/database/embedded.ts';
import { migrate } from '../src/platform/database/migrate.ts';
import type { EventStream } from '../src/platform/event-stream.ts';
import { newId } from '../src/platform/id.ts';
import { silentLog } from '../src/platform/log.ts';
import { createNotifier } from '../src/platform/notifier.ts';
import type { CallEvent } from '../src/telephony/port.ts';
import { addAgents, extensionOf } from './office-agents.ts';
import { costOf } from './process-cost.ts';
import { measureBound } from './pop-bound.ts';
import { percentiles, report, timeRatio } from './row.ts';
import { createNumberMask } from '../src/directory/number-mask.ts';

const numberMask = createNumberMask(Buffer.alloc(32));

/**
 * From a phone event received to the pop on the agent's stream, everything committed, on the embedded PostgreSQL:
 *
 *     node bench/pop.ts [calls a second, 200] [streams, 500] [seconds, 10]
 *
 * Each call rings, is answered after half a second and ends after a second: three commits and three pops. Only the
 * network to the phone system and to the browser is left out. Then the bound: the same by HTTP without matching and storing
 * (bench/pop-bound.ts), which does have that network in it. The memory is of hub, database and this program.
 */

const [rate = 200, streams = 500, seconds = 10] = process.argv.slice(2).map(Number);
const contacts = 20_000;
const burst = 1_000;
/** Callers of the burst are others than those before. */
const burstBase = 10_000;

const folder = await mkdtemp(join(tmpdir(), 'ringside-bench-'));
const embedded = await startEmbedded({
  dataDir: join(folder, 'data'),
  searchPath: pathFolders(),
  onLost: (error) => {
    throw error;
  },
});
await migrate(embedded.connection);
const { db, close } = openDatabase({ connection: embedded.connection, outside: '*' });
const notifier = await createNotifier({ connection: embedded.connection });
const hub = new DeskHub({ numberMask, db, notifier, clock: systemClock, log: silentLog });
const company = await testCompany(db);
const receive = gatherEvents({ db, notifier, clock: systemClock, log: silentLog });
await fillMirror(
  db,
  company,
  Array.from({ length: contacts }, (_, index) => ({
    id: `c${index}`,
    name: `Ada Berg${index}`,
    raw: numberOf(index),
    cases: index % 3,
  })),
);

/** When what a stream is to show was received, by caller and state. */
const awaited = new Map<string, number>();
const toPop: number[] = [];
const toCommit: number[] = [];
let failures = 0;
/** The first one. */
let failure = '';
let overtaken = 0;

const agents = Array.from({ length: streams }, () => newId());
await addAgents(db, company, agents);
for (const personId of agents) connectAgent(personId);
await new Promise((resolve) => setTimeout(resolve, 1_000));
const before = await costs();
await ringFor(seconds);
// The last calls of them end a second later.
await new Promise((resolve) => setTimeout(resolve, 1_500));
await allSeen(60_000);
const [steadyPops, steadyCommits] = [toPop.splice(0), toCommit.splice(0)];
const after = await costs();

const load = `${rate} calls/s, ${streams} streams`;
report({ what: `event received to committed, ${load}`, ...percentiles(steadyCommits) });
report({
  what: `event received to pop, ${load} (budget 15, 100)`,
  ...percentiles(steadyPops),
  note: overtaken > 0 ? `${overtaken} of ${steadyPops.length} overtaken by the next state` : '',
});
const events = steadyCommits.length;
report({
  what: `processor time per event, ${load}`,
  note: `hub ${((after.hub - before.hub) / events).toFixed(2)} ms, PostgreSQL ${((after.database - before.database) / events).toFixed(2)} ms`,
});
for (let call = 0; call < burst; call += 1) ring(burstBase + call);
await allSeen(60_000);
const { memoryMb: memory } = await costOf(process.pid);
report({ what: `event received to pop, ${burst} rings at once`, ...percentiles(toPop), memory });
const lost = awaited.size + failures;
if (lost > 0) {
  report({ what: 'pops that never came, events that failed', note: `${lost} ${failure}` });
  process.exitCode = 1;
}

hub.close();
await notifier.close();
await close();
await embedded.stop();
await rm(folder, { recursive: true, force: true });

// With the hub gone, so that it has both processors as the hub had.
const bound = await measureBound({ rate, streams, seconds, burst });
report({
  what: `bound: by HTTP, parsed, folded, written to the stream, ${load}`,
  ...percentiles(bound.steady),
  ...timeRatio(bound.steady, steadyPops),
});
report({
  what: `bound: the same, ${burst} rings at once`,
  ...percentiles(bound.burst),
  ...timeRatio(bound.burst, toPop),
});

/** What a hub that fell behind still owes is waited for, so that its rows tell how far. */
async function allSeen(patienceMs: number): Promise<void> {
  const end = performance.now() + patienceMs;
  while (awaited.size > 0 && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

async function costs() {
  const [hubCost, database] = await Promise.all([costOf(process.pid), costOf(embedded.pid())]);
  return { hub: hubCost.cpuMs, database: database.cpuMs };
}

function connectAgent(personId: string): void {
  const stream: EventStream = {
    send() {},
    sendJson(event, json) {
      if (event === 'pop') seen(JSON.parse(json) as Pop);
    },
    close() {},
    closeFor() {},
    onClose() {},
  };
  hub.attach(company.organizationId, personId, { stream, stillSignedIn: async () => true });
}

function seen(pop: Pop): void {
  // A hub that falls behind leaves out what was overtaken by the next state.
  if (pop.state !== 'ringing') skip(`${pop.caller.e164} ringing`);
  if (pop.state === 'ended') skip(`${pop.caller.e164} talking`);
  const key = `${pop.caller.e164} ${pop.state}`;
  const since = awaited.get(key);
  if (since === undefined) return;
  toPop.push(performance.now() - since);
  awaited.delete(key);
}

function skip(key: string): void {
  if (awaited.delete(key)) overtaken += 1;
}

/** Calls come evenly, however slow the answer: a hub that falls behind shows it. */
async function ringFor(time: number): Promise<void> {
  const end = performance.now() + time * 1000;
  let next = performance.now();
  for (let call = 0; performance.now() < end;) {
    while (performance.now() >= next) {
      next += 1000 / rate;
      startCall(call);
      call += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function ring(index: number): void {
  const call = `bench ${index}`;
  const extension = extensionOf(index % streams);
  const from = numberOf(index % contacts);
  const to = '+4930901820';
  void tell(index, 'ringing', [
    { type: 'call-started', call, at: new Date(), direction: 'inbound', from, to, queue: null },
    { type: 'leg-ringing', call, at: new Date(), leg: extension, extension },
  ]);
}

function startCall(index: number): void {
  ring(index);
  const call = `bench ${index}`;
  const extension = extensionOf(index % streams);
  setTimeout(() => {
    void tell(index, 'talking', [{ type: 'call-answered', call, at: new Date(), extension }]);
  }, 500);
  setTimeout(() => {
    void tell(index, 'ended', [{ type: 'call-ended', call, at: new Date(), cause: 'normal' }]);
  }, 1_000);
}

async function tell(index: number, state: Pop['state'], events: CallEvent[]): Promise<void> {
  const received = performance.now();
  awaited.set(`+49171${5_000_000 + (index % contacts)} ${state}`, received);
  try {
    await receive(company, events);
    toCommit.push(performance.now() - received);
  } catch (error) {
    failure ||= (error as Error).message;
    failures += 1;
  }
}

function numberOf(index: number): string {
  return `0171 ${5_000_000 + index}`;
}
