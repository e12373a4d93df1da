import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { apiOperations, nameOf } from './api-operations.ts';
import type { ApiOperation, ApiRequest } from './api-operations.ts';
import { ask, each } from './ask.ts';
import type { Answer } from './ask.ts';
import { hostile, spoilt } from './hostile.ts';
import { valuesOf } from './json-schema.ts';
import type { Json } from './json-schema.ts';
import { startOrganizations } from './organizations.ts';
import { sowRows } from './sow-rows.ts';

/** How long it goes on; `FUZZ_SECONDS=600 npx vitest run test/trust/fuzz.test.ts` looks longer. */
const seconds = Number(process.env['FUZZ_SECONDS'] ?? 8);
const firstSeed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);

let world: Awaited<ReturnType<typeof startOrganizations>>;
let operations: ApiOperation[];
/** Ids to name in requests: those that answers told. */
const ids = new Set<string>(['01a223c8-d914-772b-a1e0-928bf3d29cb3']);

beforeAll(async () => {
  world = await startOrganizations();
  operations = (await apiOperations(world.hub.url)).filter(
    ({ path }) => !path.endsWith('/sign-out'),
  );
  const { rows } = await sowRows(world.hub.db, world.ours.id, 'Fuzz');
  for (const row of rows.values()) collectIds(row);
});
afterAll(() => world.hub.close());

test(
  'whatever is sent, every answer is as declared and none is a 5xx',
  async () => {
    const end = Date.now() + seconds * 1_000;
    const wrong = new Map<string, string>();
    const statuses = new Map<number, number>();
    let cases = 0;
    await each(rounds(end), async ({ operation, request, session }) => {
      const answer = await ask(world.hub.url, operation, request, session);
      cases += 1;
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const fault = faultOf(operation, answer);
      if (fault !== null && !wrong.has(nameOf(operation)))
        wrong.set(nameOf(operation), `${fault}\n  sent ${JSON.stringify(request).slice(0, 600)}`);
      // Ids of sessions would end our own.
      if (
        answer.status < 300 &&
        answer.type === 'application/json' &&
        !operation.path.endsWith('/sessions')
      )
        collectIds(JSON.parse(answer.text));
    });
    const counts = [...statuses]
      .toSorted(([a], [b]) => a - b)
      .map(([status, n]) => `${n} x ${status}`);
    console.log(
      `${operations.length} routes, ${cases} requests from seed ${firstSeed}: ${counts.join(', ')}`,
    );
    expect([...wrong]).toEqual([]);
    expect(operations.length).toBeGreaterThan(30);
    expect((statuses.get(200) ?? 0) + (statuses.get(204) ?? 0)).toBeGreaterThan(
      operations.length / 4,
    );
  },
  seconds * 1_000 + 120_000,
);

/** Every route in turn, by somebody of every role in turn; twice at least. */
function* rounds(end: number) {
  const sessions = Object.values(world.ours.sessions);
  let seed = firstSeed;
  for (let round = 0; round < 2 || Date.now() < end; round += 1) {
    for (const operation of operations) {
      if (round >= 2 && Date.now() > end) return;
      seed += 1;
      const session = sessions[(round + seed) % sessions.length]!;
      yield { operation, request: draw(requestsFor(operation, round), seed), session };
    }
  }
}

/** First what is right, then more and more of what is not. */
function requestsFor(operation: ApiOperation, round: number): fc.Arbitrary<ApiRequest> {
  const anyId = fc.constantFrom(...ids);
  const parameters = fc.record(
    Object.fromEntries(
      operation.parameters.map(({ name, schema, in: place }) => {
        const right =
          place === 'path' && schema.format !== 'uuid'
            ? fc.oneof(anyId, valuesOf(schema, anyId))
            : valuesOf(schema, anyId);
        return [name, round % 3 === 1 ? fc.oneof(right, hostile) : right];
      }),
    ),
  ) as fc.Arbitrary<Record<string, Json>>;
  if (operation.body === null) return fc.record({ parameters });
  const right = valuesOf(operation.body.schema, anyId);
  const body = round % 3 === 2 ? right.chain(spoilt) : round % 5 === 4 ? hostile : right;
  return fc.record({ parameters, body });
}

function draw<T>(values: fc.Arbitrary<T>, seed: number): T {
  return fc.sample(values, { numRuns: 1, seed })[0]!;
}

/** What is wrong with an answer; null when nothing is. */
function faultOf(operation: ApiOperation, { status, type, text }: Answer): string | null {
  if (status >= 500) return `${status}: ${text.slice(0, 300)}`;
  // Below the routes: a path that is none, or too long.
  const declared =
    operation.answers[String(status)] ?? (status >= 400 ? operation.answers['default'] : undefined);
  if (declared === undefined) return `${status} is not declared`;
  const types = Object.keys(declared);
  if (types.length === 0) return null;
  if (status === 204) return text === '' ? null : '204 with a body';
  if (!types.includes(type)) return `${status} of type ${type}, declared is ${types.join(', ')}`;
  const schema = declared[type];
  if (!schema || !type.endsWith('json')) return null;
  const parsed = z.fromJSONSchema(schema as never).safeParse(JSON.parse(text));
  return parsed.success
    ? null
    : `${status} is not as declared: ${parsed.error.message.slice(0, 300)}`;
}

const idForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
function collectIds(value: unknown): void {
  if (ids.size > 300) return;
  if (typeof value === 'string' && idForm.test(value)) ids.add(value);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collectIds);
}
