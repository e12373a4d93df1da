import type pg from 'pg';
import { gatherEvents } from '../src/calls/gather-events.ts';
import type { Pop } from '../src/desk/contract.ts';
import { DeskHub } from '../src/desk/desk-hub.ts';
import type { TestCompany } from '../src/desk/testing.ts';
import { createNumberMask } from '../src/directory/number-mask.ts';
import { systemClock } from '../src/platform/clock.ts';
import { openDatabase } from '../src/platform/database/database.ts';
import type { EventStream } from '../src/platform/event-stream.ts';
import { silentLog } from '../src/platform/log.ts';
import { createNotifier } from '../src/platform/notifier.ts';
import type { CallEvent } from '../src/telephony/port.ts';

/** One of several nodes of bench/scale.ts, a process of its own: takes events, commits them, and shows pops to its agents. */

export interface NodeOrder {
  connection: pg.PoolConfig;
  company: TestCompany;
  /** People whose browsers are connected to this node. */
  agents: string[];
}

/** An event that this node receives; `key` is its caller's number and the state that follows. */
export interface NodeEvent {
  key: string;
  events: (Omit<CallEvent, 'at'> & { at: string })[];
}

/** What a node tells: that it is ready, or when something was committed or shown (milliseconds since 1970, with fractions). */
export type NodeNews =
  | { ready: true }
  | { committed: string; at: number }
  | { shown: string; at: number }
  | { failed: string };

const now = () => performance.timeOrigin + performance.now();
const tell = (news: NodeNews) => void process.send?.(news);

async function work({ connection, company, agents }: NodeOrder): Promise<void> {
  const { db } = openDatabase({ connection, max: 10, outside: '*' });
  const notifier = await createNotifier({ connection });
  const numberMask = createNumberMask(Buffer.alloc(32));
  const hub = new DeskHub({ numberMask, db, notifier, clock: systemClock, log: silentLog });
  const receive = gatherEvents({ db, notifier, clock: systemClock, log: silentLog });
  const stream: EventStream = {
    send() {},
    sendJson(event, json) {
      if (event !== 'pop') return;
      const { caller, state } = JSON.parse(json) as Pop;
      tell({ shown: `${caller.e164} ${state}`, at: now() });
    },
    close() {},
    closeFor() {},
    onClose() {},
  };
  for (const personId of agents)
    hub.attach(company.organizationId, personId, { stream, stillSignedIn: async () => true });
  process.on('message', ({ key, events }: NodeEvent) => {
    const facts = events.map((event) => ({ ...event, at: new Date(event.at) }) as CallEvent);
    receive(company, facts).then(
      () => tell({ committed: key, at: now() }),
      (error: unknown) => tell({ failed: (error as Error).message }),
    );
  });
  tell({ ready: true });
}

if (process.send) process.once('message', (order: NodeOrder) => void work(order));
