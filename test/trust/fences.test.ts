import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/platform/database/database.ts';
import { apiOperations, nameOf } from './api-operations.ts';
import type { ApiOperation } from './api-operations.ts';
import { ask, each } from './ask.ts';
import { valuesOf } from './json-schema.ts';
import type { Json } from './json-schema.ts';
import { startOrganizations } from './organizations.ts';
import { sowRows } from './sow-rows.ts';
import type { Sown } from './sow-rows.ts';

const mark = 'Seen over the fence';
let world: Awaited<ReturnType<typeof startOrganizations>>;
let operations: ApiOperation[];
let sown: Sown;
/** Everything in the other organization that has an id. */
let ids: string[];

beforeAll(async () => {
  world = await startOrganizations();
  operations = (await apiOperations(world.hub.url)).filter(({ open }) => !open);
  sown = await sowRows(world.hub.db, world.theirs.id, mark);
  const all = [...sown.rows.values()].flatMap((row) =>
    Object.entries(row).flatMap(([key, value]) => (key === 'id' ? [String(value)] : [])),
  );
  ids = [...new Set(all)];
});
afterAll(() => world.hub.close());

describe('between two organizations', () => {
  test('every route refuses what is the other’s, to every role', async () => {
    const before = await fingerprint(world.hub.db, world.theirs.id);
    const cases = operations.flatMap((operation) => requestsOf(operation));
    const wrong = new Set<string>();
    await each(cases, async ({ operation, role, parameters, body, named }) => {
      const session = world.ours.sessions[role];
      const { status, text } = await ask(world.hub.url, operation, { parameters, body }, session);
      const fine = named ? status === 403 || status === 404 : status < 500;
      if (!fine) wrong.add(`${nameOf(operation)} as ${role}: ${status} ${text.slice(0, 300)}`);
      if (text.includes(mark))
        wrong.add(`${nameOf(operation)} as ${role} shows what is the other’s`);
    });
    expect([...wrong]).toEqual([]);
    expect(await fingerprint(world.hub.db, world.theirs.id)).toEqual(before);
    const routes = new Set(
      cases.filter(({ named }) => named).map(({ operation }) => nameOf(operation)),
    );
    console.log(
      `${cases.length} requests with another organization's ids: ${routes.size} routes that take an id, ${operations.length} in all, ` +
        `${ids.length} ids from ${sown.rows.size} tables, 3 roles`,
    );
    for (const [table, why] of sown.missing) console.log(`no row in ${table}: ${why}`);
    expect(routes.size).toBeGreaterThan(15);
    expect(sown.rows.size).toBeGreaterThan(sown.missing.size * 4);
  });

  test('what was refused is there, for whoever it belongs to', async () => {
    const session = world.theirs.sessions.administrator;
    const known = new Set<string>();
    const reads = operations.filter(({ method, path }) => method === 'GET' && path.includes('{'));
    const cases = reads.flatMap((operation) =>
      requestsOf(operation).filter(({ role }) => role === 'administrator'),
    );
    await each(cases, async ({ operation, parameters }) => {
      const { status } = await ask(world.hub.url, operation, { parameters }, session);
      if (status === 200) known.add(nameOf(operation));
    });
    expect(known.size).toBeGreaterThanOrEqual(reads.length * 0.6);
  });
});

interface Case {
  operation: ApiOperation;
  role: 'administrator' | 'supervisor' | 'agent';
  parameters: Record<string, Json>;
  body: Json | undefined;
  /** The path names something of the other organization. */
  named: boolean;
}

/** With every id for whoever may most, with a few for the others; a body that is right but for whose ids it holds. */
function requestsOf(operation: ApiOperation): Case[] {
  const named = operation.parameters.some(({ in: place }) => place === 'path');
  return (['administrator', 'supervisor', 'agent'] as const).flatMap((role) => {
    const fit = ids.filter(
      (id) => isUuid(id) || !operation.parameters.some(({ schema }) => schema.format === 'uuid'),
    );
    const some = role === 'administrator' && named ? fit : sample(fc.constantFrom(...fit), 3);
    return some.map((id) => ({
      ...{ operation, role, named },
      parameters: Object.fromEntries(
        operation.parameters.flatMap(({ name, in: place, required, schema }) => {
          if (place === 'path') return [[name, id]];
          return required ? [[name, sample(valuesOf(schema, fc.constant(id)), 1)[0]!]] : [];
        }),
      ),
      body:
        operation.body === null
          ? undefined
          : sample(valuesOf(operation.body.schema, fc.constant(id)), 1)[0],
    }));
  });
}

const isUuid = (id: string): boolean => id.length === 36;

let seed = 1;
function sample<T>(values: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(values, { numRuns: count, seed: (seed += 1) });
}

/** Everything that an organization has, by table. */
async function fingerprint(db: Database, organizationId: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const table of sown.rows.keys()) {
    const key = sql.ref(table === 'organization' ? 'id' : 'organization_id');
    const { rows } = await sql<{ hash: string }>`
      select md5(string_agg(t::text, ',' order by t::text)) as hash from ${sql.table(table)} t
      where ${key} = ${organizationId}`.execute(db);
    found[table] = rows[0]!.hash;
  }
  return found;
}
