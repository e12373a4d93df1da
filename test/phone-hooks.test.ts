import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { phoneHookRoutes } from '../src/calls/routes.ts';
import type { PhoneHookDeps } from '../src/calls/routes.ts';
import { recentCallsOfExtension } from '../src/calls/store.ts';
import { contactHookRoutes } from '../src/desk/contact-hook-routes.ts';
import { fillMirror } from '../src/desk/testing.ts';
import { testHub } from '../src/http/testing.ts';
import type { TestHub } from '../src/http/testing.ts';
import { insertConnection } from '../src/organization/connection-store.ts';
import { phoneSystemByToken } from '../src/organization/phone-system-store.ts';
import { newId } from '../src/platform/id.ts';
import { testLog } from '../src/platform/log.testing.ts';
import { silentNotifier } from '../src/platform/notifier.testing.ts';
import { createSecretBox } from '../src/platform/secret-box.ts';
import { startEslServer } from '../src/telephony/freeswitch/esl-server.testing.ts';
import { phoneSystemKind } from '../src/telephony/registry.ts';
import { sipgateWith } from '../src/telephony/sipgate/sipgate.ts';
import { startThreecxServer } from '../src/telephony/threecx/threecx-server.testing.ts';

/** What phone systems send to the hub by themselves: signed events, reported calls, questions who calls. */
let hub: TestHub;
let admin: Awaited<ReturnType<TestHub['organization']>>;
const sipgateKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });

const deps: PhoneHookDeps = {
  get db() {
    return hub.database.db;
  },
  clock: { now: () => hub.clock.now() },
  log: testLog,
  notifier: silentNotifier,
  phoneSystemByToken: (token) => {
    const secretBox = createSecretBox(Buffer.alloc(32, 7));
    return phoneSystemByToken({ db: hub.database.db, secretBox }, token);
  },
  touchPhoneSystem: async () => {},
  urlOf: (_request, path) => `https://hub.example.com${path}`,
  kindOf: (kind) =>
    kind === 'sipgate' ? sipgateWith(sipgateKeys.publicKey) : phoneSystemKind(kind),
};

beforeAll(async () => {
  hub = await testHub({ hooks: [phoneHookRoutes(deps), contactHookRoutes(deps)] });
  admin = await hub.organization('Acme', 'admin@acme.example');
});
afterAll(() => hub.close());

async function add(kind: string, hmacSecret?: string): Promise<{ id: string; path: string }> {
  const added = (await admin.post('/api/v1/phone-systems', { name: kind, kind })).json();
  const { id } = added.phoneSystem;
  if (hmacSecret) await admin.put(`/api/v1/phone-systems/${id}`, { name: kind, hmacSecret });
  return { id, path: added.hookUrl === '' ? '' : new URL(added.hookUrl).pathname };
}

const post = (url: string, body: string, headers: Record<string, string>) =>
  hub.app.inject({ method: 'POST', url, body, headers });
const form = 'application/x-www-form-urlencoded';
const callsOf = (extension: string) =>
  recentCallsOfExtension(hub.database.db, admin.organizationId, extension, new Date(0));

describe('signed events', () => {
  const fields = {
    CallSid: 'CA2',
    CallStatus: 'ringing',
    Direction: 'outbound-dial',
    From: '+493012345678',
    ParentCallSid: 'CA1',
    To: 'client:301',
  };

  test('of Twilio are taken under the public address, and refused with another signature', async () => {
    const { path } = await add('twilio', 'token');
    const signed = `https://hub.example.com${path}?x=1${Object.entries(fields).flat().join('')}`;
    const signature = createHmac('sha1', 'token').update(signed).digest('base64');
    const body = new URLSearchParams(fields).toString();
    const headers = { 'content-type': form, 'x-twilio-signature': signature };
    expect((await post(`${path}?x=1`, body, headers)).statusCode).toBe(204);
    expect(await callsOf('301')).toMatchObject([{ direction: 'inbound', from: '+493012345678' }]);
    const refused = await post(`${path}?x=2`, body, headers);
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(refused.json()).toMatchObject({ code: 'unauthenticated', fix: expect.any(String) });
  });

  test.each(['twilio', 'telnyx', 'vonage', 'sipgate'])(
    'of %s are refused while nothing verifies them',
    async (kind) => {
      const { path } = await add(kind);
      const type = { 'content-type': 'application/json' };
      expect((await post(path, '{', type)).statusCode).toBe(401);
    },
  );

  test('of sipgate are answered so that it tells more', async () => {
    const { path } = await add('sipgate');
    const body = 'event=newCall&direction=in&from=4930123456&to=49309&callId=s1&fullUserId[]=1w302';
    const signature = sign('RSA-SHA256', Buffer.from(body), sipgateKeys.privateKey);
    const headers = { 'content-type': form, 'x-sipgate-signature': signature.toString('base64') };
    const answer = await post(path, body, headers);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      200,
      expect.stringContaining('application/xml'),
    ]);
    expect(answer.body).toContain(`<Response onAnswer="https://hub.example.com${path}" onHangup=`);
    expect(await callsOf('302')).toMatchObject([{ from: '+4930123456' }]);
  });
});

