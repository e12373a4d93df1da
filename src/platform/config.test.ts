import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkPassword, describeConfig, loadConfig } from './config.ts';
import { settingsMarkdown } from './config-table.ts';
import type { Environment } from './config-schema.ts';
import { RingsideError } from './errors.ts';
import { usualPhoneNetworks } from './outbound.ts';

function problemsOf(env: Environment): Record<string, string> {
  try {
    loadConfig(env);
  } catch (error) {
    if (!(error instanceof RingsideError)) throw error;
    return Object.fromEntries(error.fields.map(({ field, message }) => [field, message]));
  }
  return {};
}

test('an empty environment is a working hub', () => {
  expect(loadConfig({ PATH: '/bin:/usr/bin', RINGSIDE_PORT: '' })).toEqual({
    dataDir: resolve('data'),
    host: '127.0.0.1',
    port: 4600,
    publicUrl: null,
    trustProxy: false,
    database: { kind: 'embedded', postgresBin: null, searchPath: ['/bin', '/usr/bin'] },
    keyFile: resolve('data/ringside.key'),
    outbound: { allowed: ['127.0.0.0/8', '::1'], phoneNetworks: usualPhoneNetworks },
    mail: null,
    logLevel: 'info',
    metrics: { listen: null, token: null, open: true },
    stop: { drainSeconds: 0, deadlineSeconds: 25 },
    firstAdministrator: null,
  });
});

test('every setting arrives', () => {
  const config = loadConfig({
    RINGSIDE_DATA_DIR: '/srv/ringside',
    RINGSIDE_HOST: '::',
    RINGSIDE_PORT: '0',
    RINGSIDE_PUBLIC_URL: 'https://ringside.example.com/',
    RINGSIDE_TRUST_PROXY: '10.0.0.0/8, 192.168.1.7',
    DATABASE_URL: 'postgresql://me:hush@db/ringside',
    RINGSIDE_KEY_FILE: '/run/secrets/key',
    RINGSIDE_ALLOW_PRIVATE: '10.1.0.0/16, crm.intern.example,::1',
    RINGSIDE_PHONE_NETWORKS: 'none',
    RINGSIDE_LOG_LEVEL: 'debug',
    RINGSIDE_METRICS_LISTEN: '[::1]:9464',
    RINGSIDE_METRICS_TOKEN: 'sixteen signs long',
    RINGSIDE_DRAIN_SECONDS: '5',
    RINGSIDE_STOP_SECONDS: '60',
    RINGSIDE_ADMIN_EMAIL: 'Ada@Example.com',
    RINGSIDE_ADMIN_PASSWORD: 'correct horse battery',
    RINGSIDE_ORGANIZATION: 'Example',
    RINGSIDE_COUNTRY: 'de',
    RINGSIDE_TIME_ZONE: 'Europe/Berlin',
    RINGSIDE_SMTP_URL: 'smtps://hub:secret@smtp.example.com',
    RINGSIDE_MAIL_FROM: 'Ringside <ringside@example.com>',
  });
  expect(config).toEqual({
    dataDir: '/srv/ringside',
    host: '::',
    port: 0,
    publicUrl: 'https://ringside.example.com',
    trustProxy: ['10.0.0.0/8', '192.168.1.7'],
    database: { kind: 'server', url: 'postgresql://me:hush@db/ringside' },
    keyFile: '/run/secrets/key',
    outbound: { allowed: ['10.1.0.0/16', 'crm.intern.example', '::1'], phoneNetworks: [] },
    mail: {
      smtpUrl: 'smtps://hub:secret@smtp.example.com',
      from: 'Ringside <ringside@example.com>',
      origin: 'https://ringside.example.com',
    },
    logLevel: 'debug',
    metrics: { listen: { host: '::1', port: 9464 }, token: 'sixteen signs long', open: false },
    stop: { drainSeconds: 5, deadlineSeconds: 60 },
    firstAdministrator: {
      email: 'ada@example.com',
      password: 'correct horse battery',
      organizationName: 'Example',
      country: 'DE',
      timeZone: 'Europe/Berlin',
    },
  });
});

test('a hub that others reach calls nothing on this machine unless told', () => {
  expect(loadConfig({ RINGSIDE_HOST: '0.0.0.0' }).outbound.allowed).toEqual([]);
  expect(loadConfig({ RINGSIDE_PUBLIC_URL: 'https://a.example/' }).outbound.allowed).toEqual([]);
  expect(loadConfig({ RINGSIDE_ALLOW_PRIVATE: 'none' }).outbound.allowed).toEqual([]);
});

test.each<[string, string, unknown]>([
  ['true', 'trustProxy', true],
  ['false', 'trustProxy', false],
  ['2', 'trustProxy', 2],
])('trust proxy %s', (value, key, expected) => {
  expect(loadConfig({ RINGSIDE_TRUST_PROXY: value })).toMatchObject({ [key]: expected });
});

