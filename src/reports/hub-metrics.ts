import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { OnCrmRequest } from '../crm/port.ts';
import type { Database } from '../platform/database/database.ts';
import type { Log } from '../platform/log.ts';
import { hubFigures } from './hub-figures-store.ts';
import type { HubFigures } from './hub-figures-store.ts';

export interface HubMetricsDeps {
  db: Database;
  log: Log;
  /** How many live streams are open on this node. */
  streams(): number;
}

/** Gauges and readers within so many milliseconds share one look at the database. */
const keptMs = 2_000;

/** A figure with its labels; none of them names an organization or a person. */
type Figure = [value: number, labels?: Record<string, string>];

/** What the database tells of the whole hub: every node tells the same. Names without the prefix `ringside_`. */
const gauges: {
  name: string;
  help: string;
  labels: string[];
  read(figures: HubFigures): Figure[];
}[] = [
  {
    name: 'outbox_writes',
    help: 'Writes to a CRM by state.',
    labels: ['state'],
    read: ({ outbox }) =>
      ['waiting', 'sending', 'attention'].map((state) => [
        outbox.find((one) => one.state === state)?.count ?? 0,
        { state },
      ]),
  },
  {
    name: 'outbox_oldest_seconds',
    help: 'Age of the oldest write that is not through and not put up for attention; 0: none waits.',
    labels: [],
    read: ({ outbox }) => [
      [Math.max(0, ...outbox.flatMap(({ state, age }) => (state === 'attention' ? [] : [age])))],
    ],
  },
  {
    name: 'outbox_connection_failing',
    help: '1 while writes to the connection are held back because it fails.',
    labels: ['connection'],
    read: ({ connections }) =>
      connections.map(({ id, writesFailing }) => [Number(writesFailing), { connection: id }]),
  },
  {
    name: 'pull_lag_seconds',
    help: 'Age of the mirror of a connection: seconds since all its changes were known.',
    labels: ['connection'],
    read: ({ connections }) =>
      connections.flatMap(({ id, lag }): Figure[] =>
        lag === null ? [] : [[Math.max(0, lag), { connection: id }]],
      ),
  },
  {
    name: 'pull_failures',
    help: 'Rounds of reading a connection that failed in a row.',
    labels: ['connection'],
    read: ({ connections }) =>
      connections.map(({ id, failures }) => [failures, { connection: id }]),
  },
  {
    name: 'phone_link_up',
    help: '1 while the link to the phone system works.',
    labels: ['phone_system'],
    read: ({ phoneLinks }) => phoneLinks.map(({ id, up }) => [Number(up), { phone_system: id }]),
  },
  {
    name: 'job_queue',
    help: 'Jobs by state; failed ones were given up.',
    labels: ['state'],
    read: ({ jobs }) =>
      ['due', 'later', 'working', 'failed'].map((state) => [
        jobs.find((one) => one.state === state)?.count ?? 0,
        { state },
      ]),
  },
  {
    name: 'calls_open',
    help: 'Calls that are up.',
    labels: [],
    read: ({ openCalls }) => [[openCalls]],
  },
];

/** Adds the hub's figures to /metrics. While the database is away those it tells are absent and ringside_database_up is 0. */
export function measureHub(registry: Registry, { db, log, streams }: HubMetricsDeps): void {
  let look = { at: Number.NEGATIVE_INFINITY, figures: Promise.resolve<HubFigures | null>(null) };
  const figuresNow = (): Promise<HubFigures | null> => {
    if (performance.now() - look.at > keptMs) {
      const figures = hubFigures(db).catch((error: unknown) => {
        log.warn({ err: error }, 'the figures of the hub cannot be read');
        return null;
      });
      look = { at: performance.now(), figures };
    }
    return look.figures;
  };
  const registers = [registry];
  for (const { name, help, labels, read } of gauges) {
    const gauge: Gauge = new Gauge({
      ...{ name: `ringside_${name}`, help, labelNames: labels, registers },
      async collect() {
        const figures = await figuresNow();
        gauge.reset();
        // Without labels `reset` leaves a 0, which would be a lie.
        if (figures === null) gauge.remove();
        for (const [value, its = {}] of figures === null ? [] : read(figures))
          gauge.set(its, value);
      },
    });
  }
  const up: Gauge = new Gauge({
    ...{ name: 'ringside_database_up', help: '1 while the database answers.', registers },
    async collect() {
      up.set(Number((await figuresNow()) !== null));
    },
  });
  const open: Gauge = new Gauge({
    name: 'ringside_streams',
    help: 'Live streams to browsers that are open on this node.',
    registers,
    collect: () => open.set(streams()),
  });
}

/** Counts requests to CRMs by the code of their answers. */
export function measureCrmRequests(registry: Registry): OnCrmRequest {
  const labelNames = ['platform', 'code'];
  const registers = [registry];
  const count = new Counter({
    name: 'ringside_crm_requests_total',
    help: 'Requests of this node to CRMs, by HTTP status or by what kept them from being answered.',
    ...{ labelNames, registers },
  });
  const durations = new Histogram({
    name: 'ringside_crm_request_seconds',
    help: 'Time from sending a request to a CRM to the end of its answer.',
    ...{ labelNames: ['platform'], registers },
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  });
  return ({ platform, code, seconds }) => {
    count.inc({ platform, code });
    durations.observe({ platform }, seconds);
  };
}

/** Counts jobs that this node worked on. */
export function measureJobs(registry: Registry) {
  const count = new Counter({
    name: 'ringside_jobs_total',
    help: 'Jobs that this node worked on: done, tried (it will be tried again) or failed for good.',
    labelNames: ['task', 'outcome'],
    registers: [registry],
  });
  return (task: string, outcome: 'done' | 'tried' | 'failed'): void => count.inc({ task, outcome });
}
