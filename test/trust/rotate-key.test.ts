import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf } from '../../src/organization/authenticator.testing.ts';
import { startHub } from '../../src/main.ts';
import type { Hub } from '../../src/main.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { keyInUse } from '../../src/platform/database/key-check.ts';
import { acrossOrganizations } from '../../src/platform/database/scope.ts';
import { testDatabase } from '../../src/platform/database/testing.ts';
import type { TestDatabase } from '../../src/platform/database/testing.ts';
import { openGathered, testLog } from '../../src/platform/log.testing.ts';
import { takeNextKey } from '../../src/platform/secret-box.ts';
import { rotateKey } from '../../src/organization/rotate-key.ts';
import { long } from '../support/long.ts';

/*
 * `ringside rotate-key` on the database of a hub that has one of everything that is stored encrypted. The command is killed with -9 at
 * random moments; whatever it left behind, a hub starts on it and every secret opens.
 */

const kills = long ? 30 : 3;
const email = 'ada@rotate.example';
const password = 'a key for every door';
let database: TestDatabase;
let dataDir: string;
let environment: Record<string, string>;
let recoveryCodes: string[] = [];
let appUri = '';

beforeAll(async () => {
  database = await testDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'ringside-rotate-'));
  const { host, port, user, database: name } = database.connection;
  environment = {
    DATABASE_URL: `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(String(host))}`,
    RINGSIDE_DATA_DIR: dataDir,
    RINGSIDE_PORT: '0',
    RINGSIDE_ADMIN_EMAIL: email,
    RINGSIDE_ADMIN_PASSWORD: password,
    // Nothing listens there: a mail waits, with its link.
    RINGSIDE_SMTP_URL: 'smtp://127.0.0.1:1',
    RINGSIDE_MAIL_FROM: 'ringside@rotate.example',
    RINGSIDE_PUBLIC_URL: 'http://rotate.example',
  };
  const hub = await start();
  let cookie = await signIn(hub);
  const send = async (path: string, body: object, method = 'POST') => {
    const answer = await fetch(hub.url + path, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.ok, `${path} ${answer.status} ${await answer.clone().text()}`).toBe(true);
    cookie = cookiesOf(answer) || cookie;
    return answer.status === 204 ? null : ((await answer.json()) as never);
  };
  const connection: { id: string } = (await send('/api/v1/connections', {
    platform: 'servicenow',
  }))!;
  const settings = {
    ...{ username: 'ringside', password: 'the secret of the CRM' },
    ...{ endpoint: 'https://acme.example/', detailsLink: 'https://acme.example/' },
  };
  await send(`/api/v1/connections/${connection.id}`, { settings }, 'PUT');
  const hook: { phoneSystem: { id: string } } = (await send('/api/v1/phone-systems', {
    name: 'Hook',
    kind: 'webhook',
  }))!;
  const signed = { name: 'Hook', hmacSecret: 'the secret of the hook' };
  await send(`/api/v1/phone-systems/${hook.phoneSystem.id}`, signed, 'PUT');
  await send('/api/v1/phone-systems', {
    name: 'PBX',
    kind: 'asterisk',
    settings: {
      host: '127.0.0.1',
      port: '5038',
      username: 'm',
      secret: 'the secret of the PBX',
      trunks: 't',
      context: 'c',
    },
  });
  await send('/api/v1/webhooks', {
    name: 'Out',
    url: 'https://hooks.example/',
    events: ['call.ended'],
  });
  const person = { name: 'Bea', email: 'bea@rotate.example', role: 'agent', plan: null };
  await send('/api/v1/people', person);
  const provider = {
    issuer: 'https://login.example',
    clientId: 'ringside',
    domains: ['x.example'],
  };
  await send(
    '/api/v1/single-sign-on',
    { ...provider, clientSecret: 'the secret of the IdP' },
    'PUT',
  );
  const started: { uri: string; recoveryCodes: string[] } = (await send(
    '/api/auth/second-factor/start',
    { password },
  ))!;
  ({ recoveryCodes, uri: appUri } = started);
  await send('/api/auth/second-factor/confirm', { code: codeOf(appUri) });
  await hub.close();
}, 120_000);
afterAll(async () => {
  await database.close();
  await rm(dataDir, { recursive: true, force: true });
});

const keyFile = () => join(dataDir, 'ringside.key');
const start = () => startHub(loadConfig(environment), { log: testLog, webFolder: null });
const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');

