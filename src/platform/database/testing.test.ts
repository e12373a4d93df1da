import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testDatabase } from './testing.ts';

test('two test databases have the tables and do not see each other', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
  try {
    await sql`create table only_here (n int)`.execute(one.db);
    const names = async (db: typeof one.db) =>
      (
        await sql<{
          name: string;
        }>`select tablename as name from pg_tables where schemaname = 'public'`.execute(db)
      ).rows.map((row) => row.name);
    expect(await names(one.db)).toContain('only_here');
    expect(await names(two.db)).not.toContain('only_here');
    expect(await names(two.db)).toContain('ringside_migration');
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
});
