import type { Clock } from '../platform/clock.ts';

const keptMs = 5_000;
const callsKept = 2_000;

/**
 * Keeps who was found for a call's other party for five seconds: while phones ring in turn and one is lifted, only the call changes, and
 * one look-up serves all of it. Whoever is told that more has changed (a choice, a record) forgets it first.
 */
export class KeptCallers<T> {
  readonly #clock: Clock;
  readonly #kept = new Map<string, { number: string; until: number; found: Promise<T> }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  find(callId: string, number: string, look: () => Promise<T>): Promise<T> {
    const now = this.#clock.now().getTime();
    const known = this.#kept.get(callId);
    if (known !== undefined && known.number === number && known.until > now) return known.found;
    const found = look();
    this.#kept.delete(callId);
    this.#kept.set(callId, { number, until: now + keptMs, found });
    found.catch(() => this.#forgetIf(callId, found));
    this.#dropOldest();
    return found;
  }

  forget(callId: string): void {
    this.#kept.delete(callId);
  }

  #forgetIf(callId: string, found: Promise<T>): void {
    if (this.#kept.get(callId)?.found === found) this.#kept.delete(callId);
  }

  #dropOldest(): void {
    if (this.#kept.size <= callsKept) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
