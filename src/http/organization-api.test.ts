import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrganizationView } from '../organization/contract.ts';
import { testHub } from './testing.ts';
import type { TestClient, TestHub } from './testing.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await testHub();
});
afterAll(() => hub.close());

type Admin = Awaited<ReturnType<TestHub['organization']>>;
let count = 0;
const organization = (): Promise<Admin> =>
  hub.organization(`Org ${(count += 1)}`, `admin${count}@example.com`);

const view = async (client: TestClient): Promise<OrganizationView> =>
  (await client.get('/api/v1/organization')).json();

/** Saves what is in `change` on top of the organization as it is. */
async function save(client: TestClient, change: Record<string, unknown>) {
  const { version, name, country, timeZone } = await view(client);
  return client.put('/api/v1/organization', { version, name, country, timeZone, ...change });
}

let invited = 0;
async function invite(client: TestClient, input: Record<string, unknown> = {}) {
  const name = `Person ${(invited += 1)}`;
  const email = `person${invited}@example.com`;
  const answer = await client.post('/api/v1/people', {
    name,
    email,
    role: 'agent',
    plan: null,
    ...input,
  });
  if (answer.statusCode !== 201) return { answer, id: '', email, token: '' };
  const { person, invitationUrl } = answer.json();
  return {
    answer,
    id: person.id as string,
    email,
    token: invitationUrl.split('/').at(-1) as string,
  };
}

/** Invites a person and signs them in. */
async function member(client: TestClient, input: Record<string, unknown> = {}) {
  const { id, email, token } = await invite(client, input);
  const browser = hub.visitor();
  const accepted = await browser.post(`/api/v1/invitations/${token}`, {
    password: 'a password of mine',
  });
  expect(accepted.statusCode).toBe(204);
  return Object.assign(browser, { id, email });
}

const byNumber = (a: number, b: number) => a - b;
const errorsOf = (answer: { json(): { errors?: { field: string; message: string }[] } }) =>
  answer.json().errors ?? [];

test('shows the organization, and Save changes it', async () => {
  const admin = await organization();
  const before = await view(admin);
  expect(before).toMatchObject({ version: 1, country: 'DE', connections: [], phoneSystems: [] });
  expect(before.seats.map(({ plan, used }) => [plan, used])).toEqual([
    ['View', 0],
    ['Core', 0],
    ['Engage', 0],
    ['Enterprise', 1],
  ]);
  const answer = await save(admin, {
    name: '  New\u202e name\u0007 ',
    country: 'at',
    timeZone: 'Europe/Vienna',
    seats: { View: 3 },
    people: [{ id: admin.personId, extension: ' 100 ', plan: 'View' }],
  });
  expect(answer.statusCode).toBe(200);
  const after = answer.json<OrganizationView>();
  expect(after).toMatchObject({
    version: 2,
    name: 'New name',
    country: 'AT',
    timeZone: 'Europe/Vienna',
  });
  expect(after.seats.find(({ plan }) => plan === 'View')).toEqual({
    plan: 'View',
    total: 3,
    used: 1,
  });
  expect(after.people[0]).toMatchObject({
    extension: '100',
    plan: 'View',
    role: 'administrator',
    invited: false,
  });
  expect(await view(admin)).toEqual(after);
  expect((await admin.get('/api/v1/me')).json().person.extension).toBe('100');
});

test('a Save on an older version is refused and changes nothing', async () => {
  const admin = await organization();
  const { version, name, country, timeZone } = await view(admin);
  await save(admin, { name: 'Saved first' });
  const late = await admin.put('/api/v1/organization', { version, name, country, timeZone });
  expect(late.json()).toMatchObject({
    status: 409,
    code: 'conflict',
    fix: expect.stringContaining('Reload'),
  });
  expect((await view(admin)).name).toBe('Saved first');
});

