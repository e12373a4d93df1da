import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyCrm } from '../src/crm/testing.ts';
import { callerRoutes } from '../src/desk/caller-routes.ts';
import { pop } from '../src/desk/contract.ts';
import { missedCallRoutes } from '../src/desk/missed-call-routes.ts';
import { deskRoutes } from '../src/desk/routes.ts';
import { reportRoutes } from '../src/reports/routes.ts';
import { permissionNames, permissions } from '../src/organization/permission.ts';
import type { Permission } from '../src/organization/permission.ts';
import { earlierCalls } from '../src/desk/earlier-call-contract.ts';
import { RingingPhones } from '../src/desk/ringing.testing.ts';
import { fillMirror } from '../src/desk/testing.ts';
import type { TestCompany } from '../src/desk/testing.ts';
import { callNotes, caseForm, foundCases } from '../src/desk/work-contract.ts';
import { workRoutes } from '../src/desk/work-routes.ts';
import { viewerOf } from '../src/http/authentication.ts';
import { testHub, testPassword } from '../src/http/testing.ts';
import type { TestClient, TestHub } from '../src/http/testing.ts';
import { insertConnection, updateConnection } from '../src/organization/connection-store.ts';
import { updateMappings } from '../src/organization/mapping-store.ts';
import { insertPhoneSystem } from '../src/organization/phone-system-store.ts';
import { newId } from '../src/platform/id.ts';
import { silentLog } from '../src/platform/log.ts';
import { silentNotifier } from '../src/platform/notifier.testing.ts';

let hub: TestHub;
let company: TestCompany;
let phones: RingingPhones;
/** Alice and Bob with plans, Carla without one, an agent of another organization with the same extension. */
let [alice, bob, carla, stranger]: TestClient[] = [];
let supervisor: TestClient;
let callId: string;
let acme: Admin;

const number = '+49 30 123450';

const deps = {
  get db() {
    return hub.database.db;
  },
  // The phones' own, which the test turns.
  clock: { now: () => phones.clock.now() },
  notifier: silentNotifier,
  log: silentLog,
  crms: { get: async () => emptyCrm },
  viewerOf,
};

beforeAll(async () => {
  hub = await testHub({
    routes: [
      workRoutes(deps),
      callerRoutes(deps),
      reportRoutes(deps),
      missedCallRoutes(deps),
      // Only to order a call.
      deskRoutes(deps as never),
    ],
  });
  acme = await hub.organization('Acme', 'admin@acme.example');
  company = await companyOf(acme.organizationId);
  [alice, bob, carla] = [
    await person(acme, 'Alice Adams', { plan: 'Core', extension: '201' }),
    await person(acme, 'Bob Miller', { plan: 'View', extension: '202' }),
    await person(acme, 'Carla Cruz', { plan: null, extension: '203' }),
  ];
  supervisor = await person(acme, 'Sue Visor', { plan: null, extension: null, role: 'supervisor' });
  await mapAgents(acme);
  const other = await hub.organization('Other', 'admin@other.example');
  stranger = await person(other, 'Eve Other', { plan: 'View', extension: '201' });
  const { db } = hub.database;
  phones = new RingingPhones(db, company);
  await fillMirror(db, company, [{ id: 'ada', name: 'Ada Berg', raw: number, cases: 2 }]);
}, 120_000);
afterAll(() => hub.close());

async function talk(): Promise<void> {
  callId = await phones.ring(number);
  await phones.answer(callId);
}

type Admin = TestClient & { organizationId: string };

async function person(
  admin: Admin,
  name: string,
  its: { plan: string | null; extension: string | null; role?: string },
): Promise<TestClient> {
  const email = `${name.replace(' ', '.')}@example.com`;
  const answer = await admin.post('/api/v1/people', { name, email, role: 'agent', ...its });
  const token = new URL(answer.json().invitationUrl).pathname.split('/').at(-1);
  const client = hub.visitor();
  await client.post(`/api/v1/invitations/${token}`, { password: testPassword });
  return client;
}

/** A connection that works and a phone system. */
async function companyOf(organizationId: string): Promise<TestCompany> {
  const { db } = hub.database;
  const [connectionId, phoneSystemId] = [newId(), newId()];
  await insertConnection(db, organizationId, {
    ...{ id: connectionId, platform: 'servicenow', primary: true },
  });
  const url = 'https://acme.service-now.com/';
  await updateConnection(db, organizationId, connectionId, {
    settings: { username: 'ringside', endpoint: url, detailsLink: url },
    ...{ sealed: {}, state: 'ok' },
  });
  const system = { id: phoneSystemId, kind: 'webhook', name: 'Head office' } as const;
  await insertPhoneSystem(db, organizationId, { ...system, tokenHash: Buffer.from(newId()) });
  return { organizationId, connectionId, phoneSystemId, people: { 201: '', 202: '', 203: '' } };
}

