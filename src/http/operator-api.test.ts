import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setOperator } from '../organization/operator-store.ts';
import { phoneSystemByToken, linkedPhoneSystems } from '../organization/phone-system-store.ts';
import { testHub, testPassword } from './testing.ts';
import type { TestClient, TestHub } from './testing.ts';

let hub: TestHub;
let operator: Awaited<ReturnType<TestHub['organization']>>;
let customer: Awaited<ReturnType<TestHub['organization']>>;

beforeAll(async () => {
  hub = await testHub();
  operator = await hub.organization('Provider', 'op@provider.example');
  customer = await hub.organization('Customer', 'boss@customer.example');
  await setOperator(hub.database.db, 'op@provider.example', true);
});
afterAll(() => hub.close());

const base = '/api/v1/operator/organizations';
const acme = {
  ...{ name: 'Acme', country: 'DE', timeZone: 'Europe/Berlin' },
  seats: { View: 1, Core: 2, Engage: 0, Enterprise: 0 },
  administrator: { name: 'Ada Berg', email: 'ada@acme.example' },
};

const listed = async (client: TestClient): Promise<{ id: string; name: string }[]> =>
  (await client.get(base)).json().organizations;

describe('an operator', () => {
  test('is nobody by role: an administrator is refused, and sees no such thing in /me', async () => {
    expect(await setOperator(hub.database.db, 'nobody@provider.example', true)).toBeNull();
    expect((await operator.get('/api/v1/me')).json().operator).toBe(true);
    expect((await customer.get('/api/v1/me')).json().operator).toBe(false);
    for (const answer of [
      await customer.get(base),
      await customer.post(base, acme),
      await customer.put(`${base}/${customer.organizationId}/seats`, { seats: acme.seats }),
      await customer.post(`${base}/${operator.organizationId}/suspend`),
      await customer.post(`${base}/${operator.organizationId}/resume`),
      await customer.post(`${base}/${operator.organizationId}/invitation`),
    ])
      expect(answer.statusCode).toBe(403);
  });

  test('creates an organization with seats, whose administrator comes in by a link', async () => {
    const wrong = await operator.post(base, { ...acme, timeZone: 'Mars/Olympus' });
    expect(wrong.json().errors[0].field).toBe('timeZone');
    const taken = { ...acme, administrator: { name: 'B', email: 'boss@customer.example' } };
    expect((await operator.post(base, taken)).json().errors[0].field).toBe('administrator.email');
    const made = await operator.post(base, acme);
    expect(made.statusCode, made.body).toBe(201);
    const { organization, invitationUrl, mailed } = made.json();
    expect([organization.administered, organization.own, mailed]).toEqual([false, false, false]);
    expect(organization.seats).toContainEqual({ plan: 'Core', total: 2, used: 0 });
    // A new link makes the one before void.
    const renewed = await operator.post(`${base}/${organization.id}/invitation`);
    expect(renewed.json()).toMatchObject({ name: 'Ada Berg', email: 'ada@acme.example' });
    const path = (url: string) => new URL(url).pathname.replace('/invite', '/api/v1/invitations');
    const ada = hub.visitor();
    expect((await ada.get(path(invitationUrl))).statusCode).toBe(404);
    const link = path(renewed.json().invitationUrl);
    expect((await ada.post(link, { password: testPassword })).statusCode).toBe(204);
    expect((await ada.get('/api/v1/me')).json()).toMatchObject({
      person: { role: 'administrator' },
      organization: { name: 'Acme', timeZone: 'Europe/Berlin' },
    });
    // From now on the operator opens no door there.
    expect((await operator.post(`${base}/${organization.id}/invitation`)).statusCode).toBe(409);
    const audit = (await ada.get('/api/v1/audit')).json().entries;
    expect(audit.map((one: { action: string }) => one.action)).toContain('create organization');
    expect(audit.at(-1).by.name).toBe('Admin of Provider (operator)');
  });

  test('gives the seats, and nobody there changes them', async () => {
    const found = (await listed(operator)).find(({ name }) => name === 'Acme')!;
    const ada = hub.visitor();
    await ada.signIn('ada@acme.example');
    const view = async () => (await ada.get('/api/v1/organization')).json();
    const save = async (change: object) => {
      const { version, name, country, timeZone } = await view();
      return ada.put('/api/v1/organization', { version, name, country, timeZone, ...change });
    };
    const { seatsByOperator, people } = await view();
    expect(seatsByOperator).toBe(true);
    const refused = await save({ seats: { Core: 500 } });
    expect([refused.statusCode, refused.json().errors[0].field]).toEqual([400, 'seats.Core']);
    expect((await save({ people: [{ id: people[0].id, plan: 'View' }] })).statusCode).toBe(200);
    const put = (seats: object) => operator.put(`${base}/${found.id}/seats`, { seats });
    const tooFew = await put({ ...acme.seats, View: 0 });
    expect(tooFew.json().errors).toEqual([
      { field: 'seats.View', message: '1 View seat is in use.' },
    ]);
    const given = await put({ View: 3, Core: 3, Engage: 0, Enterprise: 0 });
    expect(given.json().seats).toContainEqual({ plan: 'View', total: 3, used: 1 });
    expect((await view()).seats).toContainEqual({ plan: 'Core', total: 3, used: 0 });
    // Whoever nobody gave seats goes on as before.
    expect((await customer.get('/api/v1/organization')).json().seatsByOperator).toBe(false);
  });

  test('suspends and resumes: sessions, hooks, keys, links and invitations end at once, nothing is lost', async () => {
    const { db } = hub.database;
    const key = (
      await customer.post('/api/v1/phone-systems', { name: 'PBX', kind: 'webhook' })
    ).json();
    const token = new URL(key.hookUrl).pathname.split('/').at(-1)!;
    const pbx = {
      host: '127.0.0.1',
      port: '5038',
      username: 'm',
      secret: 's',
      trunks: 't',
      context: 'c',
    };
    await customer.post('/api/v1/phone-systems', { name: 'A', kind: 'asterisk', settings: pbx });
    const bea = { name: 'Bea', email: 'bea@customer.example', role: 'agent', plan: null };
    const invited = (await customer.post('/api/v1/people', bea)).json().invitationUrl as string;
    const invitation = new URL(invited).pathname.replace('/invite', '/api/v1/invitations');
    const source = () => phoneSystemByToken({ db, secretBox: hub.secretBox }, token);
    const links = async () =>
      (await linkedPhoneSystems(db)).filter(
        (one) => one.organizationId === customer.organizationId,
      );
    expect([await source(), (await links()).length]).toEqual([expect.anything(), 1]);

    const path = `${base}/${customer.organizationId}`;
    expect((await operator.post(`${path}/suspend`)).json().suspendedAt).not.toBeNull();
    expect((await customer.get('/api/v1/me')).statusCode).toBe(401);
    const back = await hub.visitor().signIn('boss@customer.example');
    expect([back.statusCode, back.json().detail]).toEqual([403, 'Your organization is suspended.']);
    // Only whoever knows the password is told.
    expect(
      (await hub.visitor().signIn('boss@customer.example', 'a guess, and a wrong one')).statusCode,
    ).toBe(401);
    expect((await hub.visitor().get(invitation)).statusCode).toBe(404);
    expect([await source(), (await links()).length]).toEqual([null, 0]);

    expect((await operator.post(`${path}/resume`)).json().suspendedAt).toBeNull();
    expect((await customer.signIn('boss@customer.example')).statusCode).toBe(204);
    expect((await hub.visitor().get(invitation)).statusCode).toBe(200);
    expect(await source()).not.toBeNull();
    const own = await operator.post(`${base}/${operator.organizationId}/suspend`);
    expect(own.statusCode).toBe(409);
    expect((await operator.post(`${base}/${operator.personId}/suspend`)).statusCode).toBe(404);
  });

  test('is nobody whom an administrator of the same organization could become', async () => {
    const { invitationUrl } = (
      await operator.post('/api/v1/people', {
        ...{ name: 'Second', email: 'second@provider.example', role: 'administrator', plan: null },
      })
    ).json();
    const second = hub.visitor();
    const path = new URL(invitationUrl).pathname.replace('/invite', '/api/v1/invitations');
    await second.post(path, { password: testPassword });
    expect((await second.get(base)).statusCode).toBe(403);
    const link = await second.post(`/api/v1/people/${operator.personId}/invitation`);
    expect([link.statusCode, link.json().detail]).toEqual([409, 'This is an operator of the hub.']);
    await setOperator(hub.database.db, 'op@provider.example', false);
    expect((await operator.get(base)).statusCode).toBe(403);
  });
});
