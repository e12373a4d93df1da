import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKeyScopeNames } from '../../src/organization/api-key.ts';
import type { ApiKeyScope } from '../../src/organization/api-key.ts';
import { gatheredLog } from '../../src/platform/log.testing.ts';
import { apiOperations, nameOf } from './api-operations.ts';
import type { ApiOperation } from './api-operations.ts';
import { ask, each } from './ask.ts';
import { bodyOf, fenceCases, fingerprint, idsOf, readCases } from './fence-cases.ts';
import type { FenceCase } from './fence-cases.ts';
import { faultOf, fuzzCases } from './fuzz-cases.ts';
import { startOrganizations } from './organizations.ts';
import { sowRows } from './sow-rows.ts';
import type { Sown } from './sow-rows.ts';

/** Every route that the OpenAPI document tells of is tried: tests are made out of it, so that new ones come along. */

const number = '+493098765432';
const mark = `Seen over the fence ${number}`;
/** How long the fuzz goes on; `FUZZ_SECONDS=600 npx vitest run test/trust` looks longer. */
const seconds = Number(process.env['FUZZ_SECONDS'] ?? 8);
const firstSeed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);

let world: Awaited<ReturnType<typeof startOrganizations>>;
let operations: ApiOperation[];
/** What the other organization has. */
let sown: Sown;

/** What the hub logged of its own faults. */
const failures: string[] = [];

beforeAll(async () => {
  world = await startOrganizations(
    gatheredLog('info', (line) => line.includes('"level":"error"') && failures.push(line)),
  );
  operations = await apiOperations(world.hub.url);
  sown = await sowRows(world.hub.db, world.theirs.id, mark);
  await endWork(world.theirs.id);
});

/** Nothing that the hub itself would end after a while, 25 s for a check that nobody runs, however long the test takes. */
async function endWork(organizationId: string): Promise<void> {
  const { db } = world.hub;
  await sql`
    update systems_check_run set status = 'failed', finished_at = heartbeat_at
    where organization_id = ${organizationId} and status = 'running'`.execute(db);
  await sql`delete from mirror_removal where organization_id = ${organizationId}`.execute(db);
}

afterAll(() => world.hub.close());

describe('between two organizations', () => {
  test('every route refuses what is the other’s, to every role', async () => {
    const { hub, ours, theirs } = world;
    const sure = await untouched();
    const before = await fingerprint(hub.db, theirs.id, sure);
    const closed = operations.filter(({ open }) => !open);
    const cases = closed.flatMap((operation) => fenceCases(operation, sown));
    const wrong = new Set<string>();
    await each(cases, async ({ operation, role, parameters, id, named }) => {
      const send = () =>
        ask(hub.url, operation, { parameters, body: bodyOf(operation, id) }, ours.sessions[role]);
      let { status, text } = await send();
      // Some rules stand in no schema: another body may keep them.
      for (let tries = 0; named && status === 400 && tries < 60; tries += 1)
        ({ status, text } = await send());
      const fine = named ? status === 403 || status === 404 : status < 500;
      const who = `${nameOf(operation)} as ${role}`;
      if (!fine) wrong.add(`${who}: ${status} ${text.slice(0, 300)}`);
      if (text.includes(mark)) wrong.add(`${who} shows what is the other’s`);
    });
    expect([...wrong]).toEqual([]);
    expect(await fingerprint(hub.db, theirs.id, sure)).toEqual(before);
    const named = new Set(
      cases.filter((one) => one.named).map(({ operation }) => nameOf(operation)),
    );
    const notCompared = [...sown.rows.keys()].filter((table) => !sure.includes(table));
    console.log(
      `${cases.length} requests for what another organization has: ${named.size} routes that take an id of ${closed.length} ` +
        `that need a session, ${idsOf(sown).length} ids from ${sown.rows.size} tables, 3 roles; ` +
        `${sure.length} tables compared before and after, without ${notCompared.join(', ')}`,
    );
    expect(sure).toEqual(
      expect.arrayContaining(['directory_sync', 'outbox_write', 'api_key', 'single_sign_on']),
    );
    for (const [table, why] of sown.missing) console.log(`no row in ${table}: ${why}`);
    expect(named.size).toBeGreaterThan(50);
    const routes = [...named].join('\n');
    for (const part of ['/operator/organizations/{', '/api-keys/{', '/webhooks/{', '/people/{'])
      expect(routes).toContain(part);
    expect(sown.rows.size).toBeGreaterThan(sown.missing.size * 4);
    expect(sure.length).toBeGreaterThan(sown.rows.size / 2);
  }, 120_000);

  /** The tables, or columns, in which the hub itself does nothing; two lists of what it is to look at, which it empties, are left out by name. */
  async function untouched(): Promise<string[]> {
    const { hub, theirs } = world;
    const tables = [...sown.rows.keys()];
    const first = await fingerprint(hub.db, theirs.id, tables);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const then = await fingerprint(hub.db, theirs.id, tables);
    const emptied = /^(notice|call_log_due)$/;
    return tables.filter((table) => first[table] === then[table] && !emptied.test(table));
  }

  test('what was refused is there, for whoever it belongs to', async () => {
    const known = new Set<string>();
    const wrong = new Map<string, string>();
    const reads = operations.filter(({ method, open }) => method === 'GET' && !open);
    const cases = reads.flatMap((operation) => readCases(operation, sown));
    await each(cases, async ({ operation, parameters }) => {
      const session = world.theirs.sessions.administrator;
      const answer = await ask(world.hub.url, operation, { parameters }, session);
      if (answer.status === 200 && operation.path.includes('{')) known.add(nameOf(operation));
      const fault = faultOf(operation, answer);
      if (fault !== null) wrong.set(nameOf(operation), fault);
    });
    if (wrong.size > 0) console.log(failures.slice(0, 10).join(''));
    expect([...wrong]).toEqual([]);
    expect(known.size).toBeGreaterThanOrEqual(3);
  });
});