test('wrong fields of a Save are named', async () => {
  const admin = await organization();
  const fields = async (change: Record<string, unknown>) =>
    errorsOf(await save(admin, change)).map(({ field }) => field);
  expect(await fields({ name: ' \u0000'.trim() })).toEqual(['name']);
  expect(await fields({ country: 'Germany' })).toEqual(['country']);
  expect(await fields({ country: 'ZZ', timeZone: '+01:00' })).toEqual(['country', 'timeZone']);
  expect(await fields({ timeZone: 'Europe/Nowhere' })).toEqual(['timeZone']);
  expect(await fields({ people: [{ id: admin.personId, extension: '12a' }] })).toEqual([
    'people.0.extension',
  ]);
  expect(await fields({ people: [{ id: admin.personId, role: 'king', plan: 'Gold' }] })).toEqual([
    'people.0.role',
    'people.0.plan',
  ]);
  expect(await fields({ people: [{ id: 'me' }] })).toEqual(['people.0.id']);
  expect(await fields({ seats: { View: -1 } })).toEqual(['seats.View']);
  expect(await fields({ primaryConnectionId: admin.organizationId })).toEqual([
    'primaryConnectionId',
  ]);
  const stranger = await organization();
  expect(await fields({ people: [{ id: stranger.personId, role: 'agent' }] })).toEqual([
    'people.0.id',
  ]);
  expect((await view(admin)).version).toBe(1);
  expect((await view(stranger)).people[0]?.role).toBe('administrator');
});

test('one extension belongs to one active person; the clash is named; two people may swap', async () => {
  const admin = await organization();
  const ada = await invite(admin, { name: 'Ada', extension: '201' });
  const bo = await invite(admin, { name: 'Bo', extension: '202' });
  const clash = await save(admin, { name: 'Not kept', people: [{ id: bo.id, extension: '201' }] });
  expect(clash.statusCode).toBe(400);
  expect(errorsOf(clash)).toEqual([
    {
      field: 'people.0.extension',
      message: 'Extension 201 belongs to Ada; one extension belongs to one person.',
    },
  ]);
  expect((await view(admin)).name).not.toBe('Not kept');
  const both = await save(admin, {
    people: [
      { id: ada.id, extension: '9' },
      { id: bo.id, extension: '9' },
    ],
  });
  expect(errorsOf(both).map(({ field }) => field)).toEqual([
    'people.0.extension',
    'people.1.extension',
  ]);

  const swap = await save(admin, {
    people: [
      { id: ada.id, extension: '202' },
      { id: bo.id, extension: '201' },
    ],
  });
  expect(swap.statusCode).toBe(200);
  await save(admin, { people: [{ id: ada.id, active: false }] });
  expect((await save(admin, { people: [{ id: bo.id, extension: '202' }] })).statusCode).toBe(200);
  const back = await save(admin, { people: [{ id: ada.id, active: true }] });
  expect(errorsOf(back)[0]?.message).toContain('belongs to Bo');
  expect(
    (await save(admin, { people: [{ id: ada.id, active: true, extension: null }] })).statusCode,
  ).toBe(200);
});

test('seats: nobody gets one that is not there, and totals cannot fall below what is used', async () => {
  const admin = await organization();
  await save(admin, { seats: { View: 2 } });
  const people = [];
  for (let index = 0; index < 3; index += 1) people.push(await invite(admin));
  const all = await save(admin, { people: people.map(({ id }) => ({ id, plan: 'View' })) });
  expect(errorsOf(all)).toEqual([
    { field: 'people.2.plan', message: 'No View seat is free: 2 of 2 are used.' },
  ]);
  expect((await view(admin)).seats[0]?.used).toBe(0);
  expect(
    (await save(admin, { people: people.slice(0, 2).map(({ id }) => ({ id, plan: 'View' })) }))
      .statusCode,
  ).toBe(200);
  const third = await admin.post('/api/v1/people', {
    name: 'X',
    email: 'x@example.com',
    role: 'agent',
    plan: 'View',
  });
  expect(errorsOf(third)).toEqual([
    { field: 'plan', message: 'No View seat is free: 2 of 2 are used.' },
  ]);
  const lowered = await save(admin, { seats: { View: 1 } });
  expect(errorsOf(lowered)).toEqual([
    { field: 'seats.View', message: '2 View seats are in use; the total cannot be 1.' },
  ]);
  const moved = await save(admin, {
    people: [
      { id: people[0]!.id, active: false },
      { id: people[2]!.id, plan: 'View' },
    ],
  });
  expect(moved.statusCode).toBe(200);
});

