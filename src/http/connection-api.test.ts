import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkOf, openConnection } from '../organization/open-connection.ts';
import { connectionsOf, setConnectionState } from '../organization/connection-store.ts';
import { createSecretBox } from '../platform/secret-box.ts';
import { gatheredLog } from '../platform/log.testing.ts';
import { testHub, testPlatform } from './testing.ts';
import type { TestHub } from './testing.ts';

const logged: string[] = [];
const secretBox = createSecretBox(Buffer.alloc(32, 7));
let hub: TestHub;
beforeAll(async () => {
  hub = await testHub({
    log: gatheredLog('trace', (line) => void logged.push(line)),
  });
});
afterAll(() => hub.close());

let count = 0;
const organization = () => hub.organization(`Org ${(count += 1)}`, `admin${count}@example.com`);
type Admin = Awaited<ReturnType<TestHub['organization']>>;

const secret = 'hunter2 hunter2';
const good = { username: 'ringside', password: secret, endpoint: 'https://acme.example/' };

async function connected(admin: Admin): Promise<string> {
  const { id } = (await admin.post('/api/v1/connections', { platform: 'testcrm' })).json();
  expect((await admin.put(`/api/v1/connections/${id}`, { settings: good })).statusCode).toBe(200);
  return id;
}

/** What would be sent to the CRM. */
async function sent(admin: Admin, id: string): Promise<{ settings: object; secrets: object }> {
  const deps = { db: hub.database.db, secretBox, platforms: [testPlatform] };
  const { crm } = await openConnection(deps, admin.organizationId, id);
  for await (const progress of crm.check())
    if (progress.type === 'finished') return JSON.parse(progress.step.detail);
  throw new Error('nothing was sent');
}

test('platforms are described for the form', async () => {
  const admin = await organization();
  const [platform] = (await admin.get('/api/v1/crm-platforms')).json();
  expect(platform).toMatchObject({ id: 'testcrm', title: 'Test CRM', guide: ['Make a user.'] });
  expect(platform.fields.map(({ title }: { title: string }) => title)).toEqual([
    'CRM Username',
    'CRM Password',
    'Endpoint',
  ]);
});

test('a connection is added, filled in, mended with a note, and keeps its password to itself', async () => {
  const admin = await organization();
  const wrong = await admin.post('/api/v1/connections', { platform: 'sugar' });
  expect(wrong.json()).toMatchObject({ status: 400, errors: [{ field: 'platform' }] });
  const added = await admin.post('/api/v1/connections', { platform: 'testcrm' });
  expect(added.statusCode).toBe(201);
  const { id } = added.json();
  expect(added.json()).toMatchObject({
    platform: 'testcrm',
    title: 'Test CRM',
    primary: true,
    state: 'new',
    settings: {},
    storedSecrets: [],
  });

  const bad = await admin.put(`/api/v1/connections/${id}`, {
    settings: { username: 'x', endpoint: 'nowhere' },
  });
  expect(bad.json().errors.map((one: { field: string }) => one.field)).toEqual([
    'settings.password',
    'settings.endpoint',
  ]);
  const saved = await admin.put(`/api/v1/connections/${id}`, {
    settings: { ...good, endpoint: 'https://acme.example' },
  });
  expect(saved.json()).toMatchObject({
    connection: {
      state: 'unchecked',
      account: { user: 'ringside', host: 'acme.example' },
      settings: { username: 'ringside', endpoint: 'https://acme.example/' },
      storedSecrets: ['password'],
    },
    notes: [{ field: 'settings.endpoint', message: "A '/' was added at the end." }],
  });
  const view = await admin.get('/api/v1/organization');
  expect(view.json().connections[0].storedSecrets).toEqual(['password']);
  for (const body of [saved.body, view.body, logged.join('')])
    expect(body).not.toContain('hunter2');
  const { rows } = await hub.database.pool.query(
    'select secrets::text, settings::text from crm_connection where id = $1',
    [id],
  );
  expect(rows[0].secrets + rows[0].settings).not.toContain('hunter2');
  const audit = await hub.database.pool.query('select detail::text from audit_entry');
  expect(audit.rows.map(({ detail }) => detail).join('')).not.toContain('hunter2');
  expect(await sent(admin, id)).toEqual({
    settings: { username: 'ringside', endpoint: 'https://acme.example/' },
    secrets: { password: secret },
  });
});

test('an empty password keeps the stored one, but never for another host', async () => {
  const admin = await organization();
  const id = await connected(admin);
  const put = (settings: Record<string, string>) =>
    admin.put(`/api/v1/connections/${id}`, { settings });
  expect(
    (await put({ username: 'renamed', password: '', endpoint: good.endpoint })).statusCode,
  ).toBe(200);
  expect(await sent(admin, id)).toMatchObject({
    settings: { username: 'renamed' },
    secrets: { password: secret },
  });

  for (const endpoint of [
    'https://evil.example/',
    'http://acme.example/',
    'https://acme.example:8443/',
    'https://acme.example.evil.example/',
  ]) {
    const moved = await put({ username: 'ringside', password: '', endpoint });
    expect(moved.json().errors, endpoint).toEqual([
      { field: 'settings.password', message: expect.stringContaining('type CRM Password again') },
    ]);
  }
  expect(await sent(admin, id)).toMatchObject({ settings: { endpoint: good.endpoint } });
  expect(
    (
      await put({
        username: 'ringside',
        password: 'the new one',
        endpoint: 'https://other.example/',
      })
    ).statusCode,
  ).toBe(200);
  expect(await sent(admin, id)).toMatchObject({
    settings: { endpoint: 'https://other.example/' },
    secrets: { password: 'the new one' },
  });
});

