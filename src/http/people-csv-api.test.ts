import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrganizationView } from '../organization/contract.ts';
import type { ImportPreview } from '../organization/people-csv-contract.ts';
import { testHub } from './testing.ts';
import type { TestClient, TestHub } from './testing.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await testHub();
});
afterAll(() => hub.close());

let count = 0;
const organization = () => hub.organization(`Csv ${(count += 1)}`, `csv${count}@example.com`);
const view = async (client: TestClient): Promise<OrganizationView> =>
  (await client.get('/api/v1/organization')).json();
const preview = async (client: TestClient, csv: string): Promise<ImportPreview> => {
  const answer = await client.post('/api/v1/people/import/preview', { csv });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};
const lines = (...rows: string[]) => rows.join('\n');

/** First names by team; `>` before who supervises. */
const teamsOf = ({ teams, people }: OrganizationView) => {
  const first = (id: string) => people.find((one) => one.id === id)?.name.split(' ')[0];
  return Object.fromEntries(
    teams.map(({ name, memberIds, supervisorIds }) => [
      name,
      [...memberIds.map(first), ...supervisorIds.map((id) => `>${first(id)}`)].toSorted((a, b) =>
        a! < b! ? -1 : 1,
      ),
    ]),
  );
};

test('an import creates and changes people by e-mail, and a second one changes nothing', async () => {
  const admin = await organization();
  const csv = lines(
    'Name,E-mail,Role,Plan,Phone extension,Active,Teams,Supervises',
    'Ada Ito,ADA@csv.example,supervisor,Core,301,yes,Day,day | Night',
    'Bo Sand,bo@csv.example,,View,302,,Day | Night,',
    'Left Long,left@csv.example,agent,,,no,,',
  );
  const shown = await preview(admin, csv);
  expect(shown.rows.map(({ row, action }) => [row, action])).toEqual([
    [2, 'create'],
    [3, 'create'],
    [4, 'create'],
  ]);
  expect(shown.newTeams).toEqual(['Day', 'Night']);
  expect((await view(admin)).people).toHaveLength(1);
  expect((await view(admin)).teams).toEqual([]);

  const done = await admin.post('/api/v1/people/import', { csv, version: shown.version });
  expect(done.statusCode, done.body).toBe(200);
  expect(done.json()).toMatchObject({ created: 3, changed: 0, unchanged: 0 });
  const { invitations } = done.json();
  expect(invitations.map(({ email }: { email: string }) => email)).toEqual([
    'ada@csv.example',
    'bo@csv.example',
  ]);
  expect(done.json().invitationsCsv).toContain(`ada@csv.example,${invitations[0].url}\r\n`);
  const after = await view(admin);
  expect(after.version).toBe(shown.version + 1);
  expect(after.people.find(({ name }) => name === 'Ada Ito')).toMatchObject({
    ...{ email: 'ada@csv.example', role: 'supervisor', plan: 'Core', extension: '301' },
    ...{ active: true, invited: true },
  });
  expect(after.people.find(({ name }) => name === 'Left Long')).toMatchObject({ active: false });

  expect(teamsOf(after)).toEqual({ Day: ['>Ada', 'Ada', 'Bo'], Night: ['>Ada', 'Bo'] });

  const ada = hub.visitor();
  const token = new URL(invitations[0].url).pathname.split('/').at(-1);
  const password = 'a password of mine';
  expect((await ada.post(`/api/v1/invitations/${token}`, { password })).statusCode).toBe(204);
  expect((await ada.get('/api/v1/people.csv')).statusCode).toBe(403);

  const again = await preview(admin, (await admin.get('/api/v1/people.csv')).body);
  expect(again.rows.map(({ action }) => action)).toEqual(['same', 'same', 'same', 'same']);

  const change = lines('E-mail,Name,Active,Extension,Supervises', 'ada@csv.example,Ada Itō,no,,');
  const planned = await preview(admin, change);
  expect(planned.rows[0]).toMatchObject({
    action: 'change',
    changes: [
      { field: 'name', before: 'Ada Ito', after: 'Ada Itō' },
      { field: 'extension', before: '301', after: '' },
      { field: 'active', before: 'yes', after: 'no' },
      { field: 'supervises', before: 'Day | Night', after: '' },
    ],
  });
  const changed = { csv: change, version: planned.version };
  const answer = await admin.post('/api/v1/people/import', changed);
  expect(answer.json()).toMatchObject({ created: 0, changed: 1, unchanged: 0, invitations: [] });
  expect((await ada.get('/api/v1/me')).statusCode).toBe(401);
  expect((await view(admin)).people.find(({ email }) => email === 'ada@csv.example')).toMatchObject(
    { name: 'Ada Itō', extension: null, active: false, plan: 'Core', role: 'supervisor' },
  );
  expect(teamsOf(await view(admin))).toEqual({ Day: ['Ada', 'Bo'], Night: ['Bo'] });
  const log = (await admin.get('/api/v1/audit?q=import')).json();
  expect(log.entries.map(({ subject }: { subject: string }) => subject)).toEqual([
    '0 created, 1 changed',
    '3 created, 0 changed',
  ]);

  const late = await admin.post('/api/v1/people/import', changed);
  expect(late.json()).toMatchObject({ status: 409, code: 'conflict' });
});

