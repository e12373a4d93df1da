import type { StoredCall } from '../calls/store.ts';

const callsRemembered = 20_000;

/**
 * Remembers how far each of the latest calls was told, so that an older state that arrives late (another node's change was read
 * from the tables meanwhile) does not turn a pop back.
 */
export class ToldRevisions {
  #young = new Map<string, number>();
  #old = new Map<string, number>();

  /** False for a state that is older than the last one; else it is the last one from now on. */
  advance({ id, revision }: StoredCall): boolean {
    if (revision < (this.#young.get(id) ?? this.#old.get(id) ?? 0)) return false;
    this.#young.set(id, revision);
    if (this.#young.size > callsRemembered / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    return true;
  }
}
