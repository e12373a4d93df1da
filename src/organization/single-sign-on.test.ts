import { expect, test } from 'vitest';
import { emailDomain, readIssuer, verifiedEmail } from './single-sign-on.ts';

test('an issuer is https, or this machine; the path of its document is taken off', () => {
  expect(readIssuer(' https://login.example.com/tenant/v2.0 ')).toEqual({
    issuer: 'https://login.example.com/tenant/v2.0',
  });
  expect(readIssuer('https://a.example/.well-known/openid-configuration')).toEqual({
    issuer: 'https://a.example',
  });
  // To the letter: a slash at the end belongs to the name.
  expect(readIssuer('https://acme.auth0.com/')).toEqual({ issuer: 'https://acme.auth0.com/' });
  expect(readIssuer('http://127.0.0.1:3000')).toEqual({ issuer: 'http://127.0.0.1:3000' });
  for (const wrong of [
    'login',
    'http://login.example.com',
    'https://a:b@c.example',
    'https://a.example/?x',
    'file:///etc',
  ])
    expect(readIssuer(wrong), wrong).toHaveProperty('fault');
});

test('only a verified e-mail address counts', () => {
  const email = 'Ada@Acme.example';
  const found = { email: 'ada@acme.example' };
  expect(verifiedEmail({ email, email_verified: true })).toEqual(found);
  expect(verifiedEmail({ email, email_verified: 'true' })).toEqual(found);
  expect(verifiedEmail({ email, xms_edov: '1' })).toEqual(found);
  for (const claims of [
    {},
    { email_verified: false },
    { email_verified: false, xms_edov: true },
    { email_verified: 1 },
  ])
    expect(verifiedEmail({ email, ...claims })).toEqual({ problem: 'email-unverified' });
  for (const claims of [{}, { email: '' }, { email: 7 }, { email: 'ada' }])
    expect(verifiedEmail({ ...claims, email_verified: true })).toEqual({
      problem: 'email-missing',
    });
  expect(emailDomain('x@y@Acme.Example')).toBe('acme.example');
});
