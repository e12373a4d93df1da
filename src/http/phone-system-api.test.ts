import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  linkedPhoneSystems,
  openPhoneSecrets,
  phoneSystemByToken,
  touchPhoneSystem,
} from '../organization/phone-system-store.ts';
import { createSecretBox } from '../platform/secret-box.ts';
import { testHub } from './testing.ts';
import type { TestHub } from './testing.ts';

let hub: TestHub;
let admin: Awaited<ReturnType<TestHub['organization']>>;
beforeAll(async () => {
  hub = await testHub();
  admin = await hub.organization('Acme', 'admin@example.com');
});
afterAll(() => hub.close());

const byToken = (token: string) =>
  phoneSystemByToken(
    { db: hub.database.db, secretBox: createSecretBox(Buffer.alloc(32, 7)) },
    token,
  );

async function add(name = 'Head office') {
  const { phoneSystem, hookUrl } = (
    await admin.post('/api/v1/phone-systems', { name, kind: 'webhook' })
  ).json();
  return {
    id: phoneSystem.id as string,
    hookUrl: hookUrl as string,
    token: hookUrl.split('/').at(-1) as string,
  };
}

test('the webhook URL is shown once and finds its phone system', async () => {
  const { id, hookUrl, token } = await add();
  expect(hookUrl).toMatch(/^http:\/\/localhost(:80)?\/hooks\/phone\/[\w-]{43}$/);
  expect(await byToken(token)).toEqual({
    organizationId: admin.organizationId,
    id,
    kind: 'webhook',
    hmacSecret: null,
    linked: false,
  });
  expect(await byToken(`${token}x`)).toBeNull();
  const view = await admin.get('/api/v1/organization');
  expect(view.json().phoneSystems[0]).toEqual({
    id,
    kind: 'webhook',
    title: expect.any(String),
    linked: false,
    name: 'Head office',
    lastEventAt: null,
    signed: false,
    settings: {},
    storedSecrets: [],
    hookSecret: { title: 'Signature secret', help: expect.any(String), required: false },
    callerTemplate: false,
  });
  expect(view.body).not.toContain(token);
});

test('a new URL stops the old one at once', async () => {
  const { id, token } = await add();
  const answer = await admin.post(`/api/v1/phone-systems/${id}/token`);
  const renewed = answer.json().hookUrl.split('/').at(-1);
  expect(await byToken(token)).toBeNull();
  expect((await byToken(renewed))?.id).toBe(id);
});

test('the HMAC secret is set, kept, and removed; it is sealed and never shown', async () => {
  const { id, token } = await add();
  const put = (body: object) => admin.put(`/api/v1/phone-systems/${id}`, body);
  const set = await put({ name: 'Branch', hmacSecret: 'shared between us' });
  expect(set.json()).toMatchObject({ name: 'Branch', signed: true });
  expect(set.body).not.toContain('shared');
  expect((await byToken(token))?.hmacSecret).toBe('shared between us');
  const { rows } = await hub.database.pool.query(
    'select hmac_secret from phone_system where id = $1',
    [id],
  );
  expect(rows[0].hmac_secret).not.toContain('shared');
  await put({ name: 'Branch' });
  expect((await byToken(token))?.hmacSecret).toBe('shared between us');
  expect((await put({ name: 'Branch', hmacSecret: '' })).json().signed).toBe(false);
  expect((await byToken(token))?.hmacSecret).toBeNull();
});

test('wrong fields are named', async () => {
  const fields = async (body: object) =>
    (await admin.post('/api/v1/phone-systems', body))
      .json()
      .errors.map((one: { field: string }) => one.field);
  expect(await fields({ name: ' \u200b ', kind: 'webhook' })).toEqual(['name']);
  expect(await fields({ name: 'x'.repeat(101), kind: 'webhook' })).toEqual(['name']);
  expect(await fields({ name: 'X', kind: 'pigeon' })).toEqual(['kind']);
});

test('the last event is noted at most once a second', async () => {
  const { id } = await add('Busy');
  const at = (ms: number) => new Date(Date.parse('2026-03-01T10:00:00Z') + ms);
  const touch = (ms: number) => touchPhoneSystem(hub.database.db, admin.organizationId, id, at(ms));
  const last = async () =>
    (await admin.get('/api/v1/organization'))
      .json()
      .phoneSystems.find((one: { id: string }) => one.id === id).lastEventAt;
  await touch(0);
  await touch(999);
  expect(await last()).toBe(at(0).toISOString());
  await touch(1001);
  expect(await last()).toBe(at(1001).toISOString());
});

