import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { errorStatus, RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import { testLog } from '../platform/log.testing.ts';
import { silentNotifier } from '../platform/notifier.testing.ts';
import { phoneHookRoutes } from './routes.ts';
import { recentCallsOfExtension } from './store.ts';

const system = {
  organizationId: newId(),
  id: newId(),
  kind: 'webhook',
  hmacSecret: null,
  linked: false,
};
let database: TestDatabase;
let app: FastifyInstance;
let now = new Date('2026-03-01T09:00:00Z');

beforeAll(async () => {
  database = await testDatabase();
  const { organizationId, id } = system;
  await database.pool.query(
    `insert into organization (id, name, country, time_zone) values ($1, 'Test', 'DE', 'Europe/Berlin')`,
    [organizationId],
  );
  await database.pool.query(
    `insert into phone_system (organization_id, id, kind, name, token_hash) values ($1, $2, 'webhook', 'PBX', '')`,
    [organizationId, id],
  );
  app = fastify().setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof RingsideError)) return reply.send(error);
    return reply.code(errorStatus[error.code]).send({ code: error.code, fields: error.fields });
  });
  await app.register(
    phoneHookRoutes({
      db: database.db,
      clock: { now: () => now },
      log: testLog,
      notifier: silentNotifier,
      phoneSystemByToken: async (token) => (token === 'right' ? system : null),
      touchPhoneSystem: async () => {},
      urlOf: (_request, path) => `https://hub.example.com${path}`,
    }),
  );
});
afterAll(async () => {
  await app.close();
  await database.close();
});

const post = (token: string, body: string, contentType = 'application/json') =>
  app.inject({
    method: 'POST',
    url: `/hooks/phone/${token}`,
    headers: { 'content-type': contentType },
    body,
  });
const event = (fields: object) =>
  JSON.stringify({
    event: 'newCall',
    callId: 'c1',
    from: '+4930123',
    to: '101',
    direction: 'in',
    user: '101',
    ...fields,
  });

test('an event is committed when the answer comes', async () => {
  const answer = await post('right', event({}));
  expect([answer.statusCode, answer.body]).toEqual([204, '']);
  const [call] = await recentCallsOfExtension(database.db, system.organizationId, '101', now);
  expect(call).toMatchObject({ sourceId: 'c1', from: '+4930123', result: null });
});

test('a form is as good as JSON', async () => {
  const form = 'event=hangup&callId=c1&cause=cancel';
  expect((await post('right', form, 'application/x-www-form-urlencoded')).statusCode).toBe(204);
  const [call] = await recentCallsOfExtension(database.db, system.organizationId, '101', now);
  expect(call).toMatchObject({ result: 'abandoned' });
});

test.each([
  ['a wrong field', event({ direction: 'up' }), 'application/json', 400],
  ['no body', '', 'application/json', 400],
  ['XML', '<a/>', 'application/xml', 415],
  ['a body over 64 KiB', event({ from: '9'.repeat(65_536) }), 'application/json', 413],
  [
    'a number of 10,000 characters',
    event({ callId: 'c2', from: '9'.repeat(10_000) }),
    'application/json',
    204,
  ],
])('%s', async (_name, body, contentType, status) => {
  expect((await post('right', body, contentType)).statusCode).toBe(status);
});

test('a token nobody knows is not found, and refused when tried too often; the right one goes on', async () => {
  expect((await post('wrong', event({}))).statusCode).toBe(404);
  const answers = await Promise.all(Array.from({ length: 30 }, () => post('wrong', event({}))));
  expect(answers.at(-1)?.statusCode).toBe(429);
  expect((await post('right', event({ callId: 'c3' }))).statusCode).toBe(204);
  now = new Date(now.getTime() + 61_000);
  expect((await post('wrong', event({}))).statusCode).toBe(404);
});
