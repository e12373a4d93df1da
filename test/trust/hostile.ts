import fc from 'fast-check';
import type { Json } from './json-schema.ts';

const texts = [
  ...[
    '',
    ' ',
    '\0',
    '\ud800',
    '\u202e',
    '\ufeff',
    'null',
    'NaN',
    '-0',
    '1e309',
    '9007199254740993',
  ],
  ...["'; drop table person; --", '<script>alert(1)</script>', '{{7*7}}', '${7*7}', '=cmd|calc!A0'],
  ...[
    '__proto__',
    'constructor',
    '../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '%00',
    '%',
    '%c0%ae',
    '\r\nX-Evil: 1',
  ],
  ...['x'.repeat(300), 'x'.repeat(70_000), '👩‍👩‍👧‍👦'.repeat(40), 'A\u0301'.repeat(50)],
  ...[
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '2026-02-30T25:61:61Z',
  ],
];

/** What no form would send. */
export const hostile: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(...texts),
  fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 31,
    2 ** 53,
    -1e308,
    [],
    {},
    [[]],
    [null],
    [{}],
  ),
  fc.constant(nested(2_000)),
  fc.constant(
    JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}') as Json,
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  fc.uuid(),
);

function nested(depth: number): Json {
  let value: Json = 'deep';
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

/** A right value with one thing wrong: something in it replaced, left out or added. */
export function spoilt(value: Json): fc.Arbitrary<Json> {
  const places = placesIn(value);
  return fc
    .record({
      place: fc.constantFrom(...places),
      other: hostile,
      how: fc.constantFrom('replace', 'remove', 'add'),
    })
    .map(({ place, other, how }) => {
      const copy = structuredClone(value);
      if (place.length === 0)
        return how === 'add' && isObject(copy) ? { ...copy, surprise: other } : other;
      let parent = copy as Record<string, Json>;
      for (const key of place.slice(0, -1)) parent = parent[key] as Record<string, Json>;
      const last = place.at(-1)!;
      if (how === 'remove') delete parent[last];
      else parent[how === 'add' && !Array.isArray(parent) ? `${last}2` : last] = other;
      return copy;
    });
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The way to every value inside, as keys. */
function placesIn(value: Json, at: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, item]) => placesIn(item, [...at, key]))];
}
