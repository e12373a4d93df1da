import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { deliverWebhook } from '../organization/deliver-webhook.ts';
import { deliverWebhookTask, webhookTeller } from '../organization/tell-webhooks.ts';
import type { TellWebhooks } from '../organization/tell-webhooks.ts';
import type { DeliveryRow } from '../organization/webhook-contract.ts';
import { createHttpClient } from '../platform/http-client.ts';
import type { RunningJobs, RunOptions } from '../platform/jobs.ts';
import { testHub } from './testing.ts';
import type { TestHub } from './testing.ts';

interface Received {
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

let hub: TestHub;
let admin: Awaited<ReturnType<TestHub['organization']>>;
let running: RunningJobs;
let tell: TellWebhooks;
const http = createHttpClient();
const received: Received[] = [];
/** Null: it does not answer. */
let status: number | null = 200;
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (piece) => (body += String(piece)));
  request.on('end', () => {
    received.push({ headers: request.headers, body });
    if (status !== null) response.writeHead(status).end('<b>Thanks</b>');
  });
});
let url = '';
const tasks: RunOptions['tasks'] = {
  [deliverWebhookTask]: (payload, context) =>
    deliverWebhook({ ...hub, db: hub.database.db, http }, payload as never, context),
};

beforeAll(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  hub = await testHub();
  admin = await hub.organization('Acme', 'admin@example.com');
  running = await hub.jobs.run({ tasks });
});
afterAll(async () => {
  await running.stop();
  await http.close();
  await hub.close();
  receiver.close();
});
beforeEach(() => {
  received.length = 0;
  status = 200;
  // A teller of its own each time: it keeps for seconds which webhooks there are.
  tell = webhookTeller({ jobs: hub.jobs, clock: hub.clock });
});

async function add(change = {}) {
  const input = { name: 'Warehouse', url, events: ['call.ended'], ...change };
  return admin.post('/api/v1/webhooks', input);
}

const tellNow = (event: 'call.started' | 'call.ended', data: Record<string, unknown>) =>
  hub.database.db.transaction().execute((trx) => tell(trx, admin.organizationId, event, data));

const log = async (id: string): Promise<DeliveryRow[]> =>
  (await admin.get(`/api/v1/webhooks/${id}/deliveries`)).json().deliveries;

test('is told of its events, signed with the secret that was shown once', async () => {
  const { webhook, secret } = (await add()).json();
  expect(JSON.stringify((await admin.get('/api/v1/webhooks')).json())).not.toContain(secret);
  await tellNow('call.started', { call: { id: '1' } });
  await tellNow('call.ended', { call: { id: '2' } });
  await vi.waitFor(
    async () =>
      expect(await log(webhook.id)).toMatchObject([{ state: 'delivered', lastStatus: 200 }]),
    60_000,
  );
  const [{ headers, body }] = received as [Received];
  const [, seconds, signature] = /^t=(\d+),v1=(\w+)$/.exec(
    String(headers['x-ringside-signature']),
  )!;
  const expected = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  expect(signature).toBe(expected);
  expect(JSON.parse(body)).toMatchObject({ event: 'call.ended', data: { call: { id: '2' } } });
  expect(headers['x-ringside-delivery']).toBe(JSON.parse(body).id);
  await admin.delete(`/api/v1/webhooks/${webhook.id}`);
});

test('what is not taken is tried again, and can be sent again', async () => {
  const { webhook } = (await add()).json();
  status = 503;
  await tellNow('call.ended', {});
  await vi.waitFor(
    async () =>
      expect(await log(webhook.id)).toMatchObject([
        { state: 'waiting', lastStatus: 503, lastError: 'It answered 503: <b>Thanks</b>.' },
      ]),
    60_000,
  );
  status = 204;
  const [delivery] = await log(webhook.id);
  const again = `/api/v1/webhooks/${webhook.id}/deliveries/${delivery!.id}/send`;
  expect((await admin.post(again)).statusCode).toBe(204);
  await vi.waitFor(
    async () =>
      expect(await log(webhook.id)).toMatchObject([{ state: 'delivered', lastStatus: 204 }]),
    60_000,
  );
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  await admin.delete(`/api/v1/webhooks/${webhook.id}`);
});

test('what a stop cuts off is sent after the start, also on its last attempt', async () => {
  const { webhook } = (await add()).json();
  await running.stop();
  status = null;
  const options = { tasks, graceMs: 50 };
  running = await hub.jobs.run(options);
  await tellNow('call.ended', {});
  await vi.waitFor(() => expect(received).toHaveLength(1), 10_000);
  await hub.database.pool.query(
    `update graphile_worker._private_jobs set attempts = max_attempts where locked_at is not null`,
  );
  await running.stop();
  const meanwhile = 'Ringside was stopped meanwhile; it is sent again.';
  expect(await log(webhook.id)).toMatchObject([{ state: 'waiting', lastError: meanwhile }]);
  status = 200;
  running = await hub.jobs.run(options);
  await vi.waitFor(
    async () => expect(await log(webhook.id)).toMatchObject([{ state: 'delivered', attempts: 2 }]),
    10_000,
  );
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  await admin.delete(`/api/v1/webhooks/${webhook.id}`);
});

test('a transaction that fails tells nobody; neither does a webhook that is switched off', async () => {
  const { webhook } = (await add()).json();
  const failing = hub.database.db.transaction().execute(async (trx) => {
    await tell(trx, admin.organizationId, 'call.ended', {});
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  const { id: _, createdAt: __, ...input } = webhook;
  await admin.put(`/api/v1/webhooks/${webhook.id}`, { ...input, active: false });
  tell = webhookTeller({ jobs: hub.jobs, clock: hub.clock });
  await tellNow('call.ended', {});
  expect(await log(webhook.id)).toEqual([]);
  await admin.delete(`/api/v1/webhooks/${webhook.id}`);
});

test('wrong input is named; other organizations and agents see nothing', async () => {
  for (const [change, field] of [
    [{ url: 'ftp://example.com' }, 'url'],
    [{ url: 'http://example.com/' }, 'url'],
    [{ url: 'https://user:secret@example.com/' }, 'url'],
    [{ name: ' ' }, 'name'],
    [{ events: [] }, 'events'],
    [{ events: ['call.lost'] }, 'events.0'],
  ] as const) {
    const answer = await add(change);
    expect([answer.statusCode, answer.json().errors[0].field]).toEqual([400, field]);
  }
  const { webhook } = (await add()).json();
  const other = await hub.organization('Other', 'other@example.com');
  expect((await other.get('/api/v1/webhooks')).json()).toEqual({ webhooks: [] });
  expect((await other.delete(`/api/v1/webhooks/${webhook.id}`)).statusCode).toBe(404);
  expect((await other.get(`/api/v1/webhooks/${webhook.id}/deliveries`)).statusCode).toBe(404);
});