test('teams: made, renamed, taken away, with every clash named, and only with a Core seat', async () => {
  const admin = await organization();
  const [ada, sue] = [await invite(admin), await invite(admin, { role: 'supervisor' })];
  const id = '0197a3a8-0000-7000-8000-0000000000aa';
  const team = { id, name: 'First', memberIds: [ada.id], supervisorIds: [sue.id] };
  const saved = await save(admin, { teams: [team] });
  expect(saved.json().teams).toEqual([team]);
  const clashes = await save(admin, {
    teams: [
      team,
      { ...team, id: '0197a3a8-0000-7000-8000-0000000000ab', name: 'FIRST' },
      { id: admin.personId, name: 'Third', memberIds: [id], supervisorIds: [ada.id] },
    ],
  });
  expect(errorsOf(clashes).map(({ field }) => field)).toEqual([
    'teams.1.name',
    'teams.2.memberIds',
    'teams.2.supervisorIds',
  ]);
  expect(errorsOf(await save(admin, { teams: [{ ...team, name: ' ' }] }))).toMatchObject([
    { field: 'teams.0.name', message: 'Give the team a name.' },
  ]);
  const renamed = { ...team, name: 'First level' };
  expect((await save(admin, { teams: [renamed] })).json().teams).toEqual([renamed]);
  const { entries } = (await admin.get('/api/v1/audit')).json();
  expect(entries[0].detail.teams).toMatchObject([
    { name: 'First level', members: [expect.stringMatching(/^Person/)] },
  ]);
  const none = { View: 1, Core: 0, Engage: 0, Enterprise: 0 };
  const people = [{ id: admin.personId, plan: 'View' }];
  expect((await save(admin, { seats: none, people })).json().teams).toEqual([renamed]);
  expect(errorsOf(await save(admin, { teams: [team] }))).toMatchObject([
    { field: 'teams', message: expect.stringContaining('Core plan') },
  ]);
  expect((await save(admin, { teams: [] })).json().teams).toEqual([]);
});

test('two Saves at once: one is kept, the seats hold', async () => {
  const admin = await organization();
  await save(admin, { seats: { View: 1 } });
  const one = await invite(admin);
  const two = await invite(admin);
  const answers = await Promise.all(
    [one, two].map(({ id }) => save(admin, { people: [{ id, plan: 'View' }] })),
  );
  expect(answers.map(({ statusCode }) => statusCode).toSorted(byNumber)).toEqual([200, 409]);
  const invitations = await Promise.all(
    [1, 2, 3].map(() => invite(admin, { plan: 'Enterprise', name: 'At once' })),
  );
  expect(invitations.every(({ answer }) => answer.statusCode === 201)).toBe(true);
  await save(admin, { seats: { Core: 1 } });
  const race = await Promise.all([1, 2, 3, 4].map(() => invite(admin, { plan: 'Core' })));
  expect(race.map(({ answer }) => answer.statusCode).toSorted(byNumber)).toEqual([
    201, 400, 400, 400,
  ]);
  expect((await view(admin)).seats.find(({ plan }) => plan === 'Core')).toEqual({
    plan: 'Core',
    total: 1,
    used: 1,
  });
});

test('the last administrator can neither step down nor leave', async () => {
  const admin = await organization();
  // Invited and not yet in: cannot administer.
  const heir = await invite(admin, { role: 'administrator' });
  for (const change of [{ role: 'agent' }, { active: false }]) {
    const answer = await save(admin, { people: [{ id: admin.personId, ...change }] });
    expect(errorsOf(answer).map(({ field }) => field)).toEqual([
      `people.0.${Object.keys(change)[0]}`,
    ]);
  }
  await hub.visitor().post(`/api/v1/invitations/${heir.token}`, { password: 'a password of mine' });
  expect((await save(admin, { people: [{ id: admin.personId, role: 'agent' }] })).statusCode).toBe(
    200,
  );
  expect((await admin.get('/api/v1/organization')).statusCode).toBe(403);
});

