import net from 'node:net';
import { RingsideError } from '../../platform/errors.ts';
import { guardedLookup, refuseAddress } from '../../platform/outbound.ts';
import { cleanText } from '../../platform/text.ts';
import { EventGate } from '../event-gate.ts';
import { closedHere, LinkError, socketFailure } from '../link-error.ts';
import * as failure from './esl-failure.ts';
import { createEslParser } from './esl-parser.ts';
import type { EslEvent, EslReply } from './esl-parser.ts';

/** Milliseconds. */
export interface EslTiming {
  connect: number;
  command: number;
  askEvery: number;
  askDeadline: number;
}

const usualTiming: EslTiming = {
  connect: 5_000,
  command: 5_000,
  askEvery: 10_000,
  askDeadline: 5_000,
};

export interface EslOptions {
  host: string;
  port: number;
  timing?: Partial<EslTiming>;
  /** Every event, in order. While several of its promises are open nothing more is read. */
  onEvents(events: EslEvent[], receivedAt: Date): Promise<void> | void;
}

/** Bytes without the end of a message: above the largest body that is read, far below what would hurt. */
const largestUnfinished = 6 * 1024 * 1024;
const commandsAtMost = 200;

interface Waiting {
  resolve(reply: EslReply): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** A refused address is a socket that fails at once. */
function connectTo(host: string, port: number): net.Socket {
  try {
    refuseAddress(host, 'phone-link');
  } catch (error) {
    return new net.Socket().destroy(error as Error);
  }
  return net.connect({ host, port, lookup: guardedLookup('phone-link') });
}

/** One connection to the Event Socket, from its greeting to its end. It is not signed in by itself. */
export class EslConnection {
  /** Resolves with the reason once the connection is gone. */
  readonly closed: Promise<LinkError>;
  readonly timing: EslTiming;
  /** Resolves when FreeSWITCH asks for the password. */
  readonly greeted: Promise<void>;
  readonly #options: EslOptions;
  readonly #socket: net.Socket;
  readonly #gate: EventGate;
  readonly #parser = createEslParser((reply) => this.#take(reply));
  /** Answers come in the order of the commands. */
  readonly #waiting: Waiting[] = [];
  readonly #tellClosed: (reason: LinkError) => void;
  readonly #tellGreeted: () => void;
  #unfinished = 0;
  #replies = 0;
  #ended = false;
  #asker: NodeJS.Timeout | null = null;

  constructor(options: EslOptions) {
    this.#options = options;
    this.timing = { ...usualTiming, ...options.timing };
    const closing = Promise.withResolvers<LinkError>();
    this.closed = closing.promise;
    this.#tellClosed = closing.resolve;
    const greeting = Promise.withResolvers<void>();
    this.greeted = greeting.promise;
    this.#tellGreeted = greeting.resolve;
    const { host, port } = options;
    const where = `${host}:${port}`;
    this.#socket = connectTo(host, port).setNoDelay(true);
    this.#gate = new EventGate(this.#socket, (reason) => this.close(reason));
    const timer = setTimeout(() => this.close(failure.silent(where)), this.timing.connect);
    void Promise.race([this.greeted, this.closed]).then(() => clearTimeout(timer));
    this.#socket.on('error', (error) => this.close(socketFailure(error, where)));
    this.#socket.on('close', () => this.close(socketFailure({}, where)));
    this.#socket.on('data', (chunk) => this.#receive(chunk));
  }

  /**
   * Sends a command and waits for its answer, whatever it says: the Reply-Text, or the body of an `api` command. Throws LinkError, or
   * `invalid-input` when the command holds a line break or NUL: what comes after would be another command.
   */
  async command(line: string, deadline = this.timing.command): Promise<string> {
    const { headers, body } = await this.#send(line, deadline);
    return headers.get('Content-Type') === 'api/response'
      ? body
      : (headers.get('Reply-Text') ?? '');
  }

