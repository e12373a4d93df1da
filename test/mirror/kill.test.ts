import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertConnection, updateConnection } from '../../src/organization/connection-store.ts';
import { openGathered } from '../../src/platform/log.testing.ts';
import { secretContext } from '../../src/organization/open-connection.ts';
import { insertOrganization } from '../../src/organization/organization-store.ts';
import { testDatabase } from '../../src/platform/database/testing.ts';
import { newId } from '../../src/platform/id.ts';
import { createSecretBox } from '../../src/platform/secret-box.ts';
import { long } from '../support/long.ts';

/*
 * A process that pulls from a stand-in instance in a process of its own is killed with -9: during the first pull, then
 * while people, customers and cases change. The mirror must end equal to the instance, row by row. A dozen times; 50 times
 * with `npm run test:long`.
 */

const root = join(import.meta.dirname, '../..');
const contacts = 4_000;
const [killsOfPull, killsOfChanges] = long ? [25, 25] : [6, 6];
const [user, password] = ['ringside.integration', 'ringside-sandbox'];

let database: Awaited<ReturnType<typeof testDatabase>>;
let instance: ChildProcess;
let url = '';
const key = randomBytes(32);
const place = { organizationId: newId(), connectionId: newId() };

beforeAll(async () => {
  database = await testDatabase();
  const args = ['bin/ringside.mjs', 'sandbox', '--port', '0', '--contacts', String(contacts)];
  instance = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  url = (await lineOf(instance, /http:\/\/[\d.:]+/))[0];
  const { db } = database;
  const { organizationId, connectionId } = place;
  await insertOrganization(db, {
    id: organizationId,
    name: 'Kill',
    country: 'DE',
    timeZone: 'UTC',
  });
  await insertConnection(db, organizationId, {
    id: connectionId,
    platform: 'servicenow',
    primary: true,
  });
  const context = secretContext(organizationId, connectionId, 'password');
  await updateConnection(db, organizationId, connectionId, {
    settings: { username: user, endpoint: `${url}/`, detailsLink: `${url}/` },
    sealed: { password: createSecretBox(key).seal(password, context) },
    state: 'ok',
  });
});
afterAll(async () => {
  for (const child of [instance, ...ready]) child.kill('SIGKILL');
  await database.close();
});

async function lineOf(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let text = '';
  for await (const piece of child.stdout!) {
    text += String(piece);
    const found = pattern.exec(text);
    if (found !== null) return found;
  }
  throw new Error(`The process ended with ${text}`);
}

interface MirrorProcess {
  child: ChildProcess;
  rounds(): number;
  said(): string;
}

/** Started ahead, since a process takes longer to start than it then lives. */
const ready: ChildProcess[] = [];
let wanted = killsOfPull + killsOfChanges + 1;

function startAhead(): void {
  const { host, port, user: owner, database: name } = database.connection;
  const connection = { host, port, user: owner, database: name, ssl: false };
  const order = JSON.stringify({ connection, key: key.toString('hex'), ...place });
  while (ready.length < 2 && wanted > 0) {
    wanted -= 1;
    const log = openGathered();
    const child = spawn(process.execPath, ['test/support/mirror-process.ts', order], {
      cwd: root,
      stdio: ['pipe', 'pipe', log.fd],
    });
    log.close();
    ready.push(child);
  }
}

async function mirrorProcess(): Promise<MirrorProcess> {
  startAhead();
  const child = ready.shift()!;
  startAhead();
  let said = '';
  const begun = Promise.withResolvers<void>();
  child.stdout!.on('data', (piece) => {
    said += String(piece);
    if (said.includes('begun')) begun.resolve();
  });
  child.once('exit', () => begun.resolve());
  child.stdin!.write('go\n');
  await begun.promise;
  return { child, said: () => said, rounds: () => said.split('round').length - 1 };
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  // A lease ends 20 s after its last sign of life: that time is made to have gone by.
  await sql`update directory_pull set alive_at = '-infinity'`.execute(database.db);
}

