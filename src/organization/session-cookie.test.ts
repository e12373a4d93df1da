import { createHmac } from 'node:crypto';
import { getCookies } from 'better-auth/cookies';
import { expect, test } from 'vitest';
import { accountCookies, cookiePrefix, readSessionToken } from './session-cookie.ts';

const secret = 'a key';
const sign = (token: string, key = secret) =>
  encodeURIComponent(`${token}.${createHmac('sha256', key).update(token).digest('base64')}`);
const read = (header: string) => readSessionToken(header, 'session', secret);

test('takes the token of a signed cookie, wherever it stands', () => {
  expect(read(`session=${sign('abc')}`)).toBe('abc');
  expect(read(`a=b; session=${sign('abc')};c=d`)).toBe('abc');
  expect(read(`notsession=x; session=${sign('with.dots')}`)).toBe('with.dots');
});

test('takes nothing else', () => {
  const good = sign('abc');
  for (const header of [
    '',
    'session=',
    'session',
    'session=abc',
    'session=abc.',
    'session=.sig',
    `session=${sign('abc', 'another key')}`,
    `session=${good.replace('abc', 'abd')}`,
    `session=${good.slice(0, -8)}`,
    `other=${good}`,
    'session=%',
    // The first one of that name counts, as in browsers' order of paths.
    `session=forged.x; session=${good}`,
  ]) {
    expect(read(header), header).toBeNull();
  }
});

test.each([false, true])(
  'cookies have the names that better-auth gives them, secure: %s',
  (secure) => {
    const theirs = getCookies({ advanced: { cookiePrefix, useSecureCookies: secure } });
    const { session, forget, trust } = accountCookies(secure);
    expect(session).toBe(theirs.sessionToken.name);
    expect(forget).toBe(theirs.dontRememberToken.name);
    expect(trust).toBe(theirs.sessionToken.name.replace('session_token', 'trust_device'));
  },
);
