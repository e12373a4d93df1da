import type { CallKey, LockedCall } from './booking-store.ts';

/** More are up at once only where thousands of people talk; what is left out is read again when it is needed. */
const callsKept = 10_000;

/**
 * The calls that this process booked last, as they stood with the commit, so that their next events need not read them first. A hint only:
 * whoever writes on top of one says which revision it was, and finds out when another node was there meanwhile.
 */
export class KeptCalls {
  readonly #kept = new Map<string, LockedCall>();

  find(key: CallKey): LockedCall | null {
    return this.#kept.get(nameOf(key)) ?? null;
  }

  keep(call: LockedCall): void {
    const name = nameOf(call);
    // The oldest go first; what is still changing is no old one.
    this.#kept.delete(name);
    this.#kept.set(name, call);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > callsKept && oldest !== undefined) this.#kept.delete(oldest);
  }

  forget(keys: readonly CallKey[]): void {
    for (const key of keys) this.#kept.delete(nameOf(key));
  }
}

const nameOf = ({ organizationId, phoneSystemId, sourceId }: CallKey): string =>
  `${organizationId} ${phoneSystemId} ${sourceId}`;