test('wrong rows are named and keep everybody out; seats, extensions and the last rights are guarded', async () => {
  const admin = await organization();
  const { version, name, country, timeZone, people } = await view(admin);
  const seats = { Core: 1 };
  await admin.put('/api/v1/organization', { version, name, country, timeZone, seats });
  const csv = lines(
    'Name,E-mail,Role,Plan,Extension,Supervises',
    'Ada,ada@csv.example,agent,Core,401,',
    'Bo,bo@csv.example,agent,Core,401,',
    ',cy@csv.example,agent,,,',
    `Me,${people[0]!.email},agent,Enterprise,,`,
    'Di,di@csv.example,agent,,402,',
    'Ed,ed@csv.example,agent,,,Day',
  );
  const shown = await preview(admin, csv);
  const wrong = shown.rows.map(({ row, action, errors }) => [
    ...[row, action],
    errors.map(({ field }) => field),
  ]);
  expect(wrong).toEqual([
    [2, 'wrong', ['extension']],
    [3, 'wrong', ['extension', 'plan']],
    [4, 'wrong', ['name']],
    [5, 'wrong', ['role']],
    [6, 'create', []],
    [7, 'wrong', ['supervises']],
  ]);
  expect(shown.rows[1]!.errors[1]).toEqual({
    field: 'plan',
    message: 'No Core seat is free: 1 of 1 are used.',
    fix: 'Give it another plan, or add seats under Plans and Save first.',
  });
  const refused = await admin.post('/api/v1/people/import', { csv, version: shown.version });
  expect(refused.statusCode).toBe(400);
  expect(refused.json().errors).toContainEqual({
    field: 'rows.4.name',
    message:
      'Row 4, Name: Nobody has this e-mail address yet, and the row has no name. Write the name of the new person.',
  });
  expect((await view(admin)).people).toHaveLength(1);
  const unread = await admin.post('/api/v1/people/import/preview', { csv: 'name\nAda' });
  expect(unread.json()).toMatchObject({ status: 400, errors: [{ field: 'csv' }] });
});

test('a row tells all that is wrong with it at once, whoever judges it', async () => {
  const admin = await organization();
  const { version: first, name, country, timeZone, people } = await view(admin);
  const seats = { Core: 0 };
  await admin.put('/api/v1/organization', { version: first, name, country, timeZone, seats });
  const me = people[0]!;
  const csv = lines(
    'Name,E-mail,Role,Plan,Extension,Active,Supervises',
    'Ada,ada@csv.example,agent,,501,,',
    ',bo@csv.example,king,Gold,501,perhaps,Day',
    `Me,${me.email},agent,Core,5 1,no,`,
    ',cy@csv.example,agent,Core,501,,Day',
    ',ADA@csv.example,king,,501,,',
  );
  const { rows, version } = await preview(admin, csv);
  expect(rows.map(({ row, errors }) => [row, errors.map(({ field }) => field)])).toEqual([
    [2, ['extension']],
    // Nobody knows whether 'king' may supervise.
    [3, ['role', 'plan', 'active', 'name', 'extension']],
    [4, ['extension', 'active', 'role', 'plan']],
    [5, ['name', 'extension', 'plan', 'supervises']],
    [6, ['email', 'role', 'name']],
  ]);
  expect(rows.every(({ changes }) => changes.length === 0)).toBe(true);
  const refused = await admin.post('/api/v1/people/import', { csv, version });
  const told = refused.json().errors.map(({ message }: { message: string }) => message);
  expect(told.filter((message: string) => message.startsWith('Row 3, '))).toEqual([
    'Row 3, Role: ‘king’ is no role. Write agent, supervisor or administrator.',
    expect.stringContaining('Row 3, Plan: ‘Gold’ is no plan. Write View,'),
    'Row 3, Active: ‘perhaps’ is neither yes nor no. Write yes or no.',
    expect.stringContaining('Row 3, Name: Nobody has this e-mail address yet'),
    'Row 3, Phone extension: Extension 501 belongs to Ada; one extension belongs to one person. Give one of them another extension.',
  ]);
});

test('a refusal names whole rows, and how many there are', async () => {
  const admin = await organization();
  const csv = lines(
    'E-mail,Role',
    ...Array.from({ length: 120 }, (_, at) => `p${at}@csv.example,king`),
  );
  const { version } = await preview(admin, csv);
  const refused = (await admin.post('/api/v1/people/import', { csv, version })).json();
  expect(refused.fix).toContain('the first 100 of 120');
  expect(refused.errors).toHaveLength(200);
  expect(refused.errors.at(-1).field).toBe('rows.101.name');
});

test('tells which CRM users have the e-mail addresses of people, also those who left', async () => {
  const admin = await organization();
  const created = await admin.post('/api/v1/connections', { platform: 'testcrm' });
  const { id } = created.json();
  const me = (await view(admin)).people[0]!;
  hub.crmUsers.set(id, [
    { id: 'u1', name: 'Me', email: me.email.toUpperCase(), userName: 'me', active: false },
    { id: 'u2', name: 'Me too', email: me.email, userName: 'me2', active: true },
  ]);
  const matches = await admin.get(`/api/v1/connections/${id}/email-matches`);
  expect(matches.json()).toEqual([
    {
      personId: me.id,
      users: [
        { id: 'u1', name: 'Me', email: me.email.toUpperCase(), active: false },
        { id: 'u2', name: 'Me too', email: me.email, active: true },
      ],
    },
  ]);
  const stranger = await organization();
  expect((await stranger.get(`/api/v1/connections/${id}/email-matches`)).statusCode).toBe(404);
});