test('a deleted phone system is gone', async () => {
  const { id, token } = await add();
  expect((await admin.delete(`/api/v1/phone-systems/${id}`)).statusCode).toBe(204);
  expect(await byToken(token)).toBeNull();
  expect((await admin.delete(`/api/v1/phone-systems/${id}`)).statusCode).toBe(404);
});

describe('a phone system that Ringside connects to', () => {
  const settings = {
    host: '127.0.0.1',
    port: '1',
    tls: 'no',
    username: 'ringside',
    login: 'md5',
    trunks: 'carrier',
    context: 'from-internal',
  };
  const create = (more: object) =>
    admin.post('/api/v1/phone-systems', { name: 'Basement', kind: 'asterisk', ...more });

  test('is described as data', async () => {
    const kinds = (await admin.get('/api/v1/phone-system-kinds')).json();
    const asterisk = kinds.find(({ kind }: { kind: string }) => kind === 'asterisk');
    expect(asterisk.fields.map(({ name }: { name: string }) => name)).toContain('trunks');
    expect(kinds.find(({ kind }: { kind: string }) => kind === 'webhook').fields).toEqual([]);
  });

  test('keeps its secret sealed and never shows it', async () => {
    const answer = await create({ settings: { ...settings, secret: 'hush-hush' } });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({
      hookUrl: '',
      phoneSystem: { linked: true, settings, storedSecrets: ['secret'] },
    });
    expect(answer.body).not.toContain('hush-hush');
    const [stored] = await linkedPhoneSystems(hub.database.db, {
      organizationId: admin.organizationId,
      id: answer.json().phoneSystem.id,
    });
    expect(JSON.stringify(stored)).not.toContain('hush-hush');
    expect(stored && openPhoneSecrets(createSecretBox(Buffer.alloc(32, 7)), stored)).toEqual({
      secret: 'hush-hush',
    });
  });

  test('a stored secret is kept, but not for another address', async () => {
    const { id } = (await create({ settings: { ...settings, secret: 'hush' } })).json().phoneSystem;
    const change = (more: object) =>
      admin.put(`/api/v1/phone-systems/${id}`, {
        name: 'Basement',
        settings: { ...settings, ...more },
      });
    expect((await change({ trunks: 'other' })).json().settings.trunks).toBe('other');
    const moved = await change({ host: 'evil.example' });
    expect(moved.statusCode).toBe(400);
    expect(moved.json().errors).toEqual([
      { field: 'settings.secret', message: expect.stringContaining('type this again') },
    ]);
    expect((await change({ host: 'new.example', secret: 'hush' })).statusCode).toBe(200);
  });

  test('wrong settings are refused field by field, and unknown kinds too', async () => {
    const wrong = await create({ settings: { host: 'http://x', port: '99999' } });
    expect(wrong.json().errors.map(({ field }: { field: string }) => field)).toEqual([
      'settings.host',
      'settings.port',
      'settings.username',
      'settings.secret',
      'settings.trunks',
    ]);
    const kind = await create({ kind: 'nonsense' });
    expect(kind.json().errors[0].field).toBe('kind');
    const webhook = await create({ kind: 'webhook', settings });
    expect(webhook.statusCode).toBe(400);
  });

  test('its test names what fails; a webhook has none', async () => {
    const { id } = (await create({ settings: { ...settings, secret: 'hush' } })).json().phoneSystem;
    const { ok, steps } = (await admin.post(`/api/v1/phone-systems/${id}/test`)).json();
    expect(ok).toBe(false);
    expect(steps[0]).toMatchObject({ id: 'connect', status: 'fail', fix: expect.any(String) });
    expect(steps).toHaveLength(5);
    const webhook = await add();
    const refused = await admin.post(`/api/v1/phone-systems/${webhook.id}/test`);
    expect(refused.statusCode).toBe(404);
  });

  test('another organization can neither test nor change it', async () => {
    const { id } = (await create({ settings: { ...settings, secret: 'hush' } })).json().phoneSystem;
    const other = await hub.organization('Other', `other-${id}@example.com`);
    expect((await other.post(`/api/v1/phone-systems/${id}/test`)).statusCode).toBe(404);
    const stolen = await other.put(`/api/v1/phone-systems/${id}`, { name: 'Mine', settings });
    expect(stolen.statusCode).toBe(404);
  });
});
