import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkedConnections, setConnectionState } from '../organization/connection-store.ts';
import type { CrmConnection } from '../crm/port.ts';
import type { Plan, Role } from '../organization/plan.ts';
import { systemClock } from '../platform/clock.ts';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { errorStatus, RingsideError } from '../platform/errors.ts';
import { testLog } from '../platform/log.testing.ts';
import { newId } from '../platform/id.ts';
import { pullDirectory } from './pull-directory.ts';
import type { Place } from './record-store.ts';
import type { SearchAnswer, SyncView } from './contract.ts';
import { directoryRoutes } from './routes.ts';
import { saveSync } from './sync-store.ts';
import { fakeCrm, newPlace, user } from './testing.ts';

let database: TestDatabase;
let app: FastifyInstance;
let place: Place;
let role: Role = 'administrator';
let plan: Plan | null = null;

beforeAll(async () => {
  database = await testDatabase();
  const { db } = database;
  place = await newPlace(db);
  const users = [user('u1', { name: 'Ada Berg' }), user('u2', { name: 'Bea Young' })];
  await pullDirectory(
    { db, crm: fakeCrm({ users: [users] }) },
    place.organizationId,
    place.connectionId,
  );
  const viewer = {
    personId: newId(),
    userId: newId(),
    name: '',
    email: '',
    extension: null,
    mayNot: [],
    numbersMasked: false,
  };
  app = fastify().setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof RingsideError)) return reply.send(error);
    return reply.code(errorStatus[error.code]).send({ code: error.code });
  });
  await app.register(
    directoryRoutes({
      db,
      clock: systemClock,
      log: testLog,
      crms: { get: async () => ({ choices }) as unknown as CrmConnection },
      viewerOf: () => ({ ...viewer, organizationId: place.organizationId, role, plan }),
    }),
  );
});
/** What the instance offers. */
const choices: CrmConnection['choices'] = async (field) => [{ value: `${field}-1`, label: 'One' }];
afterAll(async () => {
  await app.close();
  await database.close();
});

const get = (connection: string, query = '') =>
  app.inject({ url: `/connections/${connection}/users${query}` });

test('an administrator searches the CRM users of a connection', async () => {
  role = 'administrator';
  const answer = await get(place.connectionId, '?search=ada');
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual([
    { id: 'u1', name: 'Ada Berg', email: '', userName: 'u1', active: true },
  ]);
  expect((await get(place.connectionId, '?limit=1')).json()).toHaveLength(1);
  expect((await get(place.connectionId)).json()).toHaveLength(2);
});

test('nobody else does', async () => {
  for (const other of ['agent', 'supervisor'] as const) {
    role = other;
    expect((await get(place.connectionId)).statusCode).toBe(403);
  }
});

test("another organization's connection does not exist", async () => {
  role = 'administrator';
  const other = await newPlace(database.db);
  expect((await get(other.connectionId)).statusCode).toBe(404);
  expect((await get(newId())).statusCode).toBe(404);
});

test.each(['?limit=0', '?limit=201', '?limit=many', `?search=${'x'.repeat(201)}`])(
  '%s is refused',
  async (query) => {
    role = 'administrator';
    expect((await get(place.connectionId, query)).statusCode).toBe(400);
  },
);

test('an id that is none is refused', async () => {
  expect((await get('^NQactive=true')).statusCode).toBe(400);
});

const search = (query: string) => app.inject({ url: `/directory/search?${query}` });

test('whoever has screen pops searches the directory', async () => {
  [role, plan] = ['agent', 'View'];
  const answer = await search('q=nobody&kinds=contact,consumer');
  expect(answer.statusCode).toBe(200);
  expect(answer.json<SearchAnswer>().results).toEqual([]);
  for (const query of ['', 'q=%20', `q=${'x'.repeat(201)}`, 'q=a&kinds=contact,user'])
    expect((await search(query)).statusCode).toBe(400);
  plan = null;
  expect((await search('q=nobody')).statusCode).toBe(403);
});

test.each([
  '\0\u0001',
  "'; drop table contact; --",
  '%_\\%',
  '((((a+)+)+)+$',
  '\ud800 half a pair',
  '\u202eesrever \u{1f600}',
  '*',
  'a*',
  '\u{10ffff}',
  'e\u0301'.repeat(100),
  'ﷺ'.repeat(60),
  Array.from({ length: 66 }, (_, index) => `w${index}`)
    .join(' ')
    .slice(0, 200),
  'CS'.padEnd(200, '9'),
  '<script>alert(1)</script>',
])('hostile text %j is searched for like any other', async (text) => {
  [role, plan] = ['agent', 'View'];
  const answer = await search(`q=${encodeURIComponent(text.toWellFormed())}`);
  expect([200, 400]).toContain(answer.statusCode);
  if (answer.statusCode === 200) expect(answer.json<SearchAnswer>().results).toEqual([]);
});