const headers = {
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  'content-type': 'application/json',
};
type Row = Record<string, string>;
async function api(method: string, path: string, body?: object): Promise<Row[] | Row> {
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(`${url}/api/now/table/${path}`, init);
  if (response.status === 204) return {};
  const answer = (await response.json()) as { result: Row[] | Row };
  if (!response.ok)
    throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer.result;
}

/** Every row of a table as a plain download gives it. */
async function download(table: string, query: string, fields: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let offset = 0; ; offset += 2_000) {
    const page = await api(
      'GET',
      `${table}?sysparm_query=${encodeURIComponent(`${query}ORDERBYsys_id`)}&sysparm_fields=${fields.replace('revision', 'sys_mod_count,sys_updated_on')}` +
        `&sysparm_exclude_reference_link=true&sysparm_limit=2000&sysparm_offset=${offset}`,
    );
    for (const row of page as Row[])
      rows.push({ ...row, revision: `${row['sys_mod_count']}@${row['sys_updated_on']}` });
    if ((page as Row[]).length === 0) return rows;
  }
}

const tables = {
  contact: {
    name: 'customer_contact',
    query: '',
    fields: 'sys_id,revision,first_name,last_name,email,active,account',
    phones: ['phone', 'mobile_phone', 'home_phone'],
    mirror: () => sql<{
      line: string;
    }>`select concat_ws('|', id, revision, first_name, last_name, email, active, coalesce(customer_id, '')) as line
      from contact where kind = 'contact' order by id`,
  },
  consumer: {
    name: 'csm_consumer',
    query: '',
    fields: 'sys_id,revision,first_name,last_name,email,active',
    phones: ['business_phone', 'mobile_phone', 'home_phone'],
    mirror: () => sql<{
      line: string;
    }>`select concat_ws('|', id, revision, first_name, last_name, email, active) as line
      from contact where kind = 'consumer' order by id`,
  },
  customer: {
    name: 'customer_account',
    query: '',
    fields: 'sys_id,revision,name,number,city',
    phones: ['phone'],
    mirror: () =>
      sql<{
        line: string;
      }>`select concat_ws('|', id, revision, name, number, city) as line from customer order by id`,
  },
  user: {
    name: 'sys_user',
    query: 'sys_class_name=sys_user^',
    fields: 'sys_id,revision,user_name,name,email,active',
    phones: ['phone', 'mobile_phone', 'home_phone'],
    mirror: () =>
      sql<{
        line: string;
      }>`select concat_ws('|', id, revision, user_name, name, email, active) as line from crm_user order by id`,
  },
} as const;

