import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyCell, copyRows, CopyText } from './copy-rows.ts';
import { testDatabase } from './testing.ts';
import type { TestDatabase } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await sql`create table loaded (
    n integer primary key, "a ""text""" text, yes boolean, at timestamptz)`.execute(database.db);
});
afterAll(() => database.close());

const columns = ['n', 'a "text"', 'yes', 'at'];
type Cells = (string | number | boolean | Date | null)[];

/** One load after the other, in one transaction. */
async function load(names: string[], ...loads: Cells[][]): Promise<void> {
  await database.db.transaction().execute(async (trx) => {
    for (const rows of loads) {
      const text = new CopyText();
      for (const row of rows) text.add(`${row.map(copyCell).join('\t')}\n`);
      await copyRows(trx, 'loaded', names, [text.bytes]);
    }
  });
}
const texts = ['', 'tab\tand\nline\r\nends', String.raw`\N \. \\ \x41`, 'Grüße 👋', '{"a":[1]}'];

test('any value comes in as it was', async () => {
  const at = new Date('2026-01-02T03:04:05.678Z');
  const values = texts.map((text, n) => [n, text, n % 2 === 0, at]);
  await load(columns, [[100, null, null, null]], values);
  const { rows } = await sql`select * from loaded order by n`.execute(database.db);
  expect(rows).toEqual([
    ...texts.map((text, n) => ({ n, 'a "text"': text, yes: n % 2 === 0, at })),
    { n: 100, 'a "text"': null, yes: null, at: null },
  ]);
});

test('a row that is refused takes all of its load away, and the connection goes on', async () => {
  await expect(load(['n'], [[200], [100]])).rejects.toMatchObject({ code: '23505' });
  await load(['n'], [[201]]);
  const { rows } = await sql`select n from loaded where n >= 200`.execute(database.db);
  expect(rows).toEqual([{ n: 201 }]);
});

test('a load of a megabyte, and one of nothing', async () => {
  const many = Array.from({ length: 20_000 }, (_, n) => [1_000 + n, 'x'.repeat(60), true, null]);
  await load(columns, many, []);
  const { rows } = await sql`select count(*)::int as n from loaded where n >= 1000`.execute(
    database.db,
  );
  expect(rows).toEqual([{ n: 20_000 }]);
});

test('what is the same in every row comes from beside the rows, harmless and of its type', async () => {
  const same = { 'a "text"': String.raw`it's \N 'quoted'`, yes: 'true' };
  const rows = [Buffer.from('50000\n50001\n')];
  const { db } = database;
  await db.transaction().execute((trx) => copyRows(trx, 'loaded', ['n'], rows, same));
  const loaded = await sql`select n, "a ""text""", yes from loaded where n >= 50000`.execute(db);
  expect(loaded.rows).toEqual([50_000, 50_001].map((n) => ({ n, ...same, yes: true })));
});

test('pieces are asked for as the database takes them, cut anywhere', async () => {
  let made = 0;
  async function* pieces() {
    for (; made < 200; made += 1) {
      const row = Buffer.from(`${100_000 + made}\t${'Grüße '.repeat(5_000)}\tt\t\\N\n`);
      yield row.subarray(0, 7_001);
      yield row.subarray(7_001);
    }
  }
  await database.db.transaction().execute((trx) => copyRows(trx, 'loaded', columns, pieces()));
  const { rows } = await sql`select count(*)::int as n, min(length("a ""text""")) as short
    from loaded where n >= 100000`.execute(database.db);
  expect(rows).toEqual([{ n: 200, short: 30_000 }]);
});

test('pieces that cannot be made or read take all of the load away, and the connection goes on', async () => {
  async function* broken() {
    yield Buffer.from('300\tbefore\tt\t\\N\n');
    await Promise.reject(new Error('no more of them'));
  }
  const load = (pieces: AsyncIterable<Buffer> | Buffer[]) =>
    database.db.transaction().execute((trx) => copyRows(trx, 'loaded', columns, pieces));
  await expect(load(broken())).rejects.toThrow('no more of them');
  const strange = Array.from({ length: 2_000 }, () => Buffer.from(`301\tno time\tt\tnever\n`));
  await expect(load(strange)).rejects.toMatchObject({ code: '22007' });
  expect(await load([Buffer.from('302\tafter\tt\t\\N\n')])).toBe(1);
  const { rows } = await sql`select n from loaded where n between 300 and 399`.execute(database.db);
  expect(rows).toEqual([{ n: 302 }]);
});
