import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyCrm } from '../src/crm/testing.ts';
import { callerRoutes } from '../src/desk/caller-routes.ts';
import { pop } from '../src/desk/contract.ts';
import { missedCallRoutes } from '../src/desk/missed-call-routes.ts';
import { deskRoutes } from '../src/desk/routes.ts';
import { reportRoutes } from '../src/reports/routes.ts';
import { features } from '../src/organization/features.ts';
import type { Feature } from '../src/organization/features.ts';
import { includesPlan, plans } from '../src/organization/plan.ts';
import type { Plan } from '../src/organization/plan.ts';
import { permissionNames, permissions } from '../src/organization/permission.ts';
import type { Permission } from '../src/organization/permission.ts';
import { earlierCalls } from '../src/desk/earlier-call-contract.ts';
import { readFacts } from '../src/desk/organization-facts.ts';
import { RingingPhones } from '../src/desk/ringing.testing.ts';
import { fillMirror } from '../src/desk/testing.ts';
import type { TestCompany } from '../src/desk/testing.ts';
import { callNotes, caseForm, foundCases } from '../src/desk/work-contract.ts';
import { directoryRoutes } from '../src/directory/routes.ts';
import { workRoutes } from '../src/desk/work-routes.ts';
import { viewerOf } from '../src/http/authentication.ts';
import { testHub, testPassword } from '../src/http/testing.ts';
import type { TestClient, TestHub } from '../src/http/testing.ts';
import { insertConnection, updateConnection } from '../src/organization/connection-store.ts';
import { updateMappings } from '../src/organization/mapping-store.ts';
import { insertPhoneSystem } from '../src/organization/phone-system-store.ts';
import { newId } from '../src/platform/id.ts';
import { testLog } from '../src/platform/log.testing.ts';
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
  log: testLog,
  crms: { get: async () => emptyCrm },
  viewerOf,
  hub: { factsOf: (organizationId: string) => readFacts(hub.database.db, organizationId) },
};

