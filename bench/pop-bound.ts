import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import type { FastifyReply } from 'fastify';
import { callState } from '../src/calls/call.ts';
import { createLedger } from '../src/calls/ledger.ts';
import type { Ledger } from '../src/calls/ledger.ts';
import type { CallEvent } from '../src/telephony/port.ts';
import { percentiles, report } from './row.ts';

/**
 * The bound of bench/pop.ts: the same events and as many streams, but by HTTP to a bare route that parses them, folds them into calls and
 * writes those straight to the streams. Nothing is matched, nothing is stored. Server and agents are processes of their own.
 *
 *     node bench/pop-bound.ts [calls a second, 200] [streams, 500] [seconds, 10] [rings at once, 1000]
 */

export interface PopLoad {
  /** Calls a second. */
  rate: number;
  streams: number;
  seconds: number;
  /** Rings at once, after that. */
  burst: number;
}

/** Milliseconds from an event that is sent until it was read from the agent's stream. */
export interface BoundTimes {
  steady: number[];
  burst: number[];
}

/** Starts a server, measures, and stops it. Throws when something never came. */
export async function measureBound(load: PopLoad): Promise<BoundTimes> {
  const server = fork(import.meta.filename, ['serve'], { stdio: 'inherit' });
  try {
    const [url] = (await Promise.race([
      once(server, 'message'),
      once(server, 'exit').then(() => {
        throw new Error('The bare route did not start.');
      }),
    ])) as [string];
    return await new BoundAgents(url, load).measure();
  } finally {
    server.kill();
  }
}

/** The phone system that sends, and the agents who read. */
class BoundAgents {
  readonly #url: string;
  readonly #load: PopLoad;
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  readonly #streams: http.ClientRequest[] = [];
  /** When what a stream is to show was sent, by call and state. */
  readonly #sent = new Map<string, number>();
  #times: number[] = [];

  constructor(url: string, load: PopLoad) {
    this.#url = url;
    this.#load = load;
  }

  async measure(): Promise<BoundTimes> {
    const { rate, streams, seconds, burst } = this.#load;
    try {
      await Promise.all(Array.from({ length: streams }, (_, index) => this.#read(index)));
      const begin = performance.now();
      for (let call = 0; call < rate * seconds; call += 1) {
        await sleep(Math.max(0, begin + (call * 1_000) / rate - performance.now()));
        this.#call(call);
      }
      const steady = await this.#allSeen();
      for (let call = 0; call < burst; call += 1) this.#ring(rate * seconds + call);
      return { steady, burst: await this.#allSeen() };
    } finally {
      for (const stream of this.#streams) stream.destroy();
      this.#agent.destroy();
    }
  }

  async #read(index: number): Promise<void> {
    const stream = http.get(`${this.#url}/stream/${1_000 + index}`, { agent: false });
    stream.on('error', () => undefined);
    this.#streams.push(stream);
    const [response] = (await once(stream, 'response')) as [http.IncomingMessage];
    response.on('error', () => undefined);
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (text + chunk).split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) this.#seen(message);
    });
  }

  #seen(message: string): void {
    const data = /^data: (.+)$/m.exec(message)?.[1];
    if (data === undefined) return;
    const { call, state } = JSON.parse(data) as { call: string; state: string };
    const key = `${call} ${state}`;
    const since = this.#sent.get(key);
    if (since === undefined) return;
    this.#times.push(performance.now() - since);
    this.#sent.delete(key);
  }

  #ring(index: number): void {
    const call = `bound ${index}`;
    const extension = String(1_000 + (index % this.#load.streams));
    const at = new Date();
    const [from, to] = [`+49171${5_000_000 + index}`, '+4930901820'];
    this.#tell('ringing', [
      { type: 'call-started', call, at, direction: 'inbound', from, to, queue: null },
      { type: 'leg-ringing', call, at, leg: extension, extension },
    ]);
  }

  /** Rings, is answered after half a second and ends after a second, as in bench/pop.ts. */
  #call(index: number): void {
    this.#ring(index);
    const call = `bound ${index}`;
    const extension = String(1_000 + (index % this.#load.streams));
    setTimeout(() => {
      this.#tell('talking', [{ type: 'call-answered', call, at: new Date(), extension }]);
    }, 500);
    setTimeout(() => {
      this.#tell('ended', [{ type: 'call-ended', call, at: new Date(), cause: 'normal' }]);
    }, 1_000);
  }

  #tell(state: string, events: CallEvent[]): void {
    this.#sent.set(`${events[0]!.call} ${state}`, performance.now());
    const request = http.request(`${this.#url}/events`, {
      method: 'POST',
      agent: this.#agent,
      headers: { 'content-type': 'application/json' },
    });
    // What was lost is missed by whoever waits for it.
    request.on('error', () => undefined).on('response', (response) => response.resume());
    request.end(JSON.stringify(events));
  }

  /** The times of all that was sent until now. */
  async #allSeen(): Promise<number[]> {
    await sleep(1_200);
    for (const end = performance.now() + 60_000; this.#sent.size > 0 && performance.now() < end;)
      await sleep(20);
    if (this.#sent.size > 0) throw new Error(`${this.#sent.size} events never came to a stream.`);
    const times = this.#times;
    this.#times = [];
    return times;
  }
}

async function serve(): Promise<void> {
  const streams = new Map<string, FastifyReply>();
  const ledgers = new Map<string, Ledger>();
  const app = fastify();
  app.get('/stream/:extension', (request, reply) => {
    const { extension } = request.params as { extension: string };
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    streams.set(extension, reply);
  });
  app.post('/events', async (request, reply) => {
    const events = request.body as (CallEvent & { at: string | Date })[];
    for (const event of events) event.at = new Date(event.at);
    const { call } = events[0]!;
    let ledger = ledgers.get(call);
    if (ledger === undefined) ledgers.set(call, (ledger = createLedger()));
    for (const event of events) ledger.receive(event);
    const [folded] = ledger.calls();
    const state = callState(folded!);
    if (state === 'ended') ledgers.delete(call);
    for (const leg of folded!.legs)
      if (leg.extension !== null)
        streams
          .get(leg.extension)
          ?.raw.write(`event: pop\ndata: ${JSON.stringify({ ...folded, call, state })}\n\n`);
    return reply.code(204).send();
  });
  process.send?.(await app.listen({ port: 0, host: '127.0.0.1' }));
}

if (process.argv[1] === import.meta.filename && process.argv[2] === 'serve') await serve();
else if (process.argv[1] === import.meta.filename) {
  const [rate = 200, streams = 500, seconds = 10, burst = 1_000] = process.argv
    .slice(2)
    .map(Number);
  const times = await measureBound({ rate, streams, seconds, burst });
  const load = `${rate} calls/s, ${streams} streams`;
  report({
    what: `bound: parsed, folded, written to the stream, ${load}`,
    ...percentiles(times.steady),
  });
  report({
    what: `bound: parsed, folded, written, ${burst} rings at once`,
    ...percentiles(times.burst),
  });
}
