import fc from 'fast-check';
import { sql } from 'kysely';
import type { Database } from '../../src/platform/database/database.ts';
import type { ApiOperation } from './api-operations.ts';
import { valuesOf } from './json-schema.ts';
import type { Json } from './json-schema.ts';
import type { Sown } from './sow-rows.ts';

/** Requests of one organization that name what another has. */

export interface FenceCase {
  operation: ApiOperation;
  role: 'administrator' | 'supervisor' | 'agent';
  parameters: Record<string, Json>;
  /** What bodies name. */
  id: fc.Arbitrary<string>;
  /** The path names something of the other organization. */
  named: boolean;
}

/** With the ids that the path seems to ask for and some others to whoever may most, with a few to everybody else. */
export function fenceCases(operation: ApiOperation, sown: Sown): FenceCase[] {
  const ids = idsOf(sown);
  const names = operation.parameters.flatMap(({ name, in: place }) =>
    place === 'path' ? [name] : [],
  );
  const fit = ids.filter(
    (id) => isUuid(id) || !operation.parameters.some(({ schema }) => schema.format === 'uuid'),
  );
  const meant = names.map((name) => idsMeant(operation, name, sown));
  const known = meant.every((one) => one.length > 0);
  return (['administrator', 'supervisor', 'agent'] as const).flatMap((role) => {
    const some =
      role === 'administrator' && names.length > 0 && !known
        ? fit
        : sample(fc.constantFrom(...fit), 3);
    const sets = some.map((id) => names.map(() => id));
    const most = Math.max(0, ...meant.map((one) => one.length));
    if (known)
      for (let at = 0; at < most; at += 1) sets.push(meant.map((one) => one[at % one.length]!));
    return sets.map((set, index) => {
      const id = fc.constant(set[0] ?? some[index % some.length]!);
      return {
        ...{ operation, role, named: names.length > 0 },
        parameters: Object.fromEntries(
          operation.parameters.flatMap(({ name, in: place, required, schema }) => {
            if (place === 'path') return [[name, set[names.indexOf(name)]!]];
            return required ? [[name, sample(valuesOf(schema, id), 1)[0]!]] : [];
          }),
        ),
        id,
      };
    });
  });
}

/** Reads of whoever may most: the ids that a path asks for, and each id in turn where a query asks for one. */
export function readCases(operation: ApiOperation, sown: Sown): FenceCase[] {
  const cases = fenceCases(operation, sown).filter(({ role }) => role === 'administrator');
  const [first] = cases;
  const asked = operation.parameters.filter(
    ({ in: place, required, schema }) => place === 'query' && required && schema.format === 'uuid',
  );
  if (first === undefined || asked.length === 0) return cases;
  return idsOf(sown).map((id) => {
    const ids = Object.fromEntries(asked.map(({ name }) => [name, id]));
    return { ...first, parameters: { ...first.parameters, ...ids } };
  });
}

/** Ids of the tables that a path speaks of: `/connections/{id}` of crm_connection, `…/{runId}` of systems_check_run. */
function idsMeant({ path }: ApiOperation, parameter: string, sown: Sown): string[] {
  const before = path.split(`/{${parameter}}`, 1)[0]!.split('/').at(-1)!;
  const words = [
    before.replaceAll('people', 'person').replaceAll('pops', 'call').split('-').at(-1)!,
    parameter.replace(/Id$/, ''),
  ];
  const singular = new Set(
    words.map((word) => word.replace(/s$/, '')).filter((word) => word !== 'id'),
  );
  return [...sown.rows].flatMap(([table, row]) =>
    table.split('_').some((word) => singular.has(word)) && isUuid(String(row['id']))
      ? [String(row['id'])]
      : [],
  );
}

/** Everything that has an id. */
export function idsOf(sown: Sown): string[] {
  const all = [...sown.rows.values()].flatMap((row) => ('id' in row ? [String(row['id'])] : []));
  return [...new Set(all)];
}

const isUuid = (id: string): boolean => id.length === 36;

/** A body that is right but for whose ids it holds; another one each time. */
export function bodyOf({ body }: ApiOperation, id: fc.Arbitrary<string>): Json | undefined {
  return body === null ? undefined : sample(valuesOf(body.schema, id), 1)[0];
}

let seed = 1;
function sample<T>(values: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(values, { numRuns: count, seed: (seed += 1) });
}

/**
 * Of tables that the hub works on by itself, what none of its work changes: who asks for somebody else's could change it all the same. A
 * write that waits may be tried, and not be dropped; the hub adds writes of its own, of other kinds than the one that was sown.
 */
const steady: Record<string, { columns: string[]; rows?: string }> = {
  directory_sync: { columns: ['connection_id', 'every_seconds', 'case_days', 'everything_at'] },
  outbox_write: {
    columns: [
      ...['id', 'connection_id', 'lane', 'call_id', 'person_id', 'subject', 'kind', 'action'],
      ...['depends_on', 'ordered_at', "state = 'dropped'"],
    ],
    rows: "kind = 'add-note'",
  },
  outbox_connection: { columns: ['connection_id'] },
  call_log: { columns: ['call_id', 'connection_id', 'logged_at'] },
};

/** A hash of everything that an organization has in these tables, of some the columns that hold still. */
export async function fingerprint(
  db: Database,
  organizationId: string,
  tables: readonly string[],
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const table of tables) {
    const key = sql.ref(table === 'organization' ? 'id' : 'organization_id');
    const columns = steady[table]?.columns.join(', ') ?? 't.*';
    const rowsMeant = steady[table]?.rows ?? 'true';
    const { rows } = await sql<{ hash: string }>`
      select md5(string_agg(r::text, ',' order by r::text)) as hash from (
        select ${sql.raw(columns)} from ${sql.table(table)} t where ${key} = ${organizationId} and ${sql.raw(rowsMeant)}) r`.execute(
      db,
    );
    found[table] = rows[0]!.hash;
  }
  return found;
}
