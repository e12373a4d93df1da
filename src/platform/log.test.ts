import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog('info', { write: (line) => void lines.push(line) }));
  return lines.join('');
}

test.each<[string, object]>([
  ['at the top', { password: 'hush' }],
  ['deep', { connection: { settings: [{ crmPassword: 'hush' }] } }],
  [
    'in headers',
    { req: { headers: { authorization: 'Basic hush', cookie: 'a=hush', 'set-cookie': ['hush'] } } },
  ],
  [
    'under names with other words',
    { newPassword: 'hush', accessToken: 'hush', hmacSecret: 'hush', api_key: 'hush' },
  ],
  ['as an object', { token: { value: 'hush' } }],
  [
    'on an error',
    { err: Object.assign(new Error('no'), { config: { headers: { Authorization: 'hush' } } }) },
  ],
])('a secret %s is not written', (_where, fields) => {
  const line = logged((log) => log.warn(fields, 'said'));
  expect(line).not.toContain('hush');
  expect(line).toContain('"msg":"said"');
});

test('a child keeps its fields and its silence', () => {
  const line = logged((log) => log.child({ organizationId: 'one', token: 'hush' }).info('said'));
  expect(line).toContain('"organizationId":"one"');
  expect(line).not.toContain('hush');
});

test('what helps stays', () => {
  const error = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const line = JSON.parse(
    logged((log) => log.error({ err: error, callId: 7, at: new Date(0) }, 'failed')),
  );
  expect(line).toMatchObject({
    level: 'error',
    msg: 'failed',
    callId: 7,
    at: '1970-01-01T00:00:00.000Z',
    err: { type: 'Error', message: 'refused', code: 'ECONNREFUSED' },
  });
});

test('an object that holds itself does not end the process', () => {
  const loop: Record<string, unknown> = { name: 'loop' };
  loop['self'] = loop;
  expect(logged((log) => log.info({ loop }, 'said'))).toContain('"msg":"said"');
});
