import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { apply } from '../../src/apply-command.ts';
import { pullDirectory } from '../../src/directory/pull-directory.ts';
import { readCurrent } from '../../src/organization/apply-current.ts';
import { changesOf } from '../../src/organization/audit-store.ts';
import { allOrganizations } from '../../src/organization/organization-store.ts';
import type { Config } from '../../src/platform/config.ts';
import { testDatabase } from '../../src/platform/database/testing.ts';
import type { TestDatabase } from '../../src/platform/database/testing.ts';
import { createSecretBox, loadOrCreateKey } from '../../src/platform/secret-box.ts';

/** The example of docs/operations.md, applied to a real database; then changed, and got wrong. */
let folder: string;
let database: TestDatabase;
let config: Pick<Config, 'dataDir' | 'database' | 'keyFile'>;
let example: string;

const run = async (text: string, options: Parameters<typeof apply>[2] = {}) => {
  const file = join(folder, 'brightwater.yaml');
  await writeFile(file, text);
  return apply(config, file, options);
};

async function now() {
  const [organization] = await allOrganizations(database.db);
  if (organization === undefined) throw new Error('There is no organization.');
  const secretBox = createSecretBox(loadOrCreateKey(config.keyFile));
  return readCurrent({ db: database.db, secretBox }, organization.id);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringside-apply-'));
  database = await testDatabase();
  const { host, port, user, database: name } = database.connection;
  const url = `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(String(host))}`;
  const keyFile = join(folder, 'ringside.key');
  config = { dataDir: folder, keyFile, database: { kind: 'server', url } };
  const page = await readFile(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  example = /```yaml\n(organization:[\s\S]*?)```/.exec(page)?.[1] ?? '';
  await mkdir(join(folder, 'secrets'));
  await writeFile(join(folder, 'secrets/grace'), 'a quiet lighthouse\n');
  await writeFile(join(folder, 'secrets/asterisk'), 'ami secret\n');
  vi.stubEnv('SERVICENOW_PASSWORD', 'the crm password');
  vi.stubEnv('HOOK_SECRET', 'the hook secret');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

function teamsByEmail({ teams, people }: Awaited<ReturnType<typeof now>>) {
  const emails = (ids: string[]) => ids.map((id) => people.find((one) => one.id === id)?.email);
  return teams.map((team) => [team.name, emails(team.memberIds), emails(team.supervisorIds)]);
}

const added = [
  '+ organization Brightwater (DE, Europe/Berlin), administrator grace@brightwater.example',
  '~ call priorities: 0 rules → 4 rules',
  '~ organization seats Core: 25 → 40',
  '~ organization seats Engage: 25 → 5',
  '~ organization numbersMaskedFor: nobody → agents',
  '~ agents customer-comments: allowed → withheld',
  '~ agents export-history: withheld → allowed',
  '+ connection servicenow https://brightwater.service-now.com/',
  '+ phone system Head office (asterisk)',
  '+ phone system Cloud numbers (webhook)',
  '+ person alice@brightwater.example Alice Adams: agent, Core, 201',
  '+ person bob@brightwater.example Bob Miller: supervisor, Engage, 202',
  '+ team First line: 1 member, 1 supervisor',
];

test('a dry run tells what would be and changes nothing', async () => {
  const { difference, links } = await run(example, { dryRun: true });
  expect(difference).toEqual(added);
  expect(links).toEqual([]);
  expect(await allOrganizations(database.db)).toEqual([]);
});

test('an organization that is not there needs its administrator’s password', async () => {
  const gone = example.replace('secrets/grace', 'secrets/gone');
  await expect(run(gone)).rejects.toMatchObject({
    fields: [
      { field: 'organization.administrator.password', message: expect.stringContaining('ENOENT') },
    ],
  });
  expect(await allOrganizations(database.db)).toEqual([]);
});

test('the example of the documentation makes the organization, once', async () => {
  const { difference, links, notes } = await run(example);
  expect(difference).toEqual(added);
  expect(links.map(({ what }) => what)).toEqual([
    'Invitation of alice@brightwater.example',
    'Invitation of bob@brightwater.example',
    'Address that Cloud numbers posts its calls to',
  ]);
  expect(notes.join('\n')).toContain('alice.adams@brightwater.example is not among the users');
  const made = await now();
  expect(made.organization).toMatchObject({ name: 'Brightwater', country: 'DE' });
  expect(made.seats).toEqual({ View: 25, Core: 40, Engage: 5, Enterprise: 25 });
  expect(made.agentsMayNot).toEqual(['customer-comments']);
  expect(made.numbersMaskedFor).toBe('agents');
  expect(made.connections).toMatchObject([
    { primary: true, state: 'unchecked', secrets: { password: 'the crm password' } },
  ]);
  expect(made.phoneSystems).toMatchObject([
    {
      name: 'Head office',
      settings: { trunks: 'sipgate-trunk' },
      secrets: { secret: 'ami secret' },
    },
    { name: 'Cloud numbers', kind: 'webhook', hmacSecret: 'the hook secret' },
  ]);
  expect(
    made.people.map(({ email, role, plan, extension }) => [email, role, plan, extension]),
  ).toEqual([
    ['alice@brightwater.example', 'agent', 'Core', '201'],
    ['bob@brightwater.example', 'supervisor', 'Engage', '202'],
    ['grace@brightwater.example', 'administrator', 'Enterprise', null],
  ]);

  expect(teamsByEmail(made)).toEqual([
    ['First line', ['alice@brightwater.example'], ['bob@brightwater.example']],
  ]);

  const again = await run(example);
  expect([again.difference, again.links]).toEqual([[], []]);
  expect(await now()).toEqual(made);
  // Its administrator's password was needed once.
  const gone = example.replace('secrets/grace', 'secrets/gone');
  expect((await run(gone)).difference).toEqual([]);
  const filter = { q: '', from: null, to: null, before: null, limit: 50 };
  const changes = await changesOf(database.db, made.organization.id, filter);
  expect(new Set(changes.map(({ personName }) => personName))).toEqual(
    new Set(['Grace Admin', 'ringside apply']),
  );
  expect(JSON.stringify(changes)).not.toMatch(/crm password|ami secret|hook secret|lighthouse/);
});

test('only what differs is changed, of secrets only that they do', async () => {
  vi.stubEnv('SERVICENOW_PASSWORD', 'another password');
  const changed = example
    .replace('Engage: 5', 'Engage: 9')
    .replace('priority: low', 'priority: high')
    .replace("extension: '201'", "extension: '203'")
    .replace('host: pbx.', 'host: pbx2.')
    .replace('name: First line', 'name: first Line')
    .replace('members: [alice@', 'members: [Bob@brightwater.example, grace@');
  const difference = [
    '~ call priorities: 4 rules → 4 other rules',
    '~ organization seats Engage: 5 → 9',
    '~ connection servicenow https://brightwater.service-now.com/: password (secret)',
    '~ phone system Head office (asterisk): host pbx.brightwater.example → pbx2.brightwater.example',
    '~ person alice@brightwater.example: extension 201 → 203',
    '~ team first Line: name was First line, members +bob@brightwater.example +grace@brightwater.example -alice@brightwater.example',
  ];
  expect((await run(changed, { dryRun: true })).difference).toEqual(difference);
  expect((await run(changed)).difference).toEqual(difference);
  expect((await run(changed)).difference).toEqual([]);
  const made = await now();
  expect(made.connections).toHaveLength(1);
  expect(made.connections[0]?.secrets).toEqual({ password: 'another password' });
  expect(made.people.find(({ name }) => name === 'Alice Adams')?.extension).toBe('203');
  expect(teamsByEmail(made)).toEqual([
    [
      ...['first Line', expect.arrayContaining(['bob@brightwater.example'])],
      ['bob@brightwater.example'],
    ],
  ]);
  // What is left out stays, the list of supervisors and other teams too.
  const more = changed
    .replace(/ {4}supervisors: \[bob@.*\n/, '')
    .replace(/name: first Line\n.*\n/, 'name: Back office\n');
  expect((await run(more)).difference).toEqual(['+ team Back office: 0 members, 0 supervisors']);
  expect((await now()).teams.map(({ name }) => name)).toEqual(['Back office', 'first Line']);
  // Back to where it was: two people swap what is theirs in one go.
  await run(example.replace("'201'", "'x'").replace("'202'", "'201'").replace("'x'", "'202'"));
  const swapped = (await now()).people.map(({ extension }) => extension);
  expect(swapped).toEqual(['202', '201', null]);
});

test('people are mapped once the users were pulled', async () => {
  const { organization, connections } = await now();
  const crm = {
    async *pull(kind: string) {
      const user = {
        ...{ type: 'user' as const, id: 'u1', updatedAt: null, name: 'Alice Adams' },
        ...{ firstName: 'Alice', lastName: 'Adams', email: 'Alice.Adams@brightwater.example' },
        ...{ title: '', active: true, country: '', phones: [], userName: 'alice.adams' },
      };
      yield { records: kind === 'users' ? [user] : [], total: null, cursor: 'end' };
    },
  };
  await pullDirectory({ db: database.db, crm }, organization.id, connections[0]!.id);
  const { difference, notes } = await run(example);
  expect(difference).toContain(
    '~ person alice@brightwater.example: CRM user alice.adams@brightwater.example',
  );
  expect(notes.join('\n')).not.toContain('not among the users');
  expect((await now()).mappings).toMatchObject([{ crmUserId: 'u1' }]);
  expect((await run(example)).difference).toEqual([]);
});

test('everything that is wrong is told at once, and nothing is changed', async () => {
  const before = await now();
  vi.stubEnv('HOOK_SECRET', '');
  const shape = `
organization: { name: Brightwater, country: DE, timeZone: Europe/Berlin, colour: red }
connections: [{ platform: servicenow, settings: { password: { env: NOT_SET, file: x } } }]
people: [{ name: A, email: nobody }, { email: a@brightwater.example, plan: Gold }]
`;
  await expect(run(shape)).rejects.toMatchObject({
    code: 'invalid-input',
    fields: expect.arrayContaining([
      expect.objectContaining({ field: 'organization.colour' }),
      expect.objectContaining({ field: 'connections.0.settings.password' }),
      expect.objectContaining({ field: 'people.0.email' }),
      expect.objectContaining({ field: 'people.1.name', message: 'It is missing.' }),
      expect.objectContaining({ field: 'people.1.plan' }),
    ]),
  });
  await expect(run(example.replace('secrets/asterisk', 'secrets/gone'))).rejects.toMatchObject({
    fields: [
      { field: 'phoneSystems.0.settings.secret', message: expect.stringContaining('ENOENT') },
      { field: 'phoneSystems.1.hmacSecret', message: expect.stringContaining('HOOK_SECRET') },
    ],
  });
  vi.stubEnv('HOOK_SECRET', 'the hook secret');
  const content = example
    .replace('country: DE', 'country: XX')
    .replace('Core: 40', 'Core: 0')
    .replace('{ env: SERVICENOW_PASSWORD }', 'typed into the file')
    .replace('https://brightwater.service-now.com/', 'not a url')
    .replace('kind: asterisk', 'kind: carrier-pigeon')
    .replace("'202'", "'201'")
    .replace('members: [alice@', 'members: [alica@')
    .replace('supervisors: [bob@', 'supervisors: [alice@');
  const wrong = await run(content).catch(
    (error: unknown) => error as { fields: { field: string }[] },
  );
  expect('fields' in wrong ? wrong.fields.map(({ field }) => field).toSorted() : []).toEqual([
    'connections.0.settings.endpoint',
    'connections.0.settings.password',
    'organization.country',
    'organization.seats.Core',
    'people.0.extension',
    'people.1.extension',
    'phoneSystems.0.kind',
    'teams.0.members.0',
    'teams.0.supervisors',
  ]);
  expect(JSON.stringify(wrong)).not.toContain('typed into the file');
  await expect(run('a: [')).rejects.toThrow('line 1');
  expect(await now()).toEqual(before);
});
