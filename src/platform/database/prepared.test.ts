import { CompiledQuery } from 'kysely';
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
  const prepared = await database.db.connection().execute(async (db) => {
    for (let times = 0; times < 3; times += 1) {
      expect((await db.executeQuery(double)).rows).toEqual([{ twice: 42 }]);
    }
    await db.executeQuery(CompiledQuery.raw('/* plain */ select $1::int', [1]));
    return db.executeQuery<{ name: string }>(
      CompiledQuery.raw('select name from pg_prepared_statements'),
    );
  });
  expect(prepared.rows).toEqual([{ name: 'double' }]);
});