test('no route shows a number to whom the organization hides it', async () => {
  const { hub, theirs } = world;
  const shows = new Set<string>();
  const masks = new Set<string>();
  const wrong = new Set<string>();
  const reads = operations.filter(({ method, open }) => method === 'GET' && !open);
  const cases = reads.flatMap((operation) => readCases(operation, sown));
  const askAs = (role: keyof typeof theirs.sessions, { operation, parameters }: FenceCase) =>
    ask(hub.url, operation, { parameters }, theirs.sessions[role]);
  const hide = async (setting: string) => {
    await sql`update organization set numbers_masked_for = ${setting} where id = ${theirs.id}`.execute(
      hub.db,
    );
    await sessionsAreOld();
  };
  await hide('supervisors');
  try {
    await each(cases, async (one) => {
      const name = nameOf(one.operation);
      if ((await askAs('administrator', one)).text.includes(number)) shows.add(name);
      for (const role of ['supervisor', 'agent'] as const) {
        const { text } = await askAs(role, one);
        if (text.replaceAll(/[^\d]/g, '').includes('98765432')) wrong.add(`${name} as ${role}`);
        if (text.includes('••• ••• 5432')) masks.add(name);
      }
    });
  } finally {
    await hide('nobody');
  }
  expect([...wrong]).toEqual([]);
  console.log(
    `${cases.length} reads on ${reads.length} routes with hidden numbers: ${shows.size} show them to an administrator, ` +
      `${masks.size} masked to others`,
  );
  expect(shows.size).toBeGreaterThan(5);
  expect(masks.size).toBeGreaterThan(2);
});

test('an API key is taken by the routes that say so, each with its scope alone, and shows nothing of others', async () => {
  const keys = new Map<ApiKeyScope, string>();
  for (const scope of apiKeyScopeNames) keys.set(scope, await makeKey(scope));
  const wrong: string[] = [];
  const closed = operations.filter(({ open }) => !open);
  const cases = closed.flatMap((operation) => readCases(operation, sown));
  await each(cases, async ({ operation, parameters, id }) => {
    const body = bodyOf(operation, id);
    for (const [scope, key] of keys) {
      const headers = { authorization: `Bearer ${key}` };
      const { status, text } = await ask(
        world.hub.url,
        operation,
        { parameters, body, headers },
        world.ours.sessions.administrator,
      );
      const code = /"code":"([a-z-]+)"/.exec(text)?.[1];
      const refused = status === 403 && code?.endsWith('-required');
      const right = operation.keyScopes.includes(scope)
        ? !refused && status !== 401 && status < 500
        : code === (operation.keyScopes.length > 0 ? 'scope-required' : 'session-required');
      if (!right) wrong.push(`${nameOf(operation)} with ${scope}: ${status} ${text.slice(0, 200)}`);
      if (text.includes(mark)) wrong.push(`${nameOf(operation)} shows what is the other’s`);
    }
  });
  expect(wrong.slice(0, 20)).toEqual([]);
  expect(closed.filter(({ keyScopes }) => keyScopes.length > 0).length).toBeGreaterThan(7);
}, 120_000);

/** What the hub knows of a session it keeps for half a second, when nobody tells it of a change. */
const sessionsAreOld = () => new Promise((resolve) => setTimeout(resolve, 550));

