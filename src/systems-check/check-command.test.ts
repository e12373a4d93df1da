import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkStepIds } from '../crm/check-step.ts';
import { company, imitate } from '../crm/servicenow/testing.ts';
import type { Imitation } from '../crm/servicenow/testing.ts';
import { gatherLog, noteSecret } from '../platform/log.testing.ts';

const password = 'S3cret!pw';
noteSecret('password of ringside check', password);
const cli = join(import.meta.dirname, '../../bin/ringside.mjs');
let server: Imitation;
let folder: string;

beforeAll(async () => {
  server = await imitate({ tables: company() });
  folder = await mkdtemp(join(tmpdir(), 'ringside-check-'));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

async function ringside(
  args: string[],
  env: Record<string, string> = { RINGSIDE_PASSWORD: password },
): Promise<Ended> {
  const { RINGSIDE_PASSWORD: _, ...clean } = process.env;
  const child = spawn(process.execPath, [cli, 'check', ...args], {
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end: Ended = { code: null, out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (end.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (end.err += text));
  end.code = await new Promise((done) => child.on('close', done));
  gatherLog(end.err);
  for (const secret of [
    password,
    Buffer.from(`ringside:${password}`).toString('base64'),
    'hunter2',
  ]) {
    expect(end.out + end.err).not.toContain(secret);
  }
  return end;
}

const usual = () => [
  '--endpoint',
  server.url,
  '--details-link',
  server.url,
  '--username',
  'ringside',
];

test('--json prints the report alone: ten steps, counts, exit code 0', async () => {
  const { code, out, err } = await ringside([...usual(), '--json']);
  expect([code, err]).toEqual([0, '']);
  const report = JSON.parse(out) as {
    ok: boolean;
    steps: Record<string, unknown>[];
    counts: unknown;
  };
  expect(Object.keys(report)).toEqual(['ok', 'steps', 'counts']);
  expect(report.ok).toBe(true);
  expect(report.steps.map(({ id }) => id)).toEqual(checkStepIds);
  expect(Object.keys(report.steps[0] ?? {}).toSorted()).toEqual([
    'code',
    'detail',
    'fix',
    'id',
    'ms',
    'status',
    'title',
  ]);
  expect(report.counts).toEqual({ users: 2, customers: 1, contacts: 3, cases: 1 });
});

test('for people it tells each step and what to do; a failed step is exit code 1', async () => {
  const file = join(folder, 'password');
  await writeFile(file, 'wrong\n');
  const { code, out } = await ringside([...usual(), '--password-file', file], {});
  expect(code).toBe(1);
  expect(out).toContain('✗ User name and password are accepted [unauthorized]');
  expect(out).toContain('What to do: In ServiceNow open User Administration > Users');
  expect(out).toContain('1 of 10 steps failed');
});

test('a file gives the password, without its line end', async () => {
  const file = join(folder, 'right');
  await writeFile(file, `${password}\r\n`);
  expect((await ringside([...usual(), '--json', '--password-file', file], {})).code).toBe(0);
});

test('a bad address is a failed step, not a wrong usage', async () => {
  const args = [
    '--endpoint',
    'https://me:hunter2@acme.example/',
    '--details-link',
    'nonsense x',
    '--username',
    'ringside',
    '--json',
  ];
  const { code, out } = await ringside(args);
  expect(code).toBe(1);
  const { ok, steps } = JSON.parse(out) as {
    ok: boolean;
    steps: { status: string; code: string | null }[];
  };
  expect(ok).toBe(false);
  expect([steps[0], steps[9]]).toMatchObject([
    { status: 'fail', code: 'bad-url' },
    { status: 'fail', code: 'bad-url' },
  ]);
});

test.each([
  ['no password', () => usual(), {}],
  ['an empty password', () => usual(), { RINGSIDE_PASSWORD: '' }],
  ['a password file that is not there', () => [...usual(), '--password-file', '/no/such/file'], {}],
  [
    'a password as argument',
    () => [...usual(), '--password', 'hunter2'],
    { RINGSIDE_PASSWORD: password },
  ],
  [
    'a password glued to its option',
    () => [...usual(), '--password=hunter2'],
    { RINGSIDE_PASSWORD: password },
  ],
  ['a missing option', () => ['--endpoint', server.url], { RINGSIDE_PASSWORD: password }],
  ['an unknown option', () => [...usual(), '--nonsense'], { RINGSIDE_PASSWORD: password }],
  ['an empty user name', () => [...usual().slice(0, 5), ''], { RINGSIDE_PASSWORD: password }],
])('%s is wrong usage: exit code 2, nothing on standard output', async (_, args, env) => {
  const { code, out, err } = await ringside([...args(), '--json'], env);
  expect([code, out]).toEqual([2, '']);
  expect(err).not.toBe('');
});
