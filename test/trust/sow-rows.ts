import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../../src/platform/database/database.ts';
import { newId } from '../../src/platform/id.ts';

/** Puts a row of an organization into every table that there is, worked out from the catalogue: tables come and go. */

interface Column {
  name: string;
  type: string;
  required: boolean;
  /** It gets its value by itself. */
  given: boolean;
}

interface Reference {
  columns: string[];
  table: string;
  keys: string[];
}

interface Table {
  name: string;
  columns: Column[];
  references: Reference[];
  checks: string[];
}

export interface Sown {
  /** Rows by table, with every column. */
  rows: Map<string, Record<string, unknown>>;
  /** Tables for which no row could be made, and PostgreSQL's reason. */
  missing: Map<string, string>;
}

type Row = Record<string, unknown>;

/** `mark` stands in every free text of the rows. */
export async function sowRows(db: Database, organizationId: string, mark: string): Promise<Sown> {
  const tables = await fencedTables(db);
  const rows = new Map<string, Row>([['organization', { id: organizationId }]]);
  const missing = new Map<string, string>();
  let open = tables;
  for (let before = -1; open.length > 0 && open.length !== before;) {
    before = open.length;
    const later: Table[] = [];
    for (const table of open) {
      const ready = table.references.every(
        ({ table: other }) => other === table.name || rows.has(other) || isAccount(other),
      );
      if (!ready) later.push(table);
      else await sowTable(db, table, organizationId, mark, rows, missing);
    }
    open = later;
  }
  for (const { name } of open) missing.set(name, 'what it refers to is missing');
  return { rows, missing };
}

const isAccount = (table: string): boolean => table.startsWith('account_');

async function sowTable(
  db: Database,
  table: Table,
  organizationId: string,
  mark: string,
  rows: Map<string, Row>,
  missing: Map<string, string>,
): Promise<void> {
  const known = await db
    .withTables<Record<string, Row>>()
    .selectFrom(table.name)
    .selectAll()
    .where('organization_id', '=', organizationId)
    .limit(1)
    .executeTakeFirst();
  if (known !== undefined) return void rows.set(table.name, known);
  // With all that a row can hold; where a rule of the table forbids that, with what it must.
  for (const full of [true, false]) {
    try {
      const row = makeRow(table, organizationId, mark, rows, full);
      const made = await insertRow(db, table, row);
      rows.set(table.name, made);
      missing.delete(table.name);
      return;
    } catch (error) {
      missing.set(table.name, (error as Error).message);
    }
  }
}

async function insertRow(db: Database, { name, columns }: Table, row: Row): Promise<Row> {
  const used = columns.filter((column) => column.name in row);
  const values = used.map((column) => {
    const value = row[column.name];
    return sql`${value}::text::${sql.raw(column.type)}`;
  });
  const names = used.map((column) => sql.ref(column.name));
  const { rows } = await sql<Row>`
    insert into ${sql.table(name)} (${sql.join(names)}) values (${sql.join(values)}) returning *`.execute(
    db,
  );
  return rows[0]!;
}

function makeRow(
  table: Table,
  organizationId: string,
  mark: string,
  rows: Map<string, Row>,
  full: boolean,
): Row {
  const row: Row = {};
  for (const column of table.columns) {
    if (column.given || (!full && !column.required)) continue;
    row[column.name] = valueFor(column, table, mark, rows);
  }
  row['organization_id'] = organizationId;
  for (const { columns, table: other, keys } of table.references) {
    const target = rows.get(other);
    if (other === table.name || target === undefined) {
      for (const column of columns) if (column !== 'organization_id') delete row[column];
      continue;
    }
    for (const [index, column] of columns.entries())
      if (column in row) row[column] = target[keys[index]!];
  }
  return row;
}

/** Tables named by columns that have no foreign key. */
const named: Record<string, string> = {
  person_id: 'person',
  connection_id: 'crm_connection',
  phone_system_id: 'phone_system',
  call_id: 'call',
};