test('an invitation link works once; it sets the password and signs in', async () => {
  const admin = await organization();
  const { id, email, token } = await invite(admin, {
    name: 'New Agent',
    role: 'agent',
    plan: 'View',
  });
  expect((await view(admin)).people.find((one) => one.id === id)?.invited).toBe(true);
  const browser = hub.visitor();
  expect((await browser.get(`/api/v1/invitations/${token}`)).json()).toMatchObject({
    name: 'New Agent',
    email,
  });
  const short = await browser.post(`/api/v1/invitations/${token}`, { password: 'short' });
  expect(errorsOf(short).map(({ field }) => field)).toEqual(['password']);
  const tries = await Promise.all(
    ['first', 'second'].map((word) =>
      hub.visitor().post(`/api/v1/invitations/${token}`, { password: `${word} password here` }),
    ),
  );
  expect(tries.map(({ statusCode }) => statusCode).toSorted(byNumber)).toEqual([204, 404]);
  expect((await browser.get(`/api/v1/invitations/${token}`)).statusCode).toBe(404);
  const word = tries[0]?.statusCode === 204 ? 'first' : 'second';
  expect((await browser.signIn(email, `${word} password here`)).statusCode).toBe(204);
  expect((await browser.get('/api/v1/me')).json()).toMatchObject({
    person: { id, role: 'agent', plan: 'View', mapped: false },
    administrators: [{ email: expect.stringContaining('admin') }],
  });
  expect((await view(admin)).people.find((one) => one.id === id)?.invited).toBe(false);
});

test('a new link makes the old one void, ends after seven days, and is the way to a new password', async () => {
  const admin = await organization();
  const person = await invite(admin);
  const again = (await admin.post(`/api/v1/people/${person.id}/invitation`))
    .json()
    .invitationUrl.split('/')
    .at(-1);
  expect((await hub.visitor().get(`/api/v1/invitations/${person.token}`)).statusCode).toBe(404);
  const browser = hub.visitor();
  await browser.post(`/api/v1/invitations/${again}`, { password: 'the first password' });
  expect((await browser.get('/api/v1/me')).statusCode).toBe(200);

  const renewed = (await admin.post(`/api/v1/people/${person.id}/invitation`))
    .json()
    .invitationUrl.split('/')
    .at(-1);
  expect((await browser.get('/api/v1/me')).statusCode).toBe(200);
  const elsewhere = hub.visitor();
  await elsewhere.post(`/api/v1/invitations/${renewed}`, { password: 'the second password' });
  expect((await browser.get('/api/v1/me')).statusCode).toBe(401);
  expect((await browser.signIn(person.email, 'the first password')).statusCode).toBe(401);
  expect((await browser.signIn(person.email, 'the second password')).statusCode).toBe(204);

  const late = await invite(admin);
  const { rows } = await hub.database.pool.query(
    'select expires_at - created_at as life from invitation where person_id = $1',
    [late.id],
  );
  expect(Math.round(rows[0].life.hours ?? 0) + (rows[0].life.days ?? 0) * 24).toBeGreaterThan(166);
  await hub.database.pool.query(
    `update invitation set expires_at = now() - interval '1 second' where person_id = $1`,
    [late.id],
  );
  expect(
    (
      await hub
        .visitor()
        .post(`/api/v1/invitations/${late.token}`, { password: 'a password of mine' })
    ).statusCode,
  ).toBe(404);
});

test('without a mail server the screens are told so, and nobody is promised a mail', async () => {
  const boss = await hub.organization('Quiet', 'boss@quiet.example');
  expect((await boss.get('/api/v1/organization')).json().mail).toBe(false);
  expect((await boss.get('/api/v1/setup')).json().mail).toBe(false);
  expect((await boss.post(`/api/v1/people/${boss.personId}/mail`)).statusCode).toBe(409);
  const forgotten = { email: 'boss@quiet.example' };
  const answer = await boss.post('/api/auth/forgotten-password', forgotten);
  expect([answer.statusCode, answer.json().fix]).toEqual([
    409,
    expect.stringContaining('administrator'),
  ]);
});

test('an e-mail is one person of an organization, and one account of the hub', async () => {
  const admin = await organization();
  const first = await invite(admin, { name: 'First' });
  const again = await invite(admin, { email: first.email.toUpperCase() });
  expect(errorsOf(again.answer)).toEqual([
    { field: 'email', message: 'This is the e-mail address of First.' },
  ]);
  const other = await organization();
  const elsewhere = await invite(other, { email: `admin${count - 1}@example.com` });
  expect(elsewhere.answer.statusCode).toBe(201);
  const accepted = await hub
    .visitor()
    .post(`/api/v1/invitations/${elsewhere.token}`, { password: 'a password of mine' });
  expect(accepted.statusCode).toBe(409);
  expect((await admin.get('/api/v1/me')).statusCode).toBe(200);
});

