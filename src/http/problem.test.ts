import { expect, test } from 'vitest';
import { toRingsideError } from './problem.ts';

const lost = [
  ['a server that starts', { severity: 'FATAL', code: '57P03' }],
  ['a server that was killed', { severity: 'FATAL', code: '57P01' }],
  ['nobody at the port', { syscall: 'connect', code: 'ECONNREFUSED' }],
  ['a line that broke', { syscall: 'read', code: 'ECONNRESET' }],
  ['a line that broke under a query', { message: 'Connection terminated unexpectedly' }],
  [
    'a line that had broken before',
    { message: 'Client has encountered a connection error and is not queryable' },
  ],
] as const;

test.each(lost)('%s: the database does not answer, and trying again helps', (_, fault) => {
  expect(toRingsideError(Object.assign(new Error(), fault))).toMatchObject({
    code: 'unavailable',
    retryAfter: 5,
  });
});

test('what nobody knows is told without its words', () => {
  expect(toRingsideError(new Error('the password is hush'))).toMatchObject({
    code: 'internal',
    message: 'Something went wrong in Ringside.',
  });
});
