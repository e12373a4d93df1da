import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import { createLedger } from '../src/calls/ledger.ts';
import { openAmiConnection } from '../src/telephony/asterisk/ami-connection.ts';
import { signIn } from '../src/telephony/asterisk/ami-sign-in.ts';
import { createAmiTranslator } from '../src/telephony/asterisk/ami-translator.ts';
import type { AmiPackage } from './ami-packages.ts';
import { trunk } from './captured-stream.ts';

/**
 * One client of the manager interface that counts the events it is told, in a process of its own; started by bench/ami.ts:
 *
 *     node bench/ami-client.ts NAME PORT EVENTS_PER_ROUND ROUNDS FOLDER_OF_PACKAGES
 */

export type AmiClientName = AmiPackage | 'ringside' | 'ringside-parser';

/** What a client sends when all events came, or none for a while. */
export interface AmiClientResult {
  events: number;
  perSecond: number;
  /** Milliseconds of each 1,000 events. */
  perThousand: number[];
  /** Of Ringside: calls folded in each round. */
  calls: number[];
}

const [name = '', port = '', perRound = '', rounds = '', packages = ''] = process.argv.slice(2);
const eventsPerRound = Number(perRound);
const all = eventsPerRound * Number(rounds);
/** Not measured: the compiler is still at work. */
const warmUp = 2 * eventsPerRound;
const silenceMs = 3_000;
const login = { username: 'bench', secret: 'bench' };

let events = 0;
let measuredFrom = 0;
let lastMark = 0;
const perThousand: number[] = [];
const calls: number[] = [];

/** Called for each event; `performance.now()` only once in a thousand. */
function count(): void {
  events += 1;
  if (events === warmUp) measuredFrom = lastMark = performance.now();
  else if (events > warmUp && (events - warmUp) % 1_000 === 0) {
    const now = performance.now();
    perThousand.push(now - lastMark);
    lastMark = now;
  }
  if (events === all) finish();
}

function finish(): void {
  const perSecond = ((perThousand.length * 1_000) / (lastMark - measuredFrom)) * 1_000;
  const result: AmiClientResult = { events, perSecond, perThousand, calls };
  process.send?.(result, () => process.exit());
}

/** A client that loses events never counts all of them. */
let seen = -1;
setInterval(() => {
  if (events === seen) finish();
  seen = events;
}, silenceMs);

async function ringside(fold: boolean): Promise<void> {
  const translator = createAmiTranslator([trunk]);
  let ledger = createLedger();
  const connection = await openAmiConnection({
    ...{ host: '127.0.0.1', port: Number(port), tls: 'no' },
    onEvents(messages, receivedAt) {
      for (const message of messages) {
        if (fold)
          for (const event of translator.translate(message, receivedAt)) ledger.receive(event);
        if (fold && (events + 1) % eventsPerRound === 0) {
          calls.push(ledger.calls().length);
          ledger = createLedger();
        }
        count();
      }
    },
  });
  await signIn(connection, { ...login, method: 'plain' });
}

const load = createRequire(join(packages, 'bench.cjs'));
/** Untyped packages, as their own READMEs use them. */
interface Emitter {
  on(event: string, listener: () => void): void;
}

const clients: Record<AmiClientName, () => Promise<unknown> | void> = {
  ringside: () => ringside(true),
  'ringside-parser': () => ringside(false),
  'asterisk-manager'() {
    const Manager = load('asterisk-manager') as new (...settings: unknown[]) => Emitter;
    const { username, secret } = login;
    new Manager(Number(port), '127.0.0.1', username, secret, true).on('managerevent', count);
  },
  'asterisk-ami-client'() {
    const Client = load('asterisk-ami-client') as new () => Emitter & {
      connect(user: string, secret: string, address: object): Promise<unknown>;
    };
    const client = new Client();
    client.on('event', count);
    return client.connect(login.username, login.secret, { host: '127.0.0.1', port: Number(port) });
  },
  yana() {
    // It calls util.isArray, which Node 23 took away.
    Object.assign(util, { isArray: Array.isArray });
    Object.assign(load('node:util') as object, { isArray: Array.isArray });
    const Ami = load('yana') as new (settings: object) => Emitter & { connect(): void };
    const client = new Ami({
      ...{ host: '127.0.0.1', port: Number(port) },
      ...{ login: login.username, password: login.secret },
    });
    client.on('event', count);
    client.on('error', () => undefined);
    client.connect();
  },
  'ami-io'() {
    const { createClient, SilentLogger } = load('ami-io') as {
      createClient(settings: object): Emitter & { connect(): void };
      SilentLogger: new () => object;
    };
    const client = createClient({
      ...{ host: '127.0.0.1', port: Number(port), logger: new SilentLogger() },
      ...{ login: login.username, password: login.secret },
    });
    client.on('rawEvent', count);
    client.connect();
  },
};

await clients[name as AmiClientName]();