describe('the Test button', () => {
  test.each([
    [
      'freeswitch',
      async () => {
        const server = await startEslServer();
        const settings = {
          host: '127.0.0.1',
          port: String(server.port),
          trunks: 'acme',
          password: 'ClueCon',
        };
        return { server, settings };
      },
    ],
    [
      '3cx',
      async () => {
        const server = await startThreecxServer();
        return { server, settings: { url: server.url, clientId: '900', apiKey: 'key' } };
      },
    ],
  ])('walks a %s that was added with its form', async (kind, start) => {
    const { server, settings } = await start();
    try {
      const added = await admin.post('/api/v1/phone-systems', { name: kind, kind, settings });
      expect(added.statusCode).toBe(201);
      const { id, storedSecrets } = added.json().phoneSystem;
      expect(storedSecrets).toHaveLength(1);
      expect(added.body).not.toMatch(/ClueCon|"key"/);
      const tested = (await admin.post(`/api/v1/phone-systems/${id}/test`)).json();
      expect(tested.steps.map((step: { status: string }) => step.status)).toEqual(
        Array.from({ length: 5 }, () => 'pass'),
      );
    } finally {
      await server.close();
    }
  });
});

describe('the CRM template of 3CX', () => {
  const addressesIn = (xml: string) =>
    [...xml.matchAll(/Url="http[^"/]*\/\/[^/]*([^"?]*)/g)].map(([, path = '']) => path);
  const template = async (id: string) => {
    const answer = await admin.post(`/api/v1/phone-systems/${id}/caller-template`);
    expect(answer.statusCode).toBe(201);
    const file = answer.json();
    expect(file).toMatchObject({ fileName: 'ringside-3cx.xml', contentType: 'application/xml' });
    const [lookup = '', report = ''] = addressesIn(file.body);
    return { lookup, report };
  };

  test('asks who calls', async () => {
    const { id } = await add('3cx');
    const connectionId = newId();
    const connection = { id: connectionId, platform: 'test', primary: false };
    await insertConnection(hub.database.db, admin.organizationId, connection);
    await fillMirror(
      hub.database.db,
      {
        organizationId: admin.organizationId,
        connectionId,
        phoneSystemId: id,
        people: {} as never,
      },
      [{ id: 'c1', name: 'Ada Maria Berg', raw: '+49 30 1234567', cases: 0 }],
    );
    const { lookup } = await template(id);
    const ask = (path: string, number: string) =>
      hub.visitor().get(`${path}?number=${encodeURIComponent(number)}&direction=Inbound`);
    expect((await ask(lookup, '+49301234567')).json()).toMatchObject({
      contacts: [
        { type: 'Contacts', firstName: 'Ada Maria', lastName: 'Berg', phone: '+49 30 1234567' },
      ],
    });
    expect((await ask(lookup, "'; drop table x")).json()).toEqual({ contacts: [] });
    expect((await ask('/hooks/phone/unknown/contacts', '1')).statusCode).toBe(404);
    const renewed = await template(id);
    expect((await ask(lookup, '+49301234567')).statusCode).toBe(404);
    expect((await ask(renewed.lookup, '+49301234567')).statusCode).toBe(200);
  });

  test('reports calls, which count only where no link tells of them', async () => {
    const { id } = await add('3cx');
    const { report } = await template(id);
    const call = (Agent: string) =>
      JSON.stringify({
        CallType: 'Missed',
        Number: '+12025550143',
        Agent,
        CallStartTimeUTC: new Date(Date.now() - 60_000).toISOString(),
      });
    const type = { 'content-type': 'application/json' };
    expect((await post(report, call('303'), type)).statusCode).toBe(204);
    expect(await callsOf('303')).toMatchObject([{ from: '+12025550143', result: 'missed' }]);
    const settings = { url: 'https://127.0.0.1:1', clientId: '900', apiKey: 'key' };
    const change = { name: '3cx', settings };
    expect((await admin.put(`/api/v1/phone-systems/${id}`, change)).statusCode).toBe(200);
    expect((await post(report, call('304'), type)).statusCode).toBe(204);
    expect(await callsOf('304')).toEqual([]);
  });

  test('is for administrators and for phone systems that know what it is', async () => {
    const { id } = await add('webhook');
    const path = `/api/v1/phone-systems/${id}/caller-template`;
    expect((await admin.post(path)).statusCode).toBe(404);
    expect((await hub.visitor().post(path)).statusCode).toBe(401);
  });
});
