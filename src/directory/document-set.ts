import { endianness } from 'node:os';

const isBigEndian = endianness() === 'BE';
const chunkSize = 65_536;
const words = chunkSize / 32;
const bitmapBytes = chunkSize / 8;

/** Which part of the index a document's number falls into, and where it stands there. */
export const chunkOf = (document: number): number => Math.floor(document / chunkSize);
export const firstOf = (chunk: number): number => chunk * chunkSize;
const placeOf = (document: number): number => document % chunkSize;

/** Which of a chunk's places are taken: in rising order, or a bit for each. The former is never changed in place. */
type Places = Uint16Array | Uint32Array;
/** As a bit for each from so many on; that takes 8 KB. */
const mostListed = 256;

/**
 * Numbers of documents, by chunk. Most words are those of few people, in every chunk some: as bits they would take 8 KB each, and a search
 * of several words made and threw away megabytes (docs/performance.md). No chunk is kept in which there is none.
 */
export class DocumentSet {
  readonly #chunks = new Map<number, Places>();

  add(document: number): void {
    this.#unite(chunkOf(document), Uint16Array.of(placeOf(document)));
  }

  /** Adds what is packed of a chunk. */
  unpack(chunk: number, bytes: Buffer): void {
    if (bytes.length > 0) this.#unite(chunk, unpacked(bytes));
  }

  addAll(other: DocumentSet): this {
    for (const [chunk, theirs] of other.#chunks)
      this.#unite(chunk, theirs instanceof Uint32Array ? theirs.slice() : theirs);
    return this;
  }

  isEmpty(): boolean {
    return this.#chunks.size === 0;
  }

  /** In which parts of the index there are some. */
  chunks(): number[] {
    return [...this.#chunks.keys()];
  }

  has(document: number): boolean {
    const places = this.#chunks.get(chunkOf(document));
    return places !== undefined && holds(places, placeOf(document));
  }

  /** Whether there are more than so many. */
  hasMoreThan(many: number): boolean {
    let count = 0;
    for (const places of this.#chunks.values()) {
      count += places instanceof Uint16Array ? places.length : bitsSet(places, many - count);
      if (count > many) return true;
    }
    return false;
  }

  /** What both have. */
  and(other: DocumentSet): DocumentSet {
    const both = new DocumentSet();
    for (const [chunk, ours] of this.#chunks) {
      const theirs = other.#chunks.get(chunk);
      if (theirs !== undefined) both.#keep(chunk, shared(ours, theirs));
    }
    return both;
  }

  /** What the other does not have. */
  without(other: DocumentSet): DocumentSet {
    const left = new DocumentSet();
    for (const [chunk, ours] of this.#chunks) {
      const theirs = other.#chunks.get(chunk);
      left.#keep(chunk, theirs === undefined ? ours.slice() : remaining(ours, theirs));
    }
    return left;
  }

  /** The newest first, `most` of them. */
  *newest(most = Number.POSITIVE_INFINITY): Generator<number, void, void> {
    let found = 0;
    for (const chunk of this.chunks().toSorted((a, b) => b - a))
      for (const place of placesFromLast(this.#chunks.get(chunk)!)) {
        if ((found += 1) > most) return;
        yield firstOf(chunk) + place;
      }
  }

  #keep(chunk: number, places: Places): void {
    if (places instanceof Uint16Array ? places.length > 0 : bitsSet(places, 0) > 0)
      this.#chunks.set(chunk, places);
  }

  /** Adds places, which nobody else changes. */
  #unite(chunk: number, places: Places): void {
    const known = this.#chunks.get(chunk);
    this.#chunks.set(chunk, known === undefined ? places : united(known, places));
  }
}

function unpacked(bytes: Buffer): Places {
  if (bytes.length === bitmapBytes) {
    const bits = new Uint32Array(words);
    const copy = Buffer.from(bits.buffer);
    bytes.copy(copy);
    if (isBigEndian) copy.swap32();
    return bits;
  }
  const list = new Uint16Array(bytes.length >>> 1);
  for (let index = 0; index < list.length; index += 1)
    list[index] = bytes[2 * index]! | (bytes[2 * index + 1]! << 8);
  return list.length > mostListed ? asBits(list) : list;
}

function asBits(list: Uint16Array): Uint32Array {
  const bits = new Uint32Array(words);
  setAll(bits, list);
  return bits;
}

function setAll(bits: Uint32Array, list: Uint16Array): void {
  for (const place of list) bits[place >>> 5]! |= 1 << (place & 31);
}

function holds(places: Places, place: number): boolean {
  if (places instanceof Uint32Array) return ((places[place >>> 5]! >>> (place & 31)) & 1) === 1;
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (places[middle]! < place) low = middle + 1;
    else high = middle;
  }
  return places[low] === place;
}

