import { expect, test } from 'vitest';
import { parseSource } from './source-file.ts';
import { findViolations } from './violations.ts';

function violationsOf(files: Record<string, string>): string[] {
  return findViolations(Object.entries(files).map(([path, text]) => parseSource(path, text)));
}

test('a tree that keeps the rules passes', () => {
  expect(
    violationsOf({
      'src/platform/database/database.ts':
        "import pg from 'pg'; new pg.Pool({}).query('select 1');",
      'src/platform/config.ts': 'export const path = process.env.PATH;',
      'src/crm/port.ts': 'export interface Port {}',
      'src/crm/registry.ts':
        "import { platform } from './servicenow/platform.ts'; export { platform };",
      'src/crm/servicenow/platform.ts':
        "import type { Port } from '../port.ts'; export const platform: Port = {};",
      'src/desk/store.ts':
        "import { sql } from 'kysely'; export const f = (db) => sql`select 1`.execute(db);",
      'src/desk/contract.ts':
        "import { z } from 'zod'; import type { E } from '../platform/errors.ts'; export const pop = z.string();",
      'src/desk/routes.ts':
        "import fastify from 'fastify'; import { f } from './store.ts'; export { f, fastify };",
      'src/desk/pop.ts': "import type { Port } from '../crm/port.ts'; export type P = Port;",
      'src/commands.ts': "export const demo = () => import('../sandbox/demo-command.ts');",
      'web/src/page.tsx':
        "import { pop } from '../../src/desk/contract.ts'; export const P = () => <p>{pop}</p>;",
    }),
  ).toEqual([]);
});

test.each<[string, string, string]>([
  ['an upper room', 'src/crm/servicenow/client.ts', "import '../../organization/plan.ts';"],
  [
    'an upper room, as a type',
    'src/directory/match.ts',
    "import type { Pop } from '../desk/contract.ts';",
  ],
  [
    'an upper room, lazily',
    'src/directory/match.ts',
    "export const f = () => import('../desk/pop.ts');",
  ],
  ['an upper room, passed on', 'src/directory/match.ts', "export * from '../desk/pop.ts';"],
  [
    'an upper room, as import type',
    'src/directory/match.ts',
    "export type P = import('../desk/contract.ts').Pop;",
  ],
  ['a neighbour on the same floor', 'src/crm/port.ts', "import '../telephony/port.ts';"],
  ['the composition root', 'src/desk/pop.ts', "import '../main.ts';"],
  ['the inside of an adapter', 'src/desk/pop.ts', "import '../crm/servicenow/client.ts';"],
  ['another product', 'src/telephony/asterisk/ami.ts', "import '../freeswitch/esl.ts';"],
  ['a product from the port', 'src/crm/port.ts', "import './servicenow/client.ts';"],
  ['the sandbox', 'src/crm/servicenow/client.ts', "import '../../../sandbox/company.ts';"],
  ['the sandbox, not lazily', 'src/commands.ts', "import '../sandbox/demo-command.ts';"],
  ['a room that is not on the list', 'src/misc/thing.ts', "import '../platform/id.ts';"],
  ['fastify', 'src/desk/pop.ts', "import type { FastifyRequest } from 'fastify';"],
  ['a fastify plugin', 'src/desk/pop.ts', "import { z } from 'fastify-type-provider-zod';"],
  ['the database driver', 'src/desk/pop.ts', "import pg from 'pg';"],
  ['sql', 'src/desk/pop.ts', 'export const f = (db) => sql`select 1`.execute(db);'],
  [
    'sql with a type',
    'src/desk/pop.ts',
    'export const f = (db) => sql<{ n: 1 }>`select 1`.execute(db);',
  ],
  [
    'a query builder',
    'src/desk/routes.ts',
    "export const f = (db) => db.withTables().selectFrom('x').execute();",
  ],
  ['pool.query', 'src/desk/pop.ts', "export const f = (deps) => deps.pool.query('select 1');"],
  ['the environment', 'src/platform/log.ts', 'export const level = process.env.LEVEL;'],
  [
    'the environment, in brackets',
    'src/platform/log.ts',
    "export const level = process.env['LEVEL'];",
  ],
])('%s is refused', (_what, path, text) => {
  expect(violationsOf({ [path]: text, 'src/main.ts': '' })).toHaveLength(1);
});

test('what needs a package of the server stays out of the browser, however far on', () => {
  const violations = violationsOf({
    'web/src/page.tsx': "import '../../src/desk/pop.ts';",
    'src/desk/pop.ts': "import './part.ts';",
    'src/desk/part.ts': "import { readFileSync } from 'node:fs';",
  });
  expect(violations).toEqual([
    'web/src/page.tsx imports src/desk/pop.ts, which needs node:fs: not for the browser.',
  ]);
});

test('a circle of imports is named', () => {
  const [violation, ...others] = violationsOf({
    'src/desk/a.ts': "import './b.ts';",
    'src/desk/b.ts': "import './c.ts';",
    'src/desk/c.ts': "import './a.ts';",
  });
  expect(violation).toBe(
    'A circle of imports: src/desk/a.ts → src/desk/b.ts → src/desk/c.ts → src/desk/a.ts.',
  );
  expect(others).toEqual([]);
});

test('reading nothing is a failure', () => {
  expect(findViolations([])).toHaveLength(1);
});
