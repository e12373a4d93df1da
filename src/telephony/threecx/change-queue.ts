import type { EntityEvent } from './event-socket.ts';

/** Changes waiting to be looked at; beyond it everything is asked anew instead. */
const waitingAtMost = 500;

/** Changes are looked at one after the other; a change of something that waits already is not asked for twice. */
export class ChangeQueue {
  onFailure: (error: unknown) => void = () => undefined;
  readonly #look: (event: EntityEvent) => Promise<void>;
  #waiting: EntityEvent[] = [];
  #state: 'waiting' | 'idle' | 'busy' | 'stopped' = 'waiting';

  constructor(look: (event: EntityEvent) => Promise<void>) {
    this.#look = look;
  }

  add(event: EntityEvent): void {
    const last = this.#waiting.at(-1);
    const same = last?.dn === event.dn && last.participant === event.participant;
    if (same && !event.gap && last.removed === event.removed) return;
    this.#waiting.push(event);
    if (this.#waiting.length > waitingAtMost)
      this.#waiting = [{ gap: true, removed: false, dn: '', participant: '' }];
    if (this.#state === 'idle') void this.#work();
  }

  start(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'idle';
    void this.#work();
  }

  stop(): void {
    this.#state = 'stopped';
    this.#waiting = [];
  }

  async #work(): Promise<void> {
    this.#state = 'busy';
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift())
        await this.#look(next);
      if (this.#state === 'busy') this.#state = 'idle';
    } catch (error) {
      this.stop();
      this.onFailure(error);
    }
  }
}