async function mapAgents(admin: Admin): Promise<void> {
  const { people } = (await admin.get('/api/v1/organization')).json<{
    people: { id: string; extension: string | null }[];
  }>();
  for (const extension of ['201', '202', '203'] as const) {
    const id = people.find((one) => one.extension === extension)!.id;
    company.people[extension] = id;
    await updateMappings(hub.database.db, company.organizationId, [
      { personId: id, connectionId: company.connectionId, crmUserId: `user${extension}` },
    ]);
  }
}

const note = (text: string, change = {}) => ({
  ...{ text, base: 0, editor: 'window-a', step: 1 },
  ...change,
});
const caseKey = (id: string) => `case:${company.connectionId}:${id}`;
type Ask = [method: 'get' | 'post' | 'put' | 'delete', path: string, body?: object];
const finish = { codeId: null, secondsWorked: null };

/** Every route with something that it takes. */
const everyRoute = (): Ask[] => [
  ['get', 'note'],
  ['put', 'note', note('Hello')],
  ['post', 'note/send', { request: newId(), note: note('Hello') }],
  ['get', 'earlier'],
  ['get', 'cases?number=CS0000'],
  ['post', 'cases', { request: newId(), shortDescription: 'Printer' }],
  ['get', 'case/form'],
  ['get', 'case/assignees?q=a'],
  ['put', 'case', { key: caseKey('ada0') }],
  ['delete', 'case'],
  ['post', 'case/changes', { request: newId(), priority: '1' }],
  ['post', 'comment', { request: newId(), visibility: 'work-note', text: 'Hello' }],
  ['put', 'wrap-up', finish],
  ['post', 'wrap-up/finish', { request: newId(), ...finish }],
];

function send(client: TestClient, [method, path, body]: Ask, id = callId) {
  const url = `/api/v1/desk/calls/${id}/${path}`;
  return method === 'get' || method === 'delete'
    ? client[method](url)
    : client[method](url, body ?? {});
}

/** What every route answers to a client. */
async function answers(client: TestClient, id = callId): Promise<string[]> {
  const all = [];
  for (const ask of everyRoute()) {
    const answer = await send(client, ask, id);
    all.push(`${answer.statusCode} ${answer.json().code}`);
  }
  return [...new Set(all)];
}

describe('who may work on a call', () => {
  beforeAll(talk);

  test('nobody who is not signed in', async () => {
    expect(await answers(hub.visitor())).toEqual(['401 unauthenticated']);
  });

  test('nobody without a plan', async () => {
    expect(await answers(carla!)).toEqual(['403 plan-required']);
  });

  test('nobody else than whoever had it, and nobody learns that it is there', async () => {
    for (const [client, id] of [
      [bob!, callId],
      [stranger!, callId],
      [alice!, newId()],
    ] as const)
      expect(await answers(client, id)).toEqual(['404 not-found']);
    expect(await answers(alice!, 'nonsense')).toEqual(['400 invalid-input']);
  });

  test('a supervisor reads the notes, and that is all', async () => {
    await send(alice!, ['put', 'note', note('Printer on fire')]);
    const read = await send(supervisor, ['get', 'note']);
    expect(callNotes.parse(read.json())).toMatchObject({
      own: { text: '' },
      colleagues: [{ name: 'Alice Adams', text: 'Printer on fire' }],
    });
    const write = await send(supervisor, ['put', 'note', note('Mine')]);
    expect([403, 404]).toContain(write.statusCode);
  });

  test('what another organization has cannot be named', async () => {
    const other = `case:${newId()}:ada0`;
    const answer = await send(alice!, ['put', 'case', { key: other }]);
    expect(answer.json()).toMatchObject({ code: 'invalid-input', errors: [{ field: 'key' }] });
    const code = await send(alice!, ['put', 'wrap-up', { codeId: newId(), secondsWorked: 0 }]);
    expect(code.json()).toMatchObject({ code: 'invalid-input', errors: [{ field: 'codeId' }] });
  });
});