test('every problem is told at once, each with its mend, no secret with it', () => {
  const problems = problemsOf({
    RINGSIDE_PORT: '99999',
    RINGSIDE_HOST: 'not a host',
    RINGSIDE_PUBLIC_URL: 'https://example.com/ringside?x',
    RINGSIDE_TRUST_PROXY: 'everyone',
    RINGSIDE_LOG_LEVEL: 'loud',
    DATABASE_URL: 'mysql://me:hush@db/x',
    RINGSIDE_ADMIN_EMAIL: 'nobody',
    RINGSIDE_ADMIN_PASSWORD: 'hush',
    RINGSIDE_COUNTRY: 'ZX',
    RINGSIDE_TIME_ZONE: 'Mars/Olympus',
    RINGSIDE_PROT: '1',
    RINGSIDE_ENTIRELY_OTHER: '1',
  });
  expect(problems).toEqual({
    RINGSIDE_PORT:
      "'99999' is not right. It must be a whole number from 0 to 65535 (0 takes any free port).",
    RINGSIDE_HOST:
      "'not a host' is not right. It must be an IP address or a host name, such as 127.0.0.1 or 0.0.0.0.",
    RINGSIDE_PUBLIC_URL:
      "'https://example.com/ringside?x' is not right. It must be http:// or https:// and a host, without a path, such as https://ringside.example.com.",
    RINGSIDE_TRUST_PROXY:
      "'everyone' is not right. It must be true, false, a number of hops, or addresses such as 10.0.0.0/8,192.168.1.7.",
    RINGSIDE_LOG_LEVEL:
      "'loud' is not right. It must be one of fatal, error, warn, info, debug, trace, silent.",
    DATABASE_URL: 'The value is not right. It must be postgres://user:password@host:5432/database.',
    RINGSIDE_ADMIN_EMAIL: "'nobody' is not right. It must be an e-mail address.",
    RINGSIDE_ADMIN_PASSWORD: 'The value is not right. It must be 12 to 128 characters long.',
    RINGSIDE_COUNTRY: "'ZX' is not right. It must be a two-letter country code, such as DE or US.",
    RINGSIDE_TIME_ZONE:
      "'Mars/Olympus' is not right. It must be a name of the time zone database, such as Europe/Berlin.",
    RINGSIDE_PROT: 'No such setting. Did you mean RINGSIDE_PORT?',
    RINGSIDE_ENTIRELY_OTHER: 'No such setting. Remove it; `ringside serve --help` lists them all.',
  });
});

test('e-mail and password of the first administrator belong together', () => {
  expect(problemsOf({ RINGSIDE_ADMIN_EMAIL: 'ada@example.com' })).toEqual({
    RINGSIDE_ADMIN_PASSWORD:
      'Missing: RINGSIDE_ADMIN_EMAIL needs it. Set both, or neither to use the set-up page.',
  });
  expect(Object.keys(problemsOf({ RINGSIDE_ADMIN_PASSWORD: 'correct horse battery' }))).toEqual([
    'RINGSIDE_ADMIN_EMAIL',
  ]);
});

test('a mail server needs a sender and an address for links', () => {
  const wrong = problemsOf({ RINGSIDE_SMTP_URL: 'smtp://localhost' });
  expect(Object.keys(wrong)).toEqual(['RINGSIDE_MAIL_FROM', 'RINGSIDE_PUBLIC_URL']);
  const misspelt = problemsOf({ RINGSIDE_SMTP_URL: 'localhost:25', RINGSIDE_MAIL_FROM: 'x' });
  expect(JSON.stringify(misspelt)).not.toContain('localhost:25');
});

test('a secret may come from a file, but not from two places', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'url');
  writeFileSync(file, 'postgres://db/ringside\n');
  expect(loadConfig({ DATABASE_URL_FILE: file }).database).toEqual({
    kind: 'server',
    url: 'postgres://db/ringside',
  });
  expect(problemsOf({ DATABASE_URL_FILE: file, DATABASE_URL: 'postgres://db/other' })).toEqual({
    DATABASE_URL_FILE: 'DATABASE_URL is set as well. Keep one of the two.',
  });
  expect(problemsOf({ DATABASE_URL_FILE: join(folder, 'none') })).toEqual({
    DATABASE_URL_FILE: `'${join(folder, 'none')}' cannot be read (ENOENT). Name a readable file.`,
  });
  expect(checkPassword({ RINGSIDE_PASSWORD_FILE: file })).toBe('postgres://db/ringside');
  expect(checkPassword({ RINGSIDE_PASSWORD: 'hush', DATABASE_URL_FILE: '/none' })).toBe('hush');
  expect(checkPassword({ RINGSIDE_PASSWORD: '' })).toBe(null);
  expect(problemsOf({ RINGSIDE_PORT_FILE: file })).toEqual({
    RINGSIDE_PORT_FILE: 'No such setting. Set RINGSIDE_PORT itself; it does not come from a file.',
  });
});

test('the documentation has every setting as the schema says it', () => {
  const document = join(import.meta.dirname, '../../docs/configuration.md');
  expect(readFileSync(document, 'utf8')).toContain(settingsMarkdown());
  for (const { help } of describeConfig()) expect(help).toMatch(/\.$/);
});