test('deactivating ends the sessions at once and closes every way in', async () => {
  const admin = await organization();
  const agent = await member(admin);
  expect((await agent.get('/api/v1/me')).statusCode).toBe(200);
  await save(admin, { people: [{ id: agent.id, active: false }] });
  expect((await agent.get('/api/v1/me')).statusCode).toBe(401);
  expect((await agent.signIn(agent.email, 'a password of mine')).statusCode).toBe(401);
  expect((await admin.post(`/api/v1/people/${agent.id}/invitation`)).statusCode).toBe(409);
  const { rows } = await hub.database.pool.query(
    'select count(*)::int as n from account_session s join person p on p.user_id = s.user_id where p.id = $1',
    [agent.id],
  );
  expect(rows).toEqual([{ n: 0 }]);
  await save(admin, { people: [{ id: agent.id, active: true }] });
  expect((await agent.signIn(agent.email, 'a password of mine')).statusCode).toBe(204);
});

test('CRM users: suggested by e-mail, mapped by Save, one person each', async () => {
  const admin = await organization();
  const connection = (await admin.post('/api/v1/connections', { platform: 'testcrm' })).json();
  const ada = await invite(admin, { name: 'Ada' });
  const bo = await invite(admin, { name: 'Bo' });
  const crmUser = (id: string, name: string, email: string) => ({
    id,
    name,
    email,
    userName: id,
    active: true,
  });
  hub.crmUsers.set(connection.id, [
    crmUser('u1', 'Ada Berg', ada.email.toUpperCase()),
    crmUser('u2', 'Bo Dahl', 'bo@crm.example'),
  ]);
  const row = async (id: string) => (await view(admin)).people.find((one) => one.id === id)!;
  expect((await row(ada.id)).suggestions[connection.id]).toMatchObject({
    id: 'u1',
    name: 'Ada Berg',
  });
  expect((await row(ada.id)).crmUsers[connection.id]).toBeNull();

  const map = (id: string, crmUserId: string | null) => ({
    id,
    crmUsers: { [connection.id]: crmUserId },
  });
  expect((await save(admin, { people: [map(ada.id, 'u1')] })).statusCode).toBe(200);
  expect((await row(ada.id)).crmUsers[connection.id]).toMatchObject({
    name: 'Ada Berg',
    active: true,
  });
  expect((await row(ada.id)).suggestions[connection.id]).toBeNull();
  const twice = await save(admin, { people: [map(bo.id, 'u1')] });
  expect(errorsOf(twice)).toEqual([
    {
      field: `people.0.crmUsers.${connection.id}`,
      message: 'Ada Berg is mapped to Ada; one Test CRM user belongs to one person.',
    },
  ]);
  const unknown = await save(admin, { people: [map(bo.id, 'u9')] });
  expect(errorsOf(unknown)[0]?.message).toContain('not found among the users pulled from Test CRM');
  const gone = await save(admin, {
    people: [{ id: bo.id, crmUsers: { [admin.organizationId]: 'u2' } }],
  });
  expect(errorsOf(gone)[0]?.message).toContain('not there any more');
  expect((await save(admin, { people: [map(ada.id, 'u2'), map(bo.id, 'u1')] })).statusCode).toBe(
    200,
  );
  expect((await save(admin, { people: [map(ada.id, 'u1'), map(bo.id, 'u2')] })).statusCode).toBe(
    200,
  );

  hub.crmUsers.set(connection.id, []);
  expect((await row(ada.id)).crmUsers[connection.id]).toMatchObject({ id: 'u1', active: false });
  expect((await save(admin, { people: [map(ada.id, 'u1')] })).statusCode).toBe(200);
  expect((await save(admin, { people: [map(ada.id, null)] })).statusCode).toBe(200);
  expect((await row(ada.id)).crmUsers[connection.id]).toBeNull();
});

