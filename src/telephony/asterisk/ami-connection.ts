import type net from 'node:net';
import { EventGate } from '../event-gate.ts';
import { closedHere, LinkError, socketFailure } from '../link-error.ts';
import { RingsideError } from '../../platform/errors.ts';
import { writeAction } from './ami-action.ts';
import type { ActionFields } from './ami-action.ts';
import { createAmiParser, valueOf } from './ami-parser.ts';
import type { AmiMessage } from './ami-parser.ts';
import { openAmiSocket } from './ami-socket.ts';
import type { AmiAddress } from './ami-socket.ts';

/** Milliseconds. */
export interface AmiTiming {
  connect: number;
  action: number;
  pingEvery: number;
  pingDeadline: number;
}

const usualTiming: AmiTiming = {
  connect: 5_000,
  action: 5_000,
  pingEvery: 10_000,
  pingDeadline: 5_000,
};

export interface AmiOptions extends AmiAddress {
  timing?: Partial<AmiTiming>;
  /** Every event, in order. While several of its promises are open nothing more is read. */
  onEvents(messages: AmiMessage[], receivedAt: Date): Promise<void> | void;
}

/** Bytes without the end of a message: far above any message, far below what would hurt. */
const largestUnfinished = 512 * 1024;
const listedAtMost = 50_000;
const actionsAtMost = 1_000;
const oddBlocksAtMost = 20;

interface Waiting {
  list: AmiMessage[] | null;
  response: AmiMessage | null;
  resolve(messages: AmiMessage[]): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** One connection to the manager interface, from its banner to its end. It is not signed in by itself. */
export class AmiConnection {
  /** Resolves with the reason once the connection is gone. */
  readonly closed: Promise<LinkError>;
  readonly timing: AmiTiming;
  readonly #options: AmiOptions;
  readonly #socket: net.Socket;
  readonly #gate: EventGate;
  readonly #parser = createAmiParser();
  readonly #waiting = new Map<string, Waiting>();
  readonly #tellClosed: (reason: LinkError) => void;
  #count = 0;
  #unfinished = 0;
  #oddBlocks = 0;
  #ended = false;
  #pinger: NodeJS.Timeout | null = null;

  constructor(options: AmiOptions, socket: net.Socket, rest: Buffer) {
    this.#options = options;
    this.#socket = socket;
    this.#gate = new EventGate(socket, (reason) => this.close(reason));
    this.timing = { ...usualTiming, ...options.timing };
    const { promise, resolve } = Promise.withResolvers<LinkError>();
    this.closed = promise;
    this.#tellClosed = resolve;
    const where = `${options.host}:${options.port}`;
    socket.on('error', (error) => this.close(socketFailure(error, where)));
    socket.on('close', () => this.close(socketFailure({}, where)));
    socket.on('data', (chunk) => this.#receive(chunk));
    this.#receive(rest);
    if (!this.#gate.full) socket.resume();
  }

  /** Sends an action and waits for its response, whatever it says. Throws LinkError. */
  async action(fields: ActionFields, deadline = this.timing.action): Promise<AmiMessage> {
    const [response] = await this.#send(fields, deadline, false);
    if (response === undefined) throw new LinkError('protocol-error', 'No response.', '');
    return response;
  }

  /** Sends an action that is answered by a list of events; answers these without the last, the `…Complete`. Throws LinkError. */
  async list(fields: ActionFields, deadline = this.timing.action): Promise<AmiMessage[]> {
    return this.#send(fields, deadline, true);
  }

  /** Begins to ask whether the other side still lives; a link that is half open shows itself only so. */
  watch(): void {
    const { pingEvery, pingDeadline } = this.timing;
    this.#pinger = setTimeout(() => void this.#ping(pingDeadline), pingEvery);
  }

  close(reason: LinkError = closedHere()): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#pinger) clearTimeout(this.#pinger);
    this.#socket.destroy();
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(reason);
    }
    this.#waiting.clear();
    this.#tellClosed(reason);
  }

