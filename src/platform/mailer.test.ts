import { expect, test } from 'vitest';
import { toMailFailure } from './mailer.ts';

test('what a mail server says becomes a sentence, and tells whether trying again helps', () => {
  const failures = [
    { code: 'EENVELOPE', responseCode: 550, response: '550 5.1.1 No such user' },
    { code: 'EENVELOPE', responseCode: 452, response: '452 Too many mails' },
    { code: 'EAUTH', responseCode: 535, response: '535 Wrong\r\npassword' },
    { code: 'ESOCKET' },
    { code: 'EDNS' },
  ].map(toMailFailure);
  expect(failures.map(({ final }) => final)).toEqual([true, false, false, false, false]);
  expect(failures.map(({ message }) => message)).toEqual([
    'The mail server refused it: 550 5.1.1 No such user.',
    'The mail server refused it: 452 Too many mails.',
    "The mail server does not accept the hub's user and password: 535 Wrong password.",
    'The mail server did not accept a connection (ESOCKET).',
    'The name of the mail server is not known (EDNS).',
  ]);
});