test('a check counts until the settings change', async () => {
  const admin = await organization();
  const id = await connected(admin);
  const at = new Date('2026-03-01T10:00:00Z');
  await setConnectionState(hub.database.db, admin.organizationId, id, 'ok', at);
  const put = async (settings: Record<string, string>) =>
    (await admin.put(`/api/v1/connections/${id}`, { settings })).json().connection;
  expect(await put({ ...good, password: '' })).toMatchObject({
    state: 'ok',
    lastCheckAt: at.toISOString(),
  });
  expect(await put({ ...good, username: 'another' })).toMatchObject({ state: 'unchecked' });
});

test('the first connection is primary; Save moves it; deleting hands it on', async () => {
  const admin = await organization();
  const first = await connected(admin);
  const second = await connected(admin);
  const view = async () => (await admin.get('/api/v1/organization')).json();
  const primary = async () =>
    (await view()).connections
      .filter((one: { primary: boolean }) => one.primary)
      .map((one: { id: string }) => one.id);
  expect(await primary()).toEqual([first]);
  const { version, name, country, timeZone } = await view();
  await admin.put('/api/v1/organization', {
    version,
    name,
    country,
    timeZone,
    primaryConnectionId: second,
  });
  expect(await primary()).toEqual([second]);
  expect((await admin.delete(`/api/v1/connections/${second}`)).statusCode).toBe(204);
  expect(await primary()).toEqual([first]);
  expect((await admin.delete(`/api/v1/connections/${second}`)).statusCode).toBe(404);
  await admin.delete(`/api/v1/connections/${first}`);
  expect((await view()).connections).toEqual([]);
});

test('adding several at once leaves one primary', async () => {
  const admin = await organization();
  const answers = await Promise.all(
    [1, 2, 3].map(() => admin.post('/api/v1/connections', { platform: 'testcrm' })),
  );
  expect(answers.filter((answer) => answer.json().primary)).toHaveLength(1);
});

test("another organization's connections and phone systems are not there", async () => {
  const admin = await organization();
  const stranger = await organization();
  const id = await connected(admin);
  const { phoneSystem } = (
    await admin.post('/api/v1/phone-systems', { name: 'Head office', kind: 'webhook' })
  ).json();
  const tries = [
    stranger.put(`/api/v1/connections/${id}`, { settings: good }),
    stranger.delete(`/api/v1/connections/${id}`),
    stranger.put(`/api/v1/phone-systems/${phoneSystem.id}`, { name: 'Mine' }),
    stranger.post(`/api/v1/phone-systems/${phoneSystem.id}/token`),
    stranger.delete(`/api/v1/phone-systems/${phoneSystem.id}`),
    stranger.post(`/api/v1/people/${admin.personId}/invitation`),
  ];
  expect((await Promise.all(tries)).map(({ statusCode }) => statusCode)).toEqual([
    404, 404, 404, 404, 404, 404,
  ]);
  const deps = { db: hub.database.db, secretBox, platforms: [testPlatform] };
  await expect(openConnection(deps, stranger.organizationId, id)).rejects.toMatchObject({
    code: 'not-found',
  });
  expect(await connectionsOf(hub.database.db, stranger.organizationId)).toEqual([]);
});

test('a connection without credential cannot be opened; links need none', async () => {
  const admin = await organization();
  const { id } = (await admin.post('/api/v1/connections', { platform: 'testcrm' })).json();
  await expect(sent(admin, id)).rejects.toMatchObject({ code: 'conflict' });
  const [empty] = await connectionsOf(hub.database.db, admin.organizationId);
  const target = { kind: 'case', id: 'c1' } as const;
  expect(linkOf(empty!, target, [testPlatform])).toBeNull();
  await admin.put(`/api/v1/connections/${id}`, { settings: good });
  const [full] = await connectionsOf(hub.database.db, admin.organizationId);
  expect(linkOf(full!, target, [testPlatform])).toBe('https://acme.example/case/c1');
  expect(JSON.stringify(full)).not.toContain('v1:');
});

test('a sealed password that is copied into another row does not open', async () => {
  const admin = await organization();
  const [one, two] = [await connected(admin), await connected(admin)];
  await hub.database.pool.query(
    'update crm_connection set secrets = (select secrets from crm_connection where id = $1) where id = $2',
    [one, two],
  );
  await expect(sent(admin, two)).rejects.toThrow('cannot be opened');
});
