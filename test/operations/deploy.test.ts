import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeConfig, loadConfig } from '../../src/platform/config.ts';

/** What can be seen of the files for containers, proxies and systemd without running them. */
const root = join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const settings = describeConfig().map(({ name }) => name as string);

const service = z.strictObject({
  build: z.string().optional(),
  image: z.string(),
  init: z.boolean().optional(),
  restart: z.literal('unless-stopped'),
  depends_on: z
    .union([z.array(z.string()), z.record(z.string(), z.object({ condition: z.string() }))])
    .optional(),
  environment: z.record(z.string(), z.string()).optional(),
  command: z.array(z.string()).optional(),
  volumes: z.array(z.string()),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)).optional(),
  stop_grace_period: z
    .string()
    .regex(/^\d+s$/)
    .optional(),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()),
      interval: z.string(),
      timeout: z.string(),
      retries: z.int(),
    })
    .optional(),
});
const compose = z.object({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});

describe.each(['compose.yaml', 'compose.scale.yaml'])('%s', (name) => {
  const file = compose.parse(parse(read(name), { merge: true }));
  const services = Object.entries(file.services);
  const hubs = services.filter(([, one]) => one.image === 'ringside');

  test('names only what is there', () => {
    for (const [, { volumes, depends_on: needed = [], build }] of services) {
      for (const volume of volumes) {
        const from = volume.split(':', 1)[0]!;
        if (from.startsWith('.')) expect(existsSync(join(root, from)), from).toBe(true);
        else expect(file.volumes).toHaveProperty(from);
      }
      for (const other of Array.isArray(needed) ? needed : Object.keys(needed))
        expect(file.services).toHaveProperty(other);
      if (build !== undefined) expect(existsSync(join(root, build, 'Dockerfile'))).toBe(true);
    }
  });

  test('starts hubs with settings that a hub takes, and lets them stop in their own time', () => {
    expect(hubs).toHaveLength(name === 'compose.yaml' ? 1 : 3);
    for (const [, { environment = {}, stop_grace_period: grace = '10s' }] of hubs) {
      const filled = Object.entries(environment).map(([key, value]) => [
        key,
        value.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, _variable, how, rest) =>
          how === '-' ? String(rest) : 'secret',
        ),
      ]);
      const config = loadConfig(Object.fromEntries(filled) as Record<string, string>);
      expect(config.database).toEqual({
        kind: 'server',
        url: 'postgres://ringside:secret@postgres:5432/ringside',
      });
      const { drainSeconds, deadlineSeconds } = config.stop;
      expect(Number.parseInt(grace, 10)).toBeGreaterThan(drainSeconds + deadlineSeconds);
    }
    expect(file.services['postgres']?.environment).toMatchObject({
      POSTGRES_USER: 'ringside',
      POSTGRES_DB: 'ringside',
    });
  });
});

test('the proxy of several nodes knows each of them, and looks at them more often than they drain', () => {
  const file = compose.parse(parse(read('compose.scale.yaml'), { merge: true }));
  const caddy = read('deploy/Caddyfile.scale');
  const nodes = Object.keys(file.services).filter((name) => name.startsWith('node'));
  expect(caddy).toContain(`reverse_proxy ${nodes.map((name) => `${name}:4600`).join(' ')} {`);
  expect(caddy).toContain('flush_interval -1');
  expect(caddy).toContain('health_uri /readyz');
  const interval = Number(/health_interval (\d+)s/.exec(caddy)?.[1]);
  const drain = Number(file.services['node1']?.environment?.['RINGSIDE_DRAIN_SECONDS']);
  expect(drain).toBeGreaterThan(interval * 2);
});

test('the image copies what is there, runs as nobody special and asks /readyz', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n');
  const copied = lines.flatMap(
    (line) => /^COPY (?!--from)(.+) \S+$/.exec(line)?.[1]?.split(' ') ?? [],
  );
  expect(copied).toContain('src');
  const admitted = read('.dockerignore').split('\n');
  for (const path of copied) {
    expect(existsSync(join(root, path)), path).toBe(true);
    expect(admitted, path).toContain(`!${path}`);
  }
  // What the package is made of is in the image.
  const { files } = JSON.parse(read('package.json')) as { files: string[] };
  for (const path of files.filter((one) => !one.startsWith('!'))) expect(copied).toContain(path);
  const names = lines.join('\n').match(/RINGSIDE_[A-Z_]+/g) ?? [];
  for (const name of names) expect(settings).toContain(name);
  expect(lines).toContain('USER ringside');
  expect(lines.find((line) => line.startsWith('HEALTHCHECK'))).toContain('/readyz');
});

test('the unit of systemd gives the hub the time to stop, and its own settings', () => {
  const unit = read('deploy/ringside.service');
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? '';
  const { drainSeconds, deadlineSeconds } = loadConfig({}).stop;
  expect(Number(value('TimeoutStopSec'))).toBeGreaterThan(drainSeconds + deadlineSeconds);
  // Or PostgreSQL would stop at the same time as the hub.
  expect(value('KillMode')).toBe('mixed');
  expect(value('ExecStart')).toBe('/usr/bin/env node bin/ringside.mjs serve');
  for (const name of unit.match(/RINGSIDE_[A-Z_]+/g) ?? []) expect(settings).toContain(name);
});

test('the guide builds the web app as the image does, with the Node that npm brought', () => {
  const guide = read('docs/operations.md').split('### By systemd')[1]!.split('###', 1)[0]!;
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  // An older Node on the PATH runs no TypeScript; npm puts its own first.
  expect(guide).not.toMatch(/\bnode \S+\.ts/);
  expect(guide).toContain('npm run build:web');
  expect(scripts['build:web']).toBe('node src/http/bundle-web.ts . web/dist');
  expect(read('Dockerfile')).toMatch(/node src\/http\/bundle-web\.ts \/\S+ \/\S+\/web\/dist\b/);
});

test('nginx passes the stream on as it comes, and says who asks', () => {
  const nginx = read('deploy/nginx.conf');
  for (const line of [
    'proxy_buffering off;',
    'proxy_set_header X-Forwarded-For $remote_addr;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
    'proxy_set_header Host $host;',
  ])
    expect(nginx).toContain(line);
  expect(nginx.match(/\{/g)?.length).toBe(nginx.match(/\}/g)?.length);
});