/** Words of a closed set that the database does not check. */
const words: Record<string, string> = {
  'outbox_write.kind': 'add-note',
  'single_sign_on.last_problem': 'token',
};

function valueFor(
  column: Column,
  table: Table,
  mark: string,
  rows: Map<string, Row>,
): string | null {
  const { name, type } = column;
  // It would make a test of the call that everything else here is about.
  if (table.name === 'call' && name === 'test_id') return null;
  if (type === 'uuid')
    return (rows.get(named[name] ?? '')?.['id'] as string | undefined) ?? newId();
  // The CRM's own ids look like this.
  if (type === 'text' && /(^|_)id$/.test(name)) return randomBytes(16).toString('hex');
  // The numbers that a mark names stand where numbers are kept.
  if (type === 'text' && /^(e164|raw|from_number)$/.test(name))
    return name === 'e164' ? (/\+\d+/.exec(mark)?.[0] ?? mark) : mark;
  // The house's own line is nobody's secret.
  if (type === 'text' && name === 'to_number') return '+49301000';
  if (type === 'text')
    return words[`${table.name}.${name}`] ?? allowedText(name, table.checks) ?? `${mark} ${name}`;
  if (type === 'boolean') return 'false';
  if (/^(smallint|integer|bigint|numeric|double)/.test(type)) return '1';
  if (/^(timestamp|date)/.test(type)) return new Date().toISOString();
  if (type === 'interval') return '1 day';
  if (type === 'bytea') return `\\x${randomBytes(16).toString('hex')}`;
  if (type.startsWith('json')) return documentFor(name, mark);
  if (type.endsWith('[]')) return '{}';
  return null;
}

/** A document as the hub writes it; null for what may be missing. */
function documentFor(column: string, mark: string): string | null {
  const id = randomBytes(16).toString('hex');
  const at = new Date().toISOString();
  const documents: Record<string, unknown> = {
    action: { kind: 'add-note', case: { id }, visibility: 'work-note', text: mark },
    event: { type: 'call-ended', call: id, at, cause: 'normal' },
    facts: {
      ...{ correlationId: id, direction: 'inbound', answered: true, number: '', agentId: null },
      ...{ startedAt: at, endedAt: at, seconds: 1, party: null, customerId: null, caseIds: [] },
      ...{ shortDescription: mark, text: mark, notes: mark },
    },
    logged: { way: 'none', id: null, number: '', caseIds: [], text: mark },
    ...{ candidates: [], choices: [], steps: [], pulls: [], payload: {}, settings: {} },
  };
  return column in documents ? JSON.stringify(documents[column]) : null;
}

/** The first text of `check (column in (…))`; a country where the check asks for two letters. */
function allowedText(column: string, checks: string[]): string | null {
  const check = checks.find((one) => new RegExp(`\\b${column}\\b`).test(one));
  if (check === undefined) return null;
  if (check.includes('[A-Z]{2}')) return 'DE';
  return /'([^']+)'::text/.exec(check)?.[1] ?? null;
}

async function fencedTables(db: Database): Promise<Table[]> {
  const { rows } = await sql<{
    name: string;
    columns: Column[];
    references: Reference[];
    checks: string[];
  }>`
    select c.relname as name,
      (select json_agg(json_build_object(
          'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull,
          'given', a.attgenerated <> '' or a.attidentity <> '' or a.atthasdef) order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      coalesce((select json_agg(json_build_object(
          'columns', (select json_agg(a.attname order by k.at) from unnest(f.conkey) with ordinality k (num, at)
            join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.num),
          'table', f.confrelid::regclass::text,
          'keys', (select json_agg(a.attname order by k.at) from unnest(f.confkey) with ordinality k (num, at)
            join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.num)))
        from pg_constraint f where f.conrelid = c.oid and f.contype = 'f'), '[]') as references,
      coalesce((select json_agg(pg_get_constraintdef(k.oid)) from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'c'), '[]') as checks
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id')
    order by c.relname`.execute(db);
  return rows;
}