  async #ping(deadline: number): Promise<void> {
    try {
      await this.action({ Action: 'Ping' }, deadline);
    } catch (error) {
      // While we do not read, because our own side is slow, the answer may wait in the socket.
      if (!this.#gate.full) this.close(error instanceof LinkError ? error : frozen(deadline));
    }
    if (!this.#ended) this.watch();
  }

  #send(fields: ActionFields, deadline: number, list: boolean): Promise<AmiMessage[]> {
    const id = `ringside-${++this.#count}`;
    const text = writeAction(fields, id);
    if (this.#ended) return Promise.reject(closedHere());
    if (this.#waiting.size >= actionsAtMost) return Promise.reject(tooMany());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(frozen(deadline));
      }, deadline);
      this.#waiting.set(id, { list: list ? [] : null, response: null, resolve, reject, timer });
      this.#socket.write(text);
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#ended) return;
    let messages: AmiMessage[];
    try {
      messages = this.#parser.push(chunk);
    } catch (error) {
      if (!(error instanceof RingsideError)) throw error;
      return this.close(garbled(error.message));
    }
    this.#unfinished = messages.length > 0 ? 0 : this.#unfinished + chunk.length;
    if (this.#unfinished > largestUnfinished) return this.close(endless());
    const events = messages.filter((message) => this.#sort(message));
    if (events.length > 0) this.#gate.pass(this.#options.onEvents(events, new Date()));
  }

  /** Gives responses to whoever waits for them; answers true for events. */
  #sort(message: AmiMessage): boolean {
    const waiting = this.#waiting.get(valueOf(message, 'ActionID'));
    if (message.has('Event')) {
      if (waiting?.list && waiting.response) this.#collect(waiting, waiting.list, message);
      return true;
    }
    if (!message.has('Response')) {
      if (++this.#oddBlocks > oddBlocksAtMost)
        this.close(garbled('Blocks came that are no messages.'));
      return false;
    }
    if (waiting === undefined) return false;
    waiting.response = message;
    const failed = valueOf(message, 'Response') === 'Error';
    if (waiting.list === null) this.#settle(message, [message]);
    else if (failed) this.#settle(message, []);
    return false;
  }

  #collect(waiting: Waiting, list: AmiMessage[], message: AmiMessage): void {
    const complete =
      valueOf(message, 'EventList') === 'Complete' ||
      valueOf(message, 'Event').endsWith('Complete');
    if (complete) this.#settle(message, list);
    else if (list.length >= listedAtMost) this.close(endless());
    else list.push(message);
  }

  #settle(message: AmiMessage, answer: AmiMessage[]): void {
    const id = valueOf(message, 'ActionID');
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    waiting.resolve(answer);
  }
}

/** Connects and reads the banner. Throws LinkError, or the signal's reason. */
export async function openAmiConnection(
  options: AmiOptions,
  signal?: AbortSignal,
): Promise<AmiConnection> {
  const deadline = options.timing?.connect ?? usualTiming.connect;
  const { socket, rest } = await openAmiSocket(options, deadline, signal);
  const connection = new AmiConnection(options, socket, rest);
  const onAbort = () => connection.close();
  signal?.addEventListener('abort', onAbort, { once: true });
  void connection.closed.then(() => signal?.removeEventListener('abort', onAbort));
  return connection;
}

function frozen(deadline: number): LinkError {
  return new LinkError(
    'timeout',
    `The phone system gave no answer for ${deadline / 1000} seconds.`,
    'It is tried again by itself. Check that the phone system is not overloaded and that no firewall drops idle connections.',
  );
}

function tooMany(): LinkError {
  return new LinkError('failed', 'Too many questions are open at the phone system.', 'Try again.');
}

function garbled(detail: string): LinkError {
  return new LinkError(
    'protocol-error',
    `What the phone system sends cannot be read: ${detail}`,
    'Check that host and port lead to the manager interface itself and not through something that changes the bytes.',
  );
}

function endless(): LinkError {
  return new LinkError(
    'too-large',
    'The phone system sent a message without an end.',
    'Check that host and port lead to the manager interface.',
  );
}
