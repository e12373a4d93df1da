/**
 * Pseudo-random numbers without a state: the n-th number of a stream is a function of (seed, stream, n). So row 900,000 can
 * be made without making the 899,999 before it, and comes out the same every time.
 */

/** A 32-bit mix of seed, stream and position (finaliser of MurmurHash3). */
export function hash(seed: number, stream: number, position: number): number {
  let h =
    Math.imul(seed ^ Math.imul(stream, 0x9e3779b1), 0x85ebca6b) ^
    Math.imul(position + 0x7f4a7c15, 0xc2b2ae35);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}

/** A number in [0, 1). */
export function fraction(seed: number, stream: number, position: number): number {
  return hash(seed, stream, position) / 0x1_0000_0000;
}

export function pick<T>(list: readonly T[], h: number): T {
  return list[h % list.length]!;
}

/** Number of a stream for a word, so that streams can be named where they are used. */
export function stream(name: string): number {
  let h = 2166136261;
  for (let at = 0; at < name.length; at++) h = Math.imul(h ^ name.charCodeAt(at), 16777619);
  return h >>> 0;
}

/** Walks through 0…count-1 in a scattered order, and back: `scatter` and `gather` are inverse to each other. */
export interface Permutation {
  scatter(index: number): number;
  gather(place: number): number;
}

export function permutation(count: number, seed: number): Permutation {
  if (count < 3) return { scatter: (index) => index, gather: (place) => place };
  // index * factor + shift modulo count; products stay below 2^53 because count is at most some millions
  let factor = Math.floor(count * 0.618) + (seed % 97);
  while (greatestCommonDivisor(factor, count) !== 1) factor++;
  factor %= count;
  if (factor === 0) factor = 1;
  const inverse = invert(factor, count);
  const shift = seed % count;
  return {
    scatter: (index) => (index * factor + shift) % count,
    gather: (place) => (((place - shift + count) % count) * inverse) % count,
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/** Modular inverse by the extended Euclidean algorithm. */
function invert(value: number, modulus: number): number {
  let [r, nextR, t, nextT] = [modulus, value % modulus, 0, 1];
  while (nextR !== 0) {
    const quotient = Math.floor(r / nextR);
    [r, nextR] = [nextR, r - quotient * nextR];
    [t, nextT] = [nextT, t - quotient * nextT];
  }
  return t < 0 ? t + modulus : t;
}