test('a call from the note to the finished wrap-up', async () => {
  await talk();
  const saved = await send(alice!, ['put', 'note', note('Printer on fire')]);
  expect(saved.json()).toMatchObject({ note: { text: 'Printer on fire', version: 1 } });
  const found = foundCases.parse((await send(alice!, ['get', 'cases?number=cs0001'])).json());
  expect(found.cases).toMatchObject([{ key: caseKey('ada1'), number: 'CS0001' }]);
  const form = caseForm.parse((await send(alice!, ['get', 'case/form'])).json());
  expect(form).toMatchObject({ caller: 'Ada Berg', templates: [] });
  const none = await send(alice!, ['post', 'comment', comment('work-note')]);
  expect([none.statusCode, none.json().code]).toEqual([409, 'conflict']);
  const tagged = pop.parse((await send(alice!, ['put', 'case', { key: caseKey('ada1') }])).json());
  expect(tagged.work.case).toMatchObject({ number: 'CS0001', taggedBy: 'Alice Adams' });
  await send(alice!, ['post', 'comment', comment('customer', { customerSeesIt: true })]);
  await send(alice!, ['post', 'case/changes', { request: newId(), priority: '1' }]);
  const early = await send(alice!, ['post', 'wrap-up/finish', { request: newId(), ...finish }]);
  expect([early.statusCode, early.json().code]).toEqual([409, 'conflict']);
  await phones.hangUp(callId);
  const last = { request: newId(), ...finish, note: note('It is out', { base: 1, step: 2 }) };
  // The answer was lost and the browser asks again.
  for (const ask of [last, last]) {
    const answer = await send(alice!, ['post', 'wrap-up/finish', ask]);
    expect(answer.statusCode).toBe(200);
    const { work } = pop.parse(answer.json());
    expect(work.wrapUp).toMatchObject({ state: 'finished', finishedBy: 'agent' });
    expect(work.writes.map(({ kind }) => kind)).toEqual(['add-note', 'update-case', 'add-note']);
    expect(work.note.sent).toMatchObject([{ text: 'It is out' }]);
  }
  const untagged = await send(alice!, ['delete', 'case']);
  expect(pop.parse(untagged.json()).work.case).toBeNull();
  const earlier = await send(alice!, ['get', 'earlier']);
  expect(earlierCalls.parse(earlier.json())).toEqual({ calls: [], next: null });
});

const comment = (visibility: string, change = {}) => ({
  ...{ request: newId(), visibility, text: 'A technician comes at noon' },
  ...change,
});

describe('what cannot be meant is refused, and the field is named', () => {
  beforeAll(talk);
  const request = newId();
  test.each<[string, Ask]>([
    ['text', ['put', 'note', note('x'.repeat(4001))]],
    ['base', ['put', 'note', note('x', { base: -1 })]],
    ['editor', ['put', 'note', note('x', { editor: '<b>' })]],
    ['step', ['put', 'note', note('x', { step: 0 })]],
    ['text', ['put', 'note', { ...note('x'), text: 7 }]],
    ['request', ['post', 'note/send', { request: 'x', note: note('x') }]],
    ['after', ['get', 'earlier?after=yesterday']],
    ['number', ['get', 'cases?number=']],
    ['number', ['get', `cases?number=${'9'.repeat(41)}`]],
    ['shortDescription', ['post', 'cases', { request, shortDescription: ' ' }]],
    ['shortDescription', ['post', 'cases', { request, shortDescription: 'x'.repeat(161) }]],
    ['key', ['put', 'case', { key: 'case:x:y' }]],
    ['key', ['put', 'case', {}]],
    ['state', ['post', 'case/changes', { request }]],
    ['resolutionNotes', ['post', 'case/changes', { request, resolutionNotes: 'x'.repeat(4001) }]],
    ['customerSeesIt', ['post', 'comment', comment('customer')]],
    ['visibility', ['post', 'comment', comment('everybody')]],
    ['text', ['post', 'comment', comment('work-note', { text: ' \n' })]],
    ['codeId', ['put', 'wrap-up', { codeId: 'x', secondsWorked: null }]],
    ['secondsWorked', ['put', 'wrap-up', { codeId: null, secondsWorked: 86_401 }]],
    ['secondsWorked', ['put', 'wrap-up', { codeId: null, secondsWorked: -1 }]],
  ])('%s (%#)', async (field, ask) => {
    const answer = await send(alice!, ask);
    expect(answer.statusCode).toBe(400);
    const { code, errors } = answer.json();
    expect(code).toBe('invalid-input');
    expect(errors).toContainEqual(expect.objectContaining({ field }));
  });
});

