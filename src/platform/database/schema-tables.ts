import type pg from 'pg';

/** A table as a backup sees it. */
export interface SchemaTable {
  name: string;
  /** Those that hold data of their own, in their order: not the generated ones. */
  columns: string[];
  /** Columns that count by themselves. */
  counters: string[];
}

/**
 * The tables of the connection's schema, by name. Unlogged ones are left out: they hold hints that live for minutes and say so by
 * being unlogged. `ringside_migration` is no data.
 */
export async function schemaTables(client: pg.ClientBase): Promise<SchemaTable[]> {
  const { rows } = await client.query<SchemaTable>(`
    select c.relname as name,
      coalesce(array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = ''), '{}') as columns,
      coalesce(array_agg(a.attname::text order by a.attnum) filter (where a.attidentity <> ''), '{}') as counters
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relpersistence = 'p' and c.relname <> 'ringside_migration'
    group by c.oid, c.relname
    order by c.relname`);
  return rows;
}

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
