import { CompiledQuery } from 'kysely';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from './testing.ts';
import type { TestDatabase } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('a query with a name is prepared once per connection, others are not', async () => {
  const double = CompiledQuery.raw('/* prepared double */ select $1::int * 2 as twice', [21]);
  const known = await database.db.connection().execute(async (db) => {
    for (let times = 0; times < 3; times += 1) {
      expect((await db.executeQuery(double)).rows).toEqual([{ twice: 42 }]);
    }
    await db.executeQuery(CompiledQuery.raw('/* plain */ select $1::int', [1]));
    return db.executeQuery<{ name: string }>(
      CompiledQuery.raw(`select name from pg_prepared_statements where name <> 'scope'`),
    );
  });
  expect(known.rows).toEqual([{ name: 'double' }]);
});

test('it is planned once for whatever values, others for their own, also after a rollback', async () => {
  const modeOf = async (db: Kysely<{}>, marker: string) => {
    const text = `/* ${marker} */ select current_setting('plan_cache_mode') as mode, $1::int as value`;
    return (await db.executeQuery<{ mode: string }>(CompiledQuery.raw(text, [1]))).rows[0]?.mode;
  };
  await database.db.connection().execute(async (db) => {
    expect(await modeOf(db, 'prepared mode')).toBe('force_generic_plan');
    expect(await modeOf(db, 'plain')).toBe('auto');
    const failed = db.transaction().execute(async (trx) => {
      expect(await modeOf(trx, 'prepared mode')).toBe('force_generic_plan');
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    expect(await modeOf(db, 'plain')).toBe('auto');
    expect(await modeOf(db, 'prepared mode')).toBe('force_generic_plan');
  });
});