test('only an administrator may look or change; nobody without signing in', async () => {
  const admin = await organization();
  const agent = await member(admin, { role: 'agent', plan: 'Enterprise' });
  const supervisor = await member(admin, { role: 'supervisor', plan: 'Enterprise' });
  const id = admin.organizationId;
  const save = { version: 1, name: 'X', country: 'DE', timeZone: 'UTC' };
  const routes: ((client: TestClient) => Promise<{ statusCode: number }>)[] = [
    (client) => client.get('/api/v1/organization'),
    (client) => client.put('/api/v1/organization', save),
    (client) =>
      client.post('/api/v1/people', {
        name: 'X',
        email: 'y@example.com',
        role: 'administrator',
        plan: null,
      }),
    (client) => client.post(`/api/v1/people/${admin.personId}/invitation`),
    (client) => client.get('/api/v1/crm-platforms'),
    (client) => client.post('/api/v1/connections', { platform: 'testcrm' }),
    (client) => client.put(`/api/v1/connections/${id}`, { settings: {} }),
    (client) => client.delete(`/api/v1/connections/${id}`),
    (client) => client.get('/api/v1/phone-system-kinds'),
    (client) => client.post(`/api/v1/phone-systems/${id}/test`),
    (client) => client.post('/api/v1/phone-systems', { name: 'X', kind: 'webhook' }),
    (client) => client.post(`/api/v1/phone-systems/${id}/token`),
    (client) => client.put(`/api/v1/phone-systems/${id}`, { name: 'X' }),
    (client) => client.delete(`/api/v1/phone-systems/${id}`),
  ];
  for (const [index, route] of routes.entries()) {
    expect((await route(hub.visitor())).statusCode, `route ${index}`).toBe(401);
    expect((await route(agent)).statusCode, `route ${index}`).toBe(403);
    expect((await route(supervisor)).statusCode, `route ${index}`).toBe(403);
  }
});

test('what was changed is written down, by whom', async () => {
  const admin = await organization();
  const agent = await invite(admin, { name: 'Ada' });
  await save(admin, { people: [{ id: agent.id, extension: '77', role: 'supervisor' }] });
  const { rows } = await hub.database.pool.query(
    'select person_id, action, subject, detail from audit_entry where organization_id = $1 order by at, id',
    [admin.organizationId],
  );
  expect(rows.map(({ action }) => action)).toEqual([
    'create organization',
    'invite person',
    'save organization',
  ]);
  expect(rows[2]).toMatchObject({
    person_id: admin.personId,
    detail: {
      people: [
        { name: 'Ada', changes: { extension: [null, '77'], role: ['agent', 'supervisor'] } },
      ],
    },
  });
});

test('the audit log is read in pages, searched, and exported with the plan for it', async () => {
  const admin = await organization();
  for (let n = 0; n < 55; n += 1) await save(admin, { name: `=Name ${n}` });
  const first = (await admin.get('/api/v1/audit')).json();
  expect(first.entries).toHaveLength(50);
  expect(first.entries[0]).toMatchObject({ action: 'save organization', subject: '=Name 54' });
  const rest = (await admin.get(`/api/v1/audit?after=${encodeURIComponent(first.next)}`)).json();
  expect(rest).toMatchObject({ next: null, entries: { length: 6 } });
  const found = (await admin.get('/api/v1/audit?q=name%207')).json();
  expect(found.entries.map(({ subject }: { subject: string }) => subject)).toEqual(['=Name 7']);
  expect((await admin.get('/api/v1/audit?q=%25')).json().entries).toEqual([]);
  expect((await admin.get('/api/v1/audit?to=2020-01-01T00:00:00Z')).json().entries).toEqual([]);
  expect(errorsOf(await admin.get('/api/v1/audit?after=x'))).toMatchObject([{ field: 'after' }]);
  const csv = await admin.get('/api/v1/audit.csv?q=name%207');
  expect(csv.headers['content-type']).toContain('text/csv');
  expect(csv.body.split('\r\n')[1]).toContain("'=Name 7");
  const { people } = await view(admin);
  await save(admin, { seats: { Enterprise: 0 }, people: [{ id: people[0]!.id, plan: 'View' }] });
  const locked = await admin.get('/api/v1/audit.csv');
  expect([locked.statusCode, locked.json().code]).toEqual([403, 'plan-required']);
});