/** How many there are, counted until there are more than `enough`. */
function bitsSet(bits: Uint32Array, enough: number): number {
  let count = 0;
  for (let index = 0; index < words && count <= enough; index += 1)
    for (let left = bits[index]!; left !== 0; left = (left & (left - 1)) >>> 0) count += 1;
  return count;
}

/** What either has. Bits are changed in place. */
function united(ours: Places, theirs: Places): Places {
  if (ours instanceof Uint16Array && theirs instanceof Uint16Array) {
    const list = merged(ours, theirs);
    return list.length > mostListed ? asBits(list) : list;
  }
  const [bits, other] =
    ours instanceof Uint32Array ? [ours, theirs] : [theirs as Uint32Array, ours];
  if (other instanceof Uint16Array) setAll(bits, other);
  else for (let index = 0; index < words; index += 1) bits[index]! |= other[index]!;
  return bits;
}

function merged(ours: Uint16Array, theirs: Uint16Array): Uint16Array {
  const list = new Uint16Array(ours.length + theirs.length);
  let [count, a, b] = [0, 0, 0];
  while (a < ours.length || b < theirs.length) {
    const [first = chunkSize, second = chunkSize] = [ours[a], theirs[b]];
    list[count] = Math.min(first, second);
    count += 1;
    if (first <= second) a += 1;
    if (second <= first) b += 1;
  }
  return list.slice(0, count);
}

function shared(ours: Places, theirs: Places): Places {
  if (ours instanceof Uint16Array) return ours.filter((place) => holds(theirs, place));
  if (theirs instanceof Uint16Array) return theirs.filter((place) => holds(ours, place));
  const bits = new Uint32Array(words);
  for (let index = 0; index < words; index += 1) bits[index] = ours[index]! & theirs[index]!;
  return bits;
}

function remaining(ours: Places, theirs: Places): Places {
  if (ours instanceof Uint16Array) return ours.filter((place) => !holds(theirs, place));
  const bits = ours.slice();
  if (theirs instanceof Uint16Array)
    for (const place of theirs) bits[place >>> 5]! &= ~(1 << (place & 31));
  else for (let index = 0; index < words; index += 1) bits[index]! &= ~theirs[index]!;
  return bits;
}

function* placesFromLast(places: Places): Generator<number, void, void> {
  if (places instanceof Uint16Array) {
    for (let index = places.length - 1; index >= 0; index -= 1) yield places[index]!;
    return;
  }
  for (let index = words - 1; index >= 0; index -= 1) {
    for (let left = places[index]!; left !== 0;) {
      const bit = 31 - Math.clz32(left);
      yield index * 32 + bit;
      left = (left & ~(1 << bit)) >>> 0;
    }
  }
}

/** What is packed of a chunk without some documents and with some others. */
export function alterPacked(
  known: Buffer,
  remove: readonly number[],
  add: readonly number[],
): Buffer {
  // By itself: most lists are short, and a bitmap for each would be 8 KB.
  const places = new Set(unpackPlaces(known));
  for (const document of remove) places.delete(placeOf(document));
  for (const document of add) places.add(placeOf(document));
  return packPlaces([...places].toSorted((a, b) => a - b));
}

function* unpackPlaces(bytes: Buffer): Generator<number, void, void> {
  if (bytes.length === bitmapBytes) {
    const set = new DocumentSet();
    set.unpack(0, bytes);
    for (const place of set.newest()) yield place;
    return;
  }
  for (let index = 0; index + 1 < bytes.length; index += 2)
    yield bytes[index]! | (bytes[index + 1]! << 8);
}

/**
 * Places of a chunk, in rising order, each once, as bytes: two for each, or a bit for each that could be where that is shorter.
 */
export function packPlaces(places: ArrayLike<number>): Buffer {
  if (places.length * 2 < bitmapBytes) {
    const bytes = Buffer.allocUnsafe(places.length * 2);
    for (let index = 0; index < places.length; index += 1)
      bytes.writeUInt16LE(places[index]!, index * 2);
    return bytes;
  }
  const bytes = Buffer.alloc(bitmapBytes);
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index]!;
    bytes[place >>> 3]! |= 1 << (place & 7);
  }
  return bytes;
}