test('hostile text in a note stays the text that it is', async () => {
  await talk();
  for (const [base, text] of [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[code]<a href="javascript:alert(1)">x</a>[/code]',
    '^NQactive=true',
    "'; drop table call_note; --",
    '{{7*7}} ${7*7}',
  ].entries()) {
    const answer = await send(alice!, ['put', 'note', note(text, { base, step: base + 1 })]);
    expect(answer.json().note.text).toBe(text);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
  }
});

test('what no reader could see is taken out of a note, and what nothing can store is refused', async () => {
  await talk();
  const answer = await send(alice!, ['put', 'note', note('pay\u202e \u001b[2Jnow')]);
  for (const unseen of ['\u001b', '\u202e']) expect(answer.json().note.text).not.toContain(unseen);
  const refused = await send(alice!, ['put', 'note', note('pay\u0000now', { base: 1, step: 2 })]);
  expect(refused.json()).toMatchObject({ code: 'invalid-input', errors: [{ field: 'text' }] });
});

describe('what an organization withholds from its agents', () => {
  beforeAll(talk);

  async function withhold(agentsMayNot: readonly Permission[]): Promise<void> {
    const { version, name, country, timeZone } = (await acme.get('/api/v1/organization')).json();
    const body = { version, name, country, timeZone, agentsMayNot };
    const answer = await acme.put('/api/v1/organization', body);
    expect(answer.json()).toMatchObject({ agentsMayNot });
  }

  /** Something that each permission opens; what each answers stands beside it. */
  const asks = (): Record<Permission, Ask> => {
    const key = `contact:${company.connectionId}:ada`;
    const pops = `desk/pops/${callId}`;
    const calls = `desk/calls/${callId}`;
    const request = newId();
    return {
      'create-contacts': ['get', `${pops}/new-contact`],
      'attach-numbers': ['post', `${pops}/number`, { key, field: 'mobilePhone', replaces: '' }],
      'change-records': [
        'put',
        `${pops}/record`,
        { key, changes: [{ field: 'email', value: 'a@b.example', replaces: '' }] },
      ],
      'create-cases': ['post', `${calls}/cases`, { request, shortDescription: 'Printer' }],
      'change-cases': ['post', `${calls}/case/changes`, { request, priority: '1' }],
      'customer-comments': [
        'post',
        `${calls}/comment`,
        { request, visibility: 'customer', text: 'Hello', customerSeesIt: true },
      ],
      'click-to-call': ['post', 'desk/call', { number: 'nonsense' }],
      'team-calls': ['get', 'calls?scope=team'],
      'earlier-calls': ['get', `${calls}/earlier`],
      'export-history': ['get', 'calls.csv'],
    };
  };
  const ask = ([method, path, body]: Ask) =>
    method === 'get' || method === 'delete'
      ? alice![method](`/api/v1/${path}`)
      : alice![method](`/api/v1/${path}`, body ?? {});
  const code = async (permission: Permission) => {
    const { statusCode, body } = await ask(asks()[permission]);
    const refused = statusCode === 403 && body.includes('"permission-required"');
    if (refused) expect(body).toContain(permissions[permission].title);
    return refused;
  };

  test('is refused with its name, each alone, and given back at once', async () => {
    for (const [place, permission] of permissionNames.entries()) {
      await withhold([permission]);
      const other = permissionNames.at(place - 1)!;
      const [own, others] = [await code(permission), await code(other)];
      // That one only narrows lists.
      expect([permission, own, others]).toEqual([permission, permission !== 'team-calls', false]);
    }
    await withhold([]);
    for (const one of permissionNames) expect([one, await code(one)]).toEqual([one, false]);
  });

  test('narrows lists, and is told to who asks who they are', async () => {
    const lists = async () => {
      const [missed, calls] = await Promise.all([
        alice!.get('/api/v1/desk/missed-calls?scope=team'),
        alice!.get('/api/v1/calls?scope=team'),
      ]);
      return [missed.json().scope, missed.json().scopes, calls.json().scope];
    };
    expect(await lists()).toEqual(['team', ['mine', 'team'], 'team']);
    await withhold(['team-calls', 'earlier-calls']);
    expect(await lists()).toEqual(['mine', ['mine'], 'mine']);
    const mayNot = async (client: TestClient) =>
      (await client.get('/api/v1/me')).json().person.mayNot;
    expect(await mayNot(alice!)).toEqual(['team-calls', 'earlier-calls']);
    expect(await mayNot(supervisor)).toEqual([]);
    const { entries } = (await acme.get('/api/v1/audit')).json();
    expect(entries[0].detail.agentsMayNot).toEqual(['See the team’s calls', 'See earlier calls']);
    await withhold([]);
  });
});
