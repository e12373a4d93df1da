import type net from 'node:net';
import { notKept } from './link-error.ts';
import type { LinkError } from './link-error.ts';

const openBatchesAtMost = 16;

/** Holds a phone system back that tells more than is kept: while several batches of events are open its socket is not read. */
export class EventGate {
  readonly #socket: net.Socket;
  readonly #fail: (reason: LinkError) => void;
  #open = 0;

  /** `fail` is told when a batch could not be kept. */
  constructor(socket: net.Socket, fail: (reason: LinkError) => void) {
    this.#socket = socket;
    this.#fail = fail;
  }

  /** Nothing is read just now, so an answer may wait in the socket. */
  get full(): boolean {
    return this.#open >= openBatchesAtMost;
  }

  /** `kept` is what was made of the next batch; it was kept when the promise resolves. */
  pass(kept: Promise<void> | void): void {
    if (!kept) return;
    this.#open += 1;
    if (this.full) this.#socket.pause();
    const finish = () => {
      this.#open -= 1;
      if (!this.#socket.destroyed) this.#socket.resume();
    };
    kept.then(finish, (error: unknown) => {
      finish();
      this.#fail(notKept(error));
    });
  }
}
