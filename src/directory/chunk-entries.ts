import { entriesOf } from './index-entries.ts';
import type { IndexedRecord } from './index-entries.ts';

const firstRoom = 65_536;

/**
 * The entries of a chunk's records, each with the places of its records in the chunk. Pairs of two numbers: there are a million of
 * them, and 300,000 lists would take four times the memory.
 */
export class ChunkEntries {
  readonly #numbers = new Map<string, number>();
  #pairs = 0;
  #entryOfPair = new Uint32Array(firstRoom);
  #placeOfPair = new Uint16Array(firstRoom);

  /** Records come in the order of their places, 0 to 65,535. */
  add(record: IndexedRecord, place: number): void {
    for (const entry of entriesOf(record)) {
      let number = this.#numbers.get(entry);
      if (number === undefined) this.#numbers.set(entry, (number = this.#numbers.size));
      if (this.#pairs === this.#placeOfPair.length) this.#makeRoom();
      this.#entryOfPair[this.#pairs] = number;
      this.#placeOfPair[this.#pairs] = place;
      this.#pairs += 1;
    }
  }

  /** Every entry with its places in rising order, in the order of the index's key: by word, then owner. */
  *postings(): Generator<{ entry: string; places: Uint16Array }, void, void> {
    const { starts, places } = this.#byEntry();
    for (const entry of [...this.#numbers.keys()].toSorted()) {
      const number = this.#numbers.get(entry)!;
      yield { entry, places: places.subarray(starts[number], starts[number + 1]) };
    }
  }

  /** The places of each entry side by side, and where they start. */
  #byEntry(): { starts: Uint32Array; places: Uint16Array } {
    const starts = new Uint32Array(this.#numbers.size + 1);
    for (let pair = 0; pair < this.#pairs; pair += 1) starts[this.#entryOfPair[pair]! + 1]! += 1;
    for (let number = 0; number < this.#numbers.size; number += 1)
      starts[number + 1]! += starts[number]!;
    const next = starts.slice();
    const places = new Uint16Array(this.#pairs);
    for (let pair = 0; pair < this.#pairs; pair += 1) {
      const number = this.#entryOfPair[pair]!;
      places[next[number]!] = this.#placeOfPair[pair]!;
      next[number]! += 1;
    }
    return { starts, places };
  }

  #makeRoom(): void {
    const entries = new Uint32Array(this.#pairs * 2);
    entries.set(this.#entryOfPair);
    this.#entryOfPair = entries;
    const places = new Uint16Array(this.#pairs * 2);
    places.set(this.#placeOfPair);
    this.#placeOfPair = places;
  }
}