  /** Begins to ask whether the other side still lives; a link that is half open shows itself only so. */
  watch(): void {
    this.#asker = setTimeout(() => void this.#ask(), this.timing.askEvery);
  }

  close(reason: LinkError = closedHere()): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#asker) clearTimeout(this.#asker);
    this.#socket.destroy();
    for (const waiting of this.#waiting.splice(0)) {
      clearTimeout(waiting.timer);
      waiting.reject(reason);
    }
    this.#tellClosed(reason);
  }

  async #ask(): Promise<void> {
    try {
      await this.command('api uptime', this.timing.askDeadline);
    } catch (error) {
      this.close(error instanceof LinkError ? error : undefined);
    }
    if (!this.#ended) this.watch();
  }

  #send(line: string, deadline: number): Promise<EslReply> {
    // oxlint-disable-next-line no-control-regex -- these are what must not be in it
    if (/[\r\n\u0000]/.test(line))
      return Promise.reject(
        new RingsideError('invalid-input', 'A command holds a line break or NUL.'),
      );
    if (this.#ended) return Promise.reject(closedHere());
    if (this.#waiting.length >= commandsAtMost) return Promise.reject(failure.tooMany());
    return new Promise((resolve, reject) => {
      // An answer that comes too late would be taken for the next one's: the connection is of no use then.
      const timer = setTimeout(() => {
        if (!this.#gate.full) return this.close(failure.frozen(deadline));
        timer.refresh();
      }, deadline);
      this.#waiting.push({ resolve, reject, timer });
      this.#socket.write(`${line}\n\n`);
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#ended) return;
    const before = this.#replies;
    let events: EslEvent[];
    try {
      events = this.#parser.push(chunk);
    } catch (error) {
      if (error instanceof RingsideError) return this.close(failure.notEsl(error.message));
      throw error;
    }
    const progress = events.length > 0 || this.#replies !== before;
    this.#unfinished = progress ? 0 : this.#unfinished + chunk.length;
    if (this.#unfinished > largestUnfinished) return this.close(failure.endless());
    if (events.length > 0 && !this.#ended)
      this.#gate.pass(this.#options.onEvents(events, new Date()));
  }

  #take(reply: EslReply): void {
    this.#replies += 1;
    const type = reply.headers.get('Content-Type');
    if (type === 'auth/request') return this.#tellGreeted();
    if (type === 'text/rude-rejection') return this.close(failure.unwelcome());
    if (type === 'text/disconnect-notice') return this.close(failure.dismissed());
    if (type !== 'command/reply' && type !== 'api/response') {
      // Of a message whose length was wrong the rest looks like this.
      if (type === undefined) this.close(failure.garbled());
      return;
    }
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    waiting.resolve(reply);
  }
}

/** Connects and waits until FreeSWITCH asks for the password. Throws LinkError, or the signal's reason. */
export async function openEslConnection(
  options: EslOptions,
  signal?: AbortSignal,
): Promise<EslConnection> {
  signal?.throwIfAborted();
  const connection = new EslConnection(options);
  const onAbort = () => connection.close();
  signal?.addEventListener('abort', onAbort, { once: true });
  void connection.closed.then(() => signal?.removeEventListener('abort', onAbort));
  const reason = await Promise.race([connection.greeted, connection.closed]);
  if (signal?.aborted) throw signal.reason;
  if (reason) throw reason;
  return connection;
}

/** Signs in. Throws LinkError `unauthorized` when FreeSWITCH says no. */
export async function authenticate(connection: EslConnection, password: string): Promise<void> {
  const said = await connection.command(`auth ${password}`);
  if (said.startsWith('+OK')) return;
  throw new LinkError(
    'unauthorized',
    `FreeSWITCH refuses the password: '${cleanText(said, 120) || 'no reason given'}'.`,
    "It is 'password' in autoload_configs/event_socket.conf.xml; after a change reload mod_event_socket.",
  );
}
