import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/database/testing.ts';
import type { TestDatabase } from '../platform/database/testing.ts';
import { lookupAnswer } from './contract.ts';
import { fillMirror, testCompany } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  const company = await testCompany(database.db);
  await fillMirror(database.db, company, [
    { id: 'ada', name: 'Ada Berg', raw: '(030) 12 34 50', cases: 1 },
  ]);
});
afterAll(() => database.close());

const cli = join(import.meta.dirname, '../../bin/ringside.mjs');

async function ringside(...args: string[]) {
  const { host, port, user, database: name } = database.connection;
  const url = `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host ?? '')}`;
  const env = { PATH: process.env['PATH'], DATABASE_URL: url };
  const run = promisify(execFile)(process.execPath, [cli, 'lookup', ...args], { env });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

test('prints the candidates and their reasons', async () => {
  const { code, stdout } = await ringside('+49 30 123450');
  expect(code).toBe(0);
  expect(stdout).toContain('+49 30 123450');
  expect(stdout).toContain('why: mobile phone of contact Ada Berg, as stored: (030) 12 34 50');
});

test('prints one JSON object and nothing else', async () => {
  const { code, stdout, stderr } = await ringside('030123450', '--json', '--organization', 'Acme');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { match } = lookupAnswer.parse(JSON.parse(stdout));
  expect(match).toMatchObject({ status: 'one', candidates: [{ name: 'Ada Berg' }] });
});

test('nobody is an answer too; a missing number and an unknown organization are not', async () => {
  expect(await ringside('0301111111')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('No match'),
  });
  expect(await ringside()).toMatchObject({ code: 2, stdout: '' });
  expect(await ringside('030', '--organization', 'Nobody')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no organization'),
  });
});
