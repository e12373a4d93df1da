import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DocumentSet, alterPacked, chunkOf, packPlaces } from './document-set.ts';

/** Few numbers of two chunks, or so many of them that they are kept as bits. */
const numbers = fc.oneof(
  fc.uniqueArray(fc.nat(140_000), { maxLength: 12 }),
  fc
    .record({ from: fc.nat(70_000), step: fc.integer({ min: 1, max: 7 }) })
    .map(({ from, step }) => Array.from({ length: 9_000 }, (_, index) => from + index * step)),
);

function setOf(documents: readonly number[]): DocumentSet {
  const set = new DocumentSet();
  for (const [chunk, own] of Map.groupBy(documents, chunkOf))
    set.unpack(chunk, packPlaces(own.map((one) => one % 65_536).toSorted((a, b) => a - b)));
  return set;
}

const newestFirst = (documents: Iterable<number>) => [...documents].toSorted((a, b) => b - a);

test('sets of numbers agree with plain sets, however many they hold', () => {
  fc.assert(
    fc.property(numbers, numbers, numbers, (one, two, three) => {
      const [a, b, c] = [new Set(one), new Set(two), new Set(three)];
      const [setA, setB, setC] = [setOf(one), setOf(two), setOf(three)];
      const all = new DocumentSet().addAll(setA).addAll(setB);
      for (const document of three.slice(0, 3)) all.add(document);
      const expected = new Set([...one, ...two, ...three.slice(0, 3)]);
      expect([...all.newest()]).toEqual(newestFirst(expected));
      expect([...setA.and(setB).newest()]).toEqual(
        newestFirst(one.filter((document) => b.has(document))),
      );
      expect([...all.without(setC).newest()]).toEqual(
        newestFirst([...expected].filter((document) => !c.has(document))),
      );
      // What they were made of has not changed.
      expect([...setA.newest()]).toEqual(newestFirst(a));
      expect([...setB.newest(5)]).toEqual(newestFirst(b).slice(0, 5));
      expect(setA.isEmpty()).toBe(a.size === 0);
      expect(setA.and(setB).isEmpty()).toBe(one.every((document) => !b.has(document)));
      for (const many of [0, Math.max(0, a.size - 1), a.size, 300])
        expect(setA.hasMoreThan(many)).toBe(a.size > many);
      for (const document of three.slice(0, 20)) expect(setA.has(document)).toBe(a.has(document));
    }),
    { numRuns: 60 },
  );
});

test('what is packed can be altered', () => {
  const packed = packPlaces([1, 5, 9]);
  expect(alterPacked(packed, [5], [7, 65_535])).toEqual(packPlaces([1, 7, 9, 65_535]));
});