beforeAll(async () => {
  hub = await testHub({
    routes: [
      workRoutes(deps),
      callerRoutes(deps),
      reportRoutes(deps),
      missedCallRoutes(deps),
      directoryRoutes(deps),
      // Only to order a call and to look numbers up.
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

describe('what each plan unlocks', () => {
  /** What the table of features is asked by: by the agent what counts for a person, by the administrator the rest. */
  const asks = (): Record<Feature, Ask> => {
    const key = `contact:${company.connectionId}:ada`;
    const [pops, calls] = [`desk/pops/${callId}`, `desk/calls/${callId}`];
    const request = newId();
    const saves = (change: object): Ask => ['put', 'organization', change];
    const sso = { issuer: 'https://id.example.com', clientId: 'ringside', clientSecret: 'secret' };
    return {
      connections: ['post', 'connections', { platform: 'nonsense' }],
      pull: ['post', `connections/${newId()}/sync`, {}],
      'screen-pops': ['get', `lookup?number=${encodeURIComponent(number)}`],
      notes: ['put', `${calls}/note`, note('Hello')],
      cases: ['put', `${calls}/case`, { key: caseKey('ada0') }],
      contacts: ['get', `${pops}/record?key=${encodeURIComponent(key)}`],
      'click-to-call': ['post', 'desk/call', { number }],
      history: ['get', 'calls'],
      teams: saves({ teams: [{ id: newId(), name: 'First', memberIds: [], supervisorIds: [] }] }),
      'case-templates': [
        'post',
        `${calls}/cases`,
        { request, templateId: newId(), shortDescription: 'Printer' },
      ],
      'missed-calls': ['get', 'desk/missed-calls'],
      'wrap-up-codes': ['put', `${calls}/wrap-up`, { codeId: newId(), secondsWorked: null }],
      'case-rules': saves({ callHandling: { missedCalls: { openCase: true } } }),
      'call-priority': saves({
        callHandling: { priorities: [{ priority: 'high', when: 'queue', values: ['Sales'] }] },
      }),
      'webhooks-out': [
        'post',
        'webhooks',
        { name: 'Warehouse', url: 'https://hooks.example.com', events: ['call.ended'] },
      ],
      'api-keys': ['post', 'api-keys', { name: 'Reports', scopes: ['calls:read'], days: 1 }],
      'single-sign-on': ['put', 'single-sign-on', { ...sso, domains: ['sso.example.com'] }],
      'audit-export': ['get', 'audit.csv'],
    };
  };

  const organization = async () => {
    const { version, name, country, timeZone, people } = (
      await acme.get('/api/v1/organization')
    ).json();
    return { now: { version, name, country, timeZone }, people };
  };
  const ask = async (feature: Feature, [method, path, body]: Ask) => {
    const who = features[feature].scope === 'person' ? alice! : acme;
    const url = `/api/v1/${path}`;
    if (method === 'get' || method === 'delete') return who[method](url);
    const base = path === 'organization' ? (await organization()).now : {};
    return who[method](url, { ...base, ...body });
  };
  /** The organization holds seats up to this plan, and everybody has it. */
  async function hold(held: Plan | null): Promise<void> {
    const { now, people } = await organization();
    const seats = Object.fromEntries(plans.map((one) => [one, includesPlan(held, one) ? 25 : 0]));
    const all = people.map(({ id }: { id: string }) => ({ id, plan: held }));
    const saved = await acme.put('/api/v1/organization', { ...now, seats, people: all });
    expect(saved.statusCode).toBe(200);
  }

  beforeAll(talk);
  afterAll(async () => {
    await hold('Core');
    const { now } = await organization();
    const callHandling = { priorities: [], missedCalls: { openCase: false } };
    const seats = { View: 25, Core: 25, Engage: 25, Enterprise: 25 };
    const { people } = company;
    const plansOf = [
      { id: people[202], plan: 'View' },
      { id: people[203], plan: null },
    ];
    const saved = { ...now, seats, callHandling, people: plansOf };
    const { statusCode, body } = await acme.put('/api/v1/organization', saved);
    if (statusCode !== 200) throw new Error(body);
  });

  test('is refused on every lower plan, saying which it needs, and open on its own and the higher ones', async () => {
    const wrong: string[] = [];
    let asked = 0;
    for (const held of [null, ...plans]) {
      await hold(held);
      for (const [name, request] of Object.entries(asks())) {
        const feature = name as Feature;
        const { plan, title } = features[feature];
        const { statusCode, body } = await ask(feature, request);
        asked += 1;
        const says = body.includes(`${plan} plan`) && body.includes(title);
        const saving = request[1] === 'organization';
        const refused = saving
          ? statusCode === 400 && says
          : statusCode === 403 && body.includes('"plan-required"') && says;
        const open = !body.includes('plan-required') && !says && statusCode < 500;
        if (includesPlan(held, plan) ? !open : !refused)
          wrong.push(`${feature} with ${held ?? 'no plan'}: ${statusCode} ${body.slice(0, 200)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(asked).toBe(5 * Object.keys(features).length);
  });
});

describe('numbers that an organization hides', () => {
  const digits = (text: string) => text.replaceAll(/[^\d]/g, '');

  async function hide(numbersMaskedFor: string): Promise<void> {
    const { version, name, country, timeZone } = (await acme.get('/api/v1/organization')).json();
    const body = { version, name, country, timeZone, numbersMaskedFor };
    const answer = await acme.put('/api/v1/organization', body);
    expect(answer.json()).toMatchObject({ numbersMaskedFor });
  }

  /** Every route that is read, of the document, with something that it takes. */
  async function reads(): Promise<string[]> {
    const { paths } = (await acme.get('/api/openapi.json')).json<{
      paths: Record<string, object>;
    }>();
    const key = encodeURIComponent(`contact:${company.connectionId}:ada`);
    const query = `number=%2B4930123450&key=${key}&q=%2B4930123450`;
    return Object.keys(paths)
      .filter((path) => 'get' in paths[path]! && !path.endsWith('/stream'))
      .map((path) => `${path.replaceAll(/\{\w+\}/g, callId)}?${query}`);
  }

  const record = () => `/api/v1/desk/pops/${callId}/record`;
  const contact = () => `contact:${company.connectionId}:ada`;
  const change = (field: string, value: string, replaces: string) =>
    alice!.put(record(), { key: contact(), changes: [{ field, value, replaces }] });
  const writes = async (): Promise<string> => {
    const { rows } = await sql<{ action: unknown }>`
      select action from outbox_write order by id desc limit 3`.execute(hub.database.db);
    return JSON.stringify(rows);
  };

  beforeAll(async () => {
    await talk();
    await send(alice!, ['put', 'note', note('Ring +49 30 5556677')]);
    await hide('agents');
  });
  afterAll(() => hide('nobody'));

  test('stand in no answer of any route, and to others as they are', async () => {
    const asked = await reads();
    const shown: string[] = [];
    const masked: string[] = [];
    for (const path of asked) {
      const [agent, boss] = [await alice!.get(path), await supervisor.get(path)];
      const which = path.split('?', 1)[0]!;
      expect([which, digits(agent.body).includes('30123450')]).toEqual([which, false]);
      if (digits(boss.body).includes('30123450')) shown.push(which);
      if (/[•]{3} \d{2,4}/.test(agent.body)) masked.push(which);
    }
    expect(asked.length).toBeGreaterThan(25);
    expect(shown.length).toBeGreaterThan(1);
    expect(masked.length).toBeGreaterThan(3);
    expect((await send(alice!, ['get', 'note'])).json().own.text).toBe('Ring +49 30 5556677');
    const calls = async (who: TestClient) => (await who.get('/api/v1/calls')).body;
    const csv = async (who: TestClient) =>
      (await who.get('/api/v1/calls.csv?timeZone=Europe%2FBerlin')).body;
    expect(await calls(supervisor)).toContain('+4930123450');
    // As if it were over: the file holds no running calls.
    await sql`
      insert into call_record (organization_id, call_id, started_at, direction, result, e164)
      select organization_id, id, started_at, direction, 'answered', '+4930123450' from call where id = ${callId}`.execute(
      hub.database.db,
    );
    expect(await csv(supervisor)).toContain('+4930123450');
    await hide('supervisors');
    expect(digits(await calls(supervisor))).not.toContain('30123450');
    expect(await calls(supervisor)).toContain('+49 ••• ••• 3450');
    expect(await calls(acme)).toContain('+4930123450');
    const exported = await csv(supervisor);
    expect(digits(exported)).not.toContain('30123450');
    expect(exported).toContain('+49 ••• ••• 3450');
    expect(exported).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,/m);
    expect(await csv(acme)).toContain('+4930123450');
    await sql`delete from call_record where call_id = ${callId}`.execute(hub.database.db);
    expect((await acme.get('/api/v1/audit')).json().entries[0].detail).toMatchObject({
      numbersMaskedFor: 'supervisors',
    });
    await hide('agents');
  });

  test('are used by what stands for them, which nobody else can use', async () => {
    const [shown] = (await alice!.get('/api/v1/desk/pops')).json().pops;
    const { e164 } = shown.caller;
    expect(shown.caller).toMatchObject({ display: '+49 ••• ••• 3450', raw: '+49 ••• ••• 3450' });
    const found = await alice!.get(`/api/v1/lookup?number=${encodeURIComponent(e164)}`);
    expect(found.json()).toMatchObject({ caller: { e164 }, match: { status: 'one' } });
    const called = (await alice!.post('/api/v1/desk/call', { number: e164 })).json();
    expect(called).toMatchObject({ code: 'conflict' });
    const typed = (await alice!.post('/api/v1/desk/call', { number })).json();
    expect(typed.code).toBe('conflict');
    for (const stale of [`${e164.slice(0, -3)}AAA`, 'ref:nonsense'])
      expect((await alice!.post('/api/v1/desk/call', { number: stale })).json()).toMatchObject({
        code: 'invalid-input',
        errors: [{ field: 'number' }],
      });
    expect(
      (await send(alice!, ['put', 'note', note(e164, { base: 1, step: 9 })])).json(),
    ).toMatchObject({
      note: { text: e164 },
    });
  });

  test('are found whole alone', async () => {
    const find = async (who: TestClient, q: string) =>
      (await who.get(`/api/v1/calls?q=${encodeURIComponent(q)}`)).json().calls.length +
      (await who.get(`/api/v1/calls?q=${encodeURIComponent(q)}`)).json().running.length;
    expect(await find(supervisor, '+49 30 123')).toBeGreaterThan(0);
    expect(await find(alice!, '+49 30 123')).toBe(0);
    expect(await find(alice!, '030 12')).toBe(0);
    expect(await find(alice!, number)).toBeGreaterThan(0);
  });

  test('are written whole, and never overwritten with what was shown of them', async () => {
    const { fields } = (
      await alice!.get(`${record()}?key=${encodeURIComponent(contact())}`)
    ).json();
    const standing = fields.find(({ name }: { name: string }) => name === 'mobilePhone').value;
    expect(standing).toBe('+49 ••• ••• 3450');
    expect((await change('mobilePhone', standing, standing)).json()).toMatchObject({
      code: 'invalid-input',
    });
    expect((await change('mobilePhone', '+49 30 7654321', '+49 ••• ••• 99')).json()).toMatchObject({
      code: 'conflict',
    });
    const at = { key: contact(), field: 'phone', replaces: '' };
    const attached = await alice!.post(`/api/v1/desk/pops/${callId}/number`, at);
    expect([attached.statusCode, digits(attached.body).includes('30123450')]).toEqual([200, false]);
    expect(await writes()).toContain('+4930123450');
    const description = 'Called from +49 ••• ••• 3450 today';
    const made = { request: newId(), shortDescription: 'Printer', description };
    const answer = await send(alice!, ['post', 'cases', made]);
    expect([answer.statusCode, digits(answer.body).includes('30123450')]).toEqual([200, false]);
    expect(await writes()).toContain('Called from +49 30 123450 today');
    expect((await change('phone', '+49 30 7654321', standing)).statusCode).toBe(200);
  });
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