/** Compares the mirror with the instance, row by row, telephone fields included; answers how many rows are equal. */
async function compare(): Promise<{ equal: number; different: string[] }> {
  const { db } = database;
  let equal = 0;
  const different: string[] = [];
  const note = (kind: string, ours: string[], theirs: string[]) => {
    const known = new Set(ours);
    const there = new Set(theirs);
    equal += theirs.filter((line) => known.has(line)).length;
    different.push(
      ...theirs.filter((line) => !known.has(line)).map((line) => `${kind} missing ${line}`),
    );
    different.push(
      ...ours.filter((line) => !there.has(line)).map((line) => `${kind} too much ${line}`),
    );
  };
  const clean = (text: string | undefined) => (text ?? '').trim();
  for (const [kind, table] of Object.entries(tables)) {
    const rows = await download(table.name, table.query, [table.fields, ...table.phones].join());
    const lines = rows.map((row) =>
      table.fields
        .split(',')
        .map((field) =>
          field === 'active' ? (row[field] === 'true' ? 't' : 'f') : clean(row[field]),
        )
        .join('|'),
    );
    note(
      kind,
      (await table.mirror().execute(db)).rows.map(({ line }) => line),
      lines,
    );
    // A filler such as 000000 is no number.
    const phones = rows.flatMap((row) =>
      table.phones.flatMap((field) =>
        /\d{3}/.test(row[field] ?? '') && /[1-9]/.test(row[field] ?? '')
          ? [`${row['sys_id']}|${field}|${clean(row[field])}`]
          : [],
      ),
    );
    const stored = await sql<{
      line: string;
    }>`select distinct concat_ws('|', owner_id, field, raw) as line from phone_number
      where owner_kind = ${kind} and raw ~ '[0-9]{3}' and raw ~ '[1-9]'`.execute(db);
    note(
      `${kind} number`,
      stored.rows.map(({ line }) => line),
      phones,
    );
  }
  const since = new Date(Date.now() - 90 * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');
  const cases = await download(
    'sn_customerservice_case',
    `active=true^NQactive!=true^sys_updated_on>=${since}^`,
    'sys_id,revision,number,active,contact,state',
  );
  const line = sql<{
    line: string;
  }>`select concat_ws('|', id, revision, number, open, coalesce(contact_id, ''), state_value) as line from crm_case`;
  note(
    'case',
    (await line.execute(db)).rows.map((row) => row.line),
    cases.map((row) =>
      [
        row['sys_id'],
        row['revision'],
        row['number'],
        row['active'] === 'true' ? 't' : 'f',
        row['contact'],
        row['state'],
      ].join('|'),
    ),
  );
  return { equal, different };
}

/** What people do in the CRM meanwhile. */
async function work(
  step: number,
  ids: Record<'contact' | 'customer' | 'case', string[]>,
): Promise<void> {
  const pick = (of: keyof typeof ids) => ids[of][randomInt(ids[of].length)]!;
  const digits = String(randomInt(1_000_000, 9_999_999));
  for (let index = 0; index < 3; index += 1)
    await api('PATCH', `customer_contact/${pick('contact')}`, {
      mobile_phone: `+49 171 ${digits}${index}`,
    });
  await api('PATCH', `customer_contact/${pick('contact')}`, { active: String(step % 2 === 0) });
  await api('PATCH', `customer_account/${pick('customer')}`, { city: `City ${step}` });
  const made = (await api('POST', 'customer_contact', {
    first_name: 'New',
    last_name: `Person ${step}`,
    phone: `030 ${digits}`,
  })) as Row;
  ids.contact.push(made['sys_id']!);
  await api('POST', 'sn_customerservice_case', {
    short_description: `Step ${step}`,
    contact: made['sys_id'],
    priority: '2',
  });
  const gone = pick('contact');
  await api('DELETE', `customer_contact/${gone}`);
  ids.contact.splice(ids.contact.indexOf(gone), 1);
}

const finished = async (kind: string) => {
  const { rows } = await sql<{
    done: number;
    complete_as_of: Date | null;
  }>`select done, complete_as_of from directory_progress
    where connection_id = ${place.connectionId} and kind = ${kind}`.execute(database.db);
  return rows[0] !== undefined && rows[0].complete_as_of !== null;
};

test(`killed ${killsOfPull + killsOfChanges} times, the mirror ends equal to the instance, row by row`, async () => {
  let duringPull = 0;
  for (let kill = 0; kill < killsOfPull; kill += 1) {
    const { child } = await mirrorProcess();
    await sleep(randomInt(5, 100));
    if (!(await finished('cases'))) duringPull += 1;
    await killed(child);
  }
  const some = async (table: string) =>
    ((await api('GET', `${table}?sysparm_fields=sys_id&sysparm_limit=300`)) as Row[]).map(
      (row) => row['sys_id']!,
    );
  const ids = {
    contact: await some('customer_contact'),
    customer: await some('customer_account'),
    case: await some('sn_customerservice_case'),
  };
  for (let kill = 0; kill < killsOfChanges; kill += 1) {
    const { child } = await mirrorProcess();
    const busy = work(kill, ids);
    await sleep(randomInt(5, 200));
    await killed(child);
    await busy;
  }
  // Left alone it catches up: users, customers and deletions are due once a minute.
  await sql`update directory_sync set slow_at = null`.execute(database.db);
  const last = await mirrorProcess();
  while (!(await finished('cases')) || last.rounds() < 2) {
    if (last.child.exitCode !== null) throw new Error(last.said());
    await sleep(50);
  }
  await killed(last.child);
  const { equal, different } = await compare();
  console.log(
    `${killsOfPull + killsOfChanges} kills, ${duringPull} of them in the first pull: ${equal} rows equal, ${different.length} not`,
  );
  expect(different.slice(0, 20)).toEqual([]);
  expect(equal).toBeGreaterThan(contacts);
}, 240_000);