async function signIn(hub: Hub): Promise<string> {
  const answer = await fetch(`${hub.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  expect(answer.ok).toBe(true);
  return cookiesOf(answer);
}

/** Everything in the database that looks encrypted, wherever it stands. */
async function sealedTexts(): Promise<string[]> {
  return acrossOrganizations(async () => {
    const { rows: tables } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = current_schema() and table_type = 'BASE TABLE'`.execute(database.db);
    const texts: string[] = [];
    // The hashes of passwords look alike and need no key.
    for (const { name } of tables.filter((table) => table.name !== 'account_credential')) {
      const { rows } = await sql<{ row: string }>`
        select to_jsonb(t)::text as row from ${sql.table(name)} t`.execute(database.db);
      for (const { row } of rows)
        texts.push(...(row.match(/v1:[\w-]{30,}|\b[0-9a-f]{100,}\b/g) ?? []));
    }
    return texts.toSorted();
  });
}

/** A hub that starts on what is there lets somebody in by a recovery code, which it can read only with the right key. */
async function provesItself(): Promise<void> {
  const hub = await start();
  try {
    const cookie = await signIn(hub);
    const answer = await fetch(`${hub.url}/api/auth/sign-in/code`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ code: recoveryCodes.pop() }),
    });
    expect(answer.status).toBe(204);
  } finally {
    await hub.close();
  }
}

test('is refused while a hub runs', async () => {
  const hub = await start();
  try {
    await expect(rotateKey({ db: database.db, keyFile: keyFile() })).rejects.toMatchObject({
      code: 'conflict',
      message: 'A hub works on this database.',
    });
  } finally {
    await hub.close();
  }
});

test('every secret is sealed anew, and none is left out', async () => {
  const before = await sealedTexts();
  expect(before.length).toBeGreaterThanOrEqual(7);
  const old = readFileSync(keyFile(), 'utf8');
  // What the refused one left is taken up.
  const next = readFileSync(`${keyFile()}.next`, 'utf8');
  const count = await rotateKey({ db: database.db, keyFile: keyFile() });
  const after = await sealedTexts();
  // The mark of the key itself is not counted.
  expect([after.length, count]).toEqual([before.length, before.length - 1]);
  expect(after.filter((text) => before.includes(text))).toEqual([]);
  expect(readFileSync(keyFile(), 'utf8')).toBe(next);
  expect(readFileSync(`${keyFile()}.previous`, 'utf8')).toBe(old);
  expect(existsSync(`${keyFile()}.next`)).toBe(false);
  expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  await provesItself();
});

test('stopped between database and file: a hub takes the new key, and the next call ends it', async () => {
  const { db } = database;
  const old = readFileSync(keyFile(), 'utf8');
  await rotateKey({ db, keyFile: keyFile() });
  // As if the files had not been changed.
  const { renameSync, copyFileSync } = await import('node:fs');
  renameSync(keyFile(), `${keyFile()}.next`);
  copyFileSync(`${keyFile()}.previous`, keyFile());
  expect(readFileSync(keyFile(), 'utf8')).toBe(old);
  await provesItself();
  expect(await rotateKey({ db, keyFile: keyFile() })).toBe(0);
  expect(readFileSync(keyFile(), 'utf8')).not.toBe(old);
  takeNextKey(keyFile());
  await provesItself();
});

/** Whether the command holds the table that says which key it is. */
async function begun(): Promise<boolean> {
  const { rows } = await sql`
    select from pg_locks l join pg_class c on c.oid = l.relation
    where c.relname = 'key_check' and l.mode = 'AccessExclusiveLock' and l.granted`.execute(
    database.db,
  );
  return rows.length > 0;
}

test('killed with -9 at random moments', async () => {
  const left: string[] = [];
  for (let round = 0; round < kills; round += 1) {
    const args = [join(import.meta.dirname, '../../src/cli.ts'), 'rotate-key'];
    const env = { ...process.env, ...environment };
    const log = openGathered();
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', log.fd] });
    log.close();
    const gone = once(child, 'exit');
    // It has begun to seal; some are killed before it commits, some between that and the change of files, some have ended.
    const running = () => child.exitCode === null && child.signalCode === null;
    while (running() && !(await begun())) await sleep(1);
    await sleep(Math.random() * 60);
    child.kill('SIGKILL');
    await gone;
    left.push(existsSync(`${keyFile()}.next`) ? 'unfinished' : 'finished');
    const key = await keyInUse(database.db, keyFile());
    expect(key).toHaveLength(32);
  }
  console.log(`${kills} kills: ${left.join(', ')}`);
  await provesItself();
  await rotateKey({ db: database.db, keyFile: keyFile() });
  await provesItself();
  expect(existsSync(`${keyFile()}.next`)).toBe(false);
}, 300_000);
