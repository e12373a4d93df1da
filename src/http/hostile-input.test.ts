import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testHub } from './testing.ts';
import type { TestHub } from './testing.ts';

let hub: TestHub;
let admin: Awaited<ReturnType<TestHub['organization']>>;
beforeAll(async () => {
  hub = await testHub();
  admin = await hub.organization('Acme', 'admin@example.com');
});
afterAll(() => hub.close());

interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  fields: string[];
}

/** Every operation of the API with the names of its body's fields, as it describes itself. */
async function operations(): Promise<Operation[]> {
  const { paths } = (await admin.get('/api/openapi.json')).json();
  return Object.entries(paths as Record<string, Record<string, unknown>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => {
        const body = (operation as { requestBody?: { content: Record<string, unknown> } })
          .requestBody?.content['application/json'] as
          | { schema: { properties?: object } }
          | undefined;
        const fields = Object.keys(body?.schema.properties ?? {});
        return { method: method.toUpperCase() as Operation['method'], path, fields };
      }),
  );
}

const nasty = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '\0',
      '\ud800',
      "'; drop table person; --",
      '<script>alert(1)</script>',
      '{{7*7}}',
    ],
    ...['__proto__', 'constructor', '../../etc/passwd', '%00', '\u202e', '1e309', 'x'.repeat(5000)],
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.uuid(),
  fc.emailAddress(),
);

test('nothing that is sent makes a 500', async () => {
  const all = (await operations()).filter(({ path }) => !path.endsWith('/sign-out'));
  expect(all.length).toBeGreaterThan(20);
  const request = fc.record({
    operation: fc.constantFrom(...all),
    parameter: nasty,
    values: fc.array(nasty, { minLength: 12, maxLength: 12 }),
    raw: fc.option(nasty, { freq: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ operation: { method, path, fields }, ...given }) => {
      const text = typeof given.parameter === 'string' ? given.parameter : '7';
      const url = path.replace(/\{\w+\}/g, encodeURIComponent(text.toWellFormed()).slice(0, 400));
      const body =
        given.raw ?? Object.fromEntries(fields.map((field, index) => [field, given.values[index]]));
      const answer = await hub.app.inject({
        method,
        url,
        headers: { cookie: admin.cookie, 'content-type': 'application/json' },
        ...(method === 'GET' || method === 'DELETE' ? {} : { payload: JSON.stringify(body) }),
      });
      expect(answer.statusCode, `${method} ${url} ${answer.body}`).toBeLessThan(500);
      if (answer.statusCode >= 400) {
        expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      }
    }),
    { numRuns: 600 },
  );
  expect((await admin.get('/api/v1/organization')).statusCode).toBe(200);
});