const sync = (method: 'GET' | 'POST' | 'PUT', connection: string, body?: object) =>
  app.inject({
    method,
    url: `/connections/${connection}/sync`,
    ...(body === undefined ? {} : { payload: body }),
  });

test('how fresh a connection is; pulling is refused before its first check', async () => {
  role = 'administrator';
  const answer = (await sync('GET', place.connectionId)).json<SyncView>();
  expect(answer).toMatchObject({ state: 'unchecked', everySeconds: 15, caseDays: 90, error: null });
  expect(answer.rows).toContainEqual({ type: 'user', count: 2 });
  expect(answer.kinds.map(({ kind }) => kind)).toContain('users');
  expect((await sync('POST', place.connectionId, {})).statusCode).toBe(409);
});

test('a case template is chosen from what the CRM offers, as soon as the connection was checked', async () => {
  const { db } = database;
  const ask = (id: string) => app.inject({ url: `/connections/${id}/case-choices` });
  role = 'administrator';
  expect((await ask(place.connectionId)).json()).toMatchObject({
    priority: null,
    problem: expect.stringContaining('not checked yet'),
  });
  await setConnectionState(db, place.organizationId, place.connectionId, 'ok', new Date());
  expect((await ask(place.connectionId)).json()).toEqual({
    priority: [{ value: 'priority-1', label: 'One' }],
    category: [{ value: 'category-1', label: 'One' }],
    assignmentGroup: [{ value: 'assignmentGroup-1', label: 'One' }],
    problem: null,
  });
  expect((await ask((await newPlace(db)).connectionId)).statusCode).toBe(404);
  role = 'supervisor';
  expect((await ask(place.connectionId)).statusCode).toBe(403);
  role = 'administrator';
});

test("'Pull everything again' is noted, and how often is kept", async () => {
  const { db } = database;
  const at = new Date();
  await setConnectionState(db, place.organizationId, place.connectionId, 'ok', at);
  const ordered = (await sync('POST', place.connectionId, { everything: true })).json<SyncView>();
  expect(ordered).toMatchObject({ state: 'fresh', everythingWanted: true });
  const settings = { everySeconds: 60, caseDays: 30 };
  expect((await sync('PUT', place.connectionId, settings)).json()).toMatchObject(settings);
  expect(
    (await sync('PUT', place.connectionId, { everySeconds: 1, caseDays: 30 })).statusCode,
  ).toBe(400);
  expect((await sync('PUT', place.connectionId, settings)).statusCode).toBe(200);
  const { rows: entries } = await sql<{ action: string; detail: object }>`
    select action, detail from audit_entry where organization_id = ${place.organizationId}`.execute(
    db,
  );
  // The same again is no change.
  expect(entries).toEqual([
    {
      action: 'change synchronization',
      detail: {
        connectionId: place.connectionId,
        before: { everySeconds: 15, caseDays: 90 },
        after: settings,
      },
    },
  ]);
  for (const caseDays of [0, 3_651, 1.5])
    expect((await sync('PUT', place.connectionId, { ...settings, caseDays })).statusCode).toBe(400);
  const refused = { error_code: 'unauthorized', error_message: 'No.', failures: 2 };
  const [checked] = await checkedConnections(db, place.organizationId);
  await saveSync(db, place, { ...refused, stopped_for: checked?.version ?? '' });
  expect((await sync('GET', place.connectionId)).json()).toMatchObject({
    state: 'stopped',
    error: { code: 'unauthorized', failures: 2 },
  });
});

test('nobody else sees or orders it: agents, and other organizations', async () => {
  const other = await newPlace(database.db);
  for (const method of ['GET', 'POST', 'PUT'] as const) {
    const body = method === 'PUT' ? { everySeconds: 60, caseDays: 30 } : {};
    role = 'administrator';
    expect(
      (await sync(method, other.connectionId, method === 'GET' ? undefined : body)).statusCode,
    ).toBe(404);
    role = 'agent';
    expect(
      (await sync(method, place.connectionId, method === 'GET' ? undefined : body)).statusCode,
    ).toBe(403);
  }
});
