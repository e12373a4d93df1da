import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from './testing.ts';
import type { TestDatabase } from './testing.ts';

/**
 * A distributed PostgreSQL shards by organization_id only when every key leads with it and every reference carries it; read
 * from the catalogue, so that no later table is forgotten (docs/scale.md).
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** Tables that belong to no organization: they would be kept whole on every node of the database. */
const belongsToNone = /^(account_.*|ringside_.*|organization|key_check)$/;

async function constraints(kind: 'p' | 'f') {
  const { rows } = await database.pool.query<{ table: string; name: string; columns: string[] }>(
    `select c.relname as table, k.conname as name, (
       select array_agg(a.attname::text order by key.place)
       from unnest(k.conkey) with ordinality as key (number, place)
       join pg_attribute a on a.attrelid = c.oid and a.attnum = key.number
     ) as columns
     from pg_constraint k join pg_class c on c.oid = k.conrelid
     where k.contype = $1 and c.relnamespace = 'public'::regnamespace
     order by 1, 2`,
    [kind],
  );
  return rows.filter(({ table }) => !belongsToNone.test(table));
}

test('every primary key leads with the organization', async () => {
  const keys = await constraints('p');
  expect(keys.length).toBeGreaterThan(20);
  const others = keys.filter(({ columns }) => columns[0] !== 'organization_id');
  expect(others.map(({ table, columns }) => `${table} (${columns.join(', ')})`)).toEqual([]);
});

test('every reference to another row carries the organization', async () => {
  const references = await constraints('f');
  expect(references.length).toBeGreaterThan(20);
  const others = references
    .filter(({ columns }) => columns[0] !== 'organization_id')
    // An account may belong to people of several organizations: such a table is kept whole on every node.
    .filter(({ name }) => name !== 'person_user_id_fkey');
  expect(others.map(({ table, name }) => `${table}: ${name}`)).toEqual([]);
});