async function makeKey(scope: ApiKeyScope): Promise<string> {
  const answer = await fetch(`${world.hub.url}/api/v1/api-keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: world.ours.sessions.administrator },
    body: JSON.stringify({ name: scope, scopes: [scope], days: null }),
  });
  return ((await answer.json()) as { key: string }).key;
}

test('an operator reads nothing of an organization but its name and seats, and changes nothing else', async () => {
  const { hub, ours } = world;
  const operator = async (on: boolean) => {
    await sql`
    update account_user u set operator = ${on} from person p
    where p.user_id = u.id and p.organization_id = ${ours.id} and p.role = 'administrator'`.execute(
      hub.db,
    );
    await sessionsAreOld();
  };
  await operator(true);
  try {
    const closed = operations.filter(({ open }) => !open);
    const isTheirs = ({ path }: ApiOperation) => path.startsWith('/api/v1/operator/');
    const cases = closed
      .filter((one) => !isTheirs(one))
      .flatMap((operation) => fenceCases(operation, sown))
      .filter(
        ({ role, named, operation }) =>
          role === 'administrator' && (named || operation.method === 'GET'),
      );
    const wrong = new Set<string>();
    // What is theirs: marked in every row that was sown, and in the addresses of its people.
    const shows = (text: string) => text.includes(mark) || text.includes('@theirs.example');
    await each(cases, async ({ operation, parameters, named, id }) => {
      const session = ours.sessions.administrator;
      const send = () =>
        ask(hub.url, operation, { parameters, body: bodyOf(operation, id) }, session);
      let { status, text } = await send();
      for (let tries = 0; named && status === 400 && tries < 60; tries += 1)
        ({ status, text } = await send());
      if (named && status !== 403 && status !== 404) wrong.add(`${nameOf(operation)}: ${status}`);
      if (shows(text)) wrong.add(`${nameOf(operation)} shows what is theirs`);
    });
    const list = closed.find((one) => isTheirs(one) && one.method === 'GET')!;
    const { status, text } = await ask(
      hub.url,
      list,
      { parameters: {} },
      ours.sessions.administrator,
    );
    expect([status, text.includes('Theirs'), shows(text)]).toEqual([200, true, false]);
    expect([...wrong]).toEqual([]);
    console.log(`${cases.length} requests by an operator for what another organization has`);
    expect(cases.length).toBeGreaterThan(20);
  } finally {
    await operator(false);
  }
});

test('every route that changes something refuses what another site makes a browser send', async () => {
  const changing = operations.filter(
    ({ method, path }) => method !== 'GET' && !path.startsWith('/hooks/'),
  );
  const wrong: string[] = [];
  await each(changing, async (operation) => {
    const parameters = Object.fromEntries(
      operation.parameters.map(({ name }) => [name, '0197a3a8-0000-7000-8000-000000000000']),
    );
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of foreign) {
      const request = { parameters, body: bodyOf(operation, fc.uuid()), headers };
      const session = world.ours.sessions.administrator;
      const { status, text } = await ask(world.hub.url, operation, request, session);
      if (status !== 403 || !text.includes('another site'))
        wrong.push(`${nameOf(operation)}: ${status} ${text.slice(0, 200)}`);
    }
  });
  expect(wrong).toEqual([]);
  expect(changing.length).toBeGreaterThan(30);
});

describe('whatever is sent', () => {
  /** Ids to name in requests: those that there are and those that answers tell. */
  const ids = new Set<string>();

  test(
    'every answer is as declared and none is a 5xx',
    async () => {
      const own = await sowRows(world.hub.db, world.ours.id, 'Fuzz');
      for (const row of own.rows.values()) collectIds(row);
      const wrong = new Map<string, string>();
      const statuses = new Map<number, number>();
      let cases = 0;
      await each(rounds(Date.now() + seconds * 1_000), async ({ operation, request, session }) => {
        const answer = await ask(world.hub.url, operation, request, session);
        cases += 1;
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const fault = faultOf(operation, answer);
        if (fault !== null && !wrong.has(nameOf(operation)))
          wrong.set(nameOf(operation), `${fault}\n  sent ${JSON.stringify(request).slice(0, 600)}`);
        // Ids of sessions would end our own.
        const told = answer.status < 300 && answer.type === 'application/json';
        if (told && !operation.path.endsWith('/sessions')) collectIds(JSON.parse(answer.text));
      });
      const counts = [...statuses]
        .toSorted(([a], [b]) => a - b)
        .map(([status, n]) => `${n} x ${status}`);
      console.log(
        `${operations.length} routes, ${cases} requests from seed ${firstSeed}: ${counts.join(', ')}`,
      );
      // Which line broke stands in the hub's log alone.
      if (wrong.size > 0) console.log(failures.slice(0, 10).join(''));
      expect([...wrong]).toEqual([]);
      expect(operations.length).toBeGreaterThan(30);
      expect((statuses.get(200) ?? 0) + (statuses.get(204) ?? 0)).toBeGreaterThan(
        operations.length / 8,
      );
    },
    seconds * 1_000 + 120_000,
  );

  /** Every route in turn, by somebody of every role in turn; twice at least. */
  function* rounds(end: number) {
    const sessions = Object.values(world.ours.sessions);
    const tried = operations.filter(({ path }) => !path.endsWith('/sign-out'));
    let seed = firstSeed;
    for (let round = 0; round < 2 || Date.now() < end; round += 1) {
      for (const operation of tried) {
        if (round >= 2 && Date.now() > end) return;
        seed += 1;
        // Whoever may most gets furthest.
        const session = round % 2 === 0 ? sessions[0]! : sessions[seed % sessions.length]!;
        const [request] = fc.sample(fuzzCases(operation, round, [...ids]), { numRuns: 1, seed });
        yield { operation, request: request!, session };
      }
    }
  }

  function collectIds(value: unknown): void {
    if (ids.size > 300) return;
    if (typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
      ids.add(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collectIds);
  }
});
