import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differs, matches } from './encoded-query.ts';
import type { Condition } from './encoded-query.ts';
import { scanTable } from './scan-table.ts';
import type { Position, ScanPage } from './scan.ts';
import { rawValue } from './row.ts';
import type { Row } from './row.ts';
import type { List, ListRequest } from './table-api.ts';
import { sysId } from './testing.ts';

interface World {
  rows: Row[];
  hidden: Set<unknown>;
  ignoresKey: boolean;
  ignoresOrder: boolean;
  saysTotal: boolean;
}

const rowFor = (n: number): Row => ({ sys_id: sysId(n), colour: n % 3 === 0 ? 'red' : 'blue' });
const isKey = (condition: Condition): boolean => condition.operator === '>';

/** What an instance does: filter, sort, cut, and only then hide. */
function answer(
  world: World,
  request: Pick<ListRequest, 'where' | 'orderBy' | 'descending' | 'offset' | 'limit'>,
): List {
  const where = request.where.filter((condition) => !(world.ignoresKey && isKey(condition)));
  const found = world.rows.filter((row) =>
    where.every((one) => matches(one, (field) => rawValue(row, field))),
  );
  const rising = found.toSorted((a, b) => (String(a['sys_id']) < String(b['sys_id']) ? -1 : 1));
  const ordered = request.descending ? rising.toReversed() : rising;
  const sorted = request.orderBy && !world.ignoresOrder ? ordered : found;
  const offset = request.offset ?? 0;
  const page = sorted
    .slice(offset, offset + request.limit)
    .filter((row) => !world.hidden.has(row['sys_id']));
  return { rows: page, total: world.saysTotal ? found.length : null };
}

async function scan(
  world: World,
  from: Position = { mode: 'keyset', after: '' },
): Promise<ScanPage[]> {
  const pages: ScanPage[] = [];
  const scanned = scanTable({
    table: 'customer_contact',
    where: [differs('colour', 'red')],
    fields: ['sys_id', 'colour'],
    from,
    pageSize: 4,
    list: async (request) => answer(world, request),
    count: async (where) => answer({ ...world, saysTotal: true }, { where, limit: 0 }).total,
  });
  for await (const page of scanned) pages.push(page);
  return pages;
}

const idsOf = (pages: ScanPage[]): string[] =>
  [...new Set(pages.flatMap(({ rows }) => rows.map((row) => String(row['sys_id']))))].toSorted();

const worlds = fc
  .record({
    count: fc.integer({ min: 0, max: 60 }),
    hidden: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 60 }),
    ignoresKey: fc.boolean(),
    ignoresOrder: fc.boolean(),
    saysTotal: fc.boolean(),
    seed: fc.integer(),
  })
  .map(({ count, hidden, seed, ...world }) => {
    const rows = Array.from({ length: count }, (_, n) => rowFor(n + 1));
    const shuffled = rows.toSorted((a, b) => scramble(a, seed) - scramble(b, seed));
    return { ...world, rows: shuffled, hidden: new Set<unknown>(hidden.map(sysId)) };
  });

function scramble(row: Row, seed: number): number {
  return Math.imul(Number.parseInt(String(row['sys_id']), 16) ^ seed, 0x9e3779b1) >>> 0;
}

test('no visible row is lost and none that was not asked for gets through', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const visible = world.rows.filter(
        (row) => row['colour'] !== 'red' && !world.hidden.has(row['sys_id']),
      );
      expect(idsOf(await scan(world))).toEqual(
        visible.map((row) => String(row['sys_id'])).toSorted(),
      );
    }),
    { numRuns: 1000 },
  );
});

test('a scan that is taken up again at any of its positions ends with the same rows', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.nat(), async (world, pick) => {
      const pages = await scan(world);
      if (pages.length === 0) return;
      const cut = pick % pages.length;
      const rest = await scan(world, pages[cut]?.position);
      expect(idsOf([...pages.slice(0, cut + 1), ...rest])).toEqual(idsOf(pages));
    }),
    { numRuns: 300 },
  );
});

test('where the instance obeys, every row comes exactly once', async () => {
  const rows = Array.from({ length: 50 }, (_, n) => rowFor(n + 1));
  const pages = await scan({
    rows,
    hidden: new Set(),
    ignoresKey: false,
    ignoresOrder: false,
    saysTotal: true,
  });
  expect(pages.flatMap((page) => page.rows)).toHaveLength(idsOf(pages).length);
});

test('a count that is never reached does not keep the scan going for ever', async () => {
  let asked = 0;
  const scanned = scanTable({
    table: 'customer_contact',
    where: [],
    fields: ['sys_id'],
    from: { mode: 'keyset', after: '' },
    pageSize: 1000,
    list: async () => ((asked += 1), { rows: [], total: 10 ** 14 }),
    count: async () => null,
  });
  for await (const _ of scanned) expect.unreachable();
  expect(asked).toBeLessThan(500);
});
