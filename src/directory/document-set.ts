const chunkSize = 65_536;
const words = chunkSize / 32;
const bitmapBytes = chunkSize / 8;

/** Which part of the index a document's number falls into, and where it stands there. */
export const chunkOf = (document: number): number => Math.floor(document / chunkSize);
export const firstOf = (chunk: number): number => chunk * chunkSize;
const placeOf = (document: number): number => document % chunkSize;

/** Numbers of documents, by chunk: 8 KB for each chunk in which there is one. */
export class DocumentSet {
  readonly #chunks = new Map<number, Uint32Array>();

  add(document: number): void {
    const place = placeOf(document);
    this.#bits(chunkOf(document))[place >>> 5]! |= 1 << (place & 31);
  }

  /** Adds what is packed of a chunk. */
  unpack(chunk: number, bytes: Buffer): void {
    const bits = this.#bits(chunk);
    if (bytes.length === bitmapBytes) {
      for (let index = 0; index < words; index += 1) bits[index]! |= bytes.readUInt32LE(index * 4);
      return;
    }
    for (let index = 0; index + 1 < bytes.length; index += 2) {
      const place = bytes[index]! | (bytes[index + 1]! << 8);
      bits[place >>> 5]! |= 1 << (place & 31);
    }
  }

  addAll(other: DocumentSet): this {
    for (const [chunk, theirs] of other.#chunks) {
      const ours = this.#bits(chunk);
      for (let index = 0; index < words; index += 1) ours[index]! |= theirs[index]!;
    }
    return this;
  }

  isEmpty(): boolean {
    return this.newest().next().done === true;
  }

  /** What both have. */
  and(other: DocumentSet): DocumentSet {
    const both = new DocumentSet();
    for (const [chunk, ours] of this.#chunks) {
      const theirs = other.#chunks.get(chunk);
      if (theirs === undefined) continue;
      const bits = both.#bits(chunk);
      for (let index = 0; index < words; index += 1) bits[index] = ours[index]! & theirs[index]!;
    }
    return both;
  }

  /** The newest first. */
  *newest(): Generator<number, void, void> {
    for (const chunk of [...this.#chunks.keys()].toSorted((a, b) => b - a)) {
      const bits = this.#chunks.get(chunk)!;
      for (let index = words - 1; index >= 0; index -= 1) {
        for (let left = bits[index]! >>> 0; left !== 0;) {
          const bit = 31 - Math.clz32(left);
          yield firstOf(chunk) + index * 32 + bit;
          left = (left & ~(1 << bit)) >>> 0;
        }
      }
    }
  }

  #bits(chunk: number): Uint32Array {
    let bits = this.#chunks.get(chunk);
    if (bits === undefined) this.#chunks.set(chunk, (bits = new Uint32Array(words)));
    return bits;
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
export function packPlaces(places: readonly number[]): Buffer {
  if (places.length * 2 < bitmapBytes) {
    const bytes = Buffer.allocUnsafe(places.length * 2);
    for (let index = 0; index < places.length; index += 1)
      bytes.writeUInt16LE(places[index]!, index * 2);
    return bytes;
  }
  const bytes = Buffer.alloc(bitmapBytes);
  for (const place of places) bytes[place >>> 3]! |= 1 << (place & 7);
  return bytes;
}
