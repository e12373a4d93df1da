import { expect, test } from 'vitest';
import { servicenow } from './platform.ts';
import { isShown } from '../../platform/setting-field.ts';
import { parseSettings, settingFields } from './settings.ts';

const good = {
  username: 'ringside',
  password: 'pw',
  endpoint: 'https://acme.service-now.com/',
  detailsLink: 'https://acme.service-now.com/',
};

test('the form with Basic has its fields with their names on the screen, one of them secret', () => {
  const basic = settingFields.filter((field) => isShown(field, settingFields, {}));
  expect(basic.map(({ name, title, kind }) => [name, title, kind])).toEqual([
    ['authentication', 'Sign in with', 'choice'],
    ['username', 'CRM Username', 'text'],
    ['password', 'CRM Password', 'secret'],
    ['endpoint', 'Endpoint', 'url'],
    ['detailsLink', 'CRM Details Link', 'url'],
    ['linkStyle', 'Open records in', 'choice'],
    ['logCalls', 'Write calls down as', 'choice'],
  ]);
  expect(servicenow.guide.join(' ')).toMatch(/csm_ws_integration.*Credentials.*not a login/s);
});

test('settings and secrets come back apart', () => {
  expect(parseSettings(good, [])).toEqual({
    ok: true,
    settings: { username: 'ringside', endpoint: good.endpoint, detailsLink: good.detailsLink },
    secrets: { password: 'pw' },
    notes: [],
  });
});

test('an empty secret keeps the stored one, and is missing where none is stored', () => {
  expect(parseSettings({ ...good, password: '' }, ['password'])).toMatchObject({
    ok: true,
    secrets: {},
  });
  expect(parseSettings({ ...good, password: undefined }, ['password'])).toMatchObject({
    ok: true,
    secrets: {},
  });
  expect(parseSettings({ ...good, password: '' }, [])).toEqual({
    ok: false,
    errors: [{ field: 'password', message: 'Enter the CRM Password.' }],
  });
});

test.each([
  ['acme.service-now.com', 'https://acme.service-now.com/', 2],
  ['acme.service-now.com/', 'https://acme.service-now.com/', 1],
  ['  https://ACME.service-now.com  ', 'https://acme.service-now.com/', 1],
  ['https://acme.service-now.com:8443/', 'https://acme.service-now.com:8443/', 0],
  ['http://localhost:8080/', 'http://localhost:8080/', 0],
  ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/', 0],
  ['http://[::1]:8080/', 'http://[::1]:8080/', 0],
  ['localhost:8080', 'http://localhost:8080/', 2],
  ['HTTPS://acme.service-now.com/', 'https://acme.service-now.com/', 0],
])('%s is read as %s with %i notes', (typed, url, notes) => {
  const parsed = parseSettings({ ...good, endpoint: typed }, []);
  expect(parsed).toMatchObject({ ok: true, settings: { endpoint: url } });
  expect(parsed.ok && parsed.notes.length).toBe(notes);
});

test.each([
  ['', /Enter the base URL/],
  ['http://acme.service-now.com/', /https/],
  ['http://localhost.evil.example/', /https/],
  ['http://127.0.0.1.evil.example/', /https/],
  ['https://acme.service-now.com/nav_to.do', /without a path: https:\/\/acme\.service-now\.com\/$/],
  ['https://acme.service-now.com/?x=1', /'\?' or '#'/],
  ['https://acme.service-now.com/#', /'\?' or '#'/],
  ['https://me:hunter2@acme.service-now.com/', /user name or password/],
  ['https://hunter2@acme.service-now.com/', /user name or password/],
  ['ftp://acme.service-now.com/', /Only https/],
  ['javascript:alert(1)', /not a URL|Only https/],
  ['https://', /not a URL/],
  ['https://acme service-now.com/', /no spaces/],
  ['https://acme.service-now.com\\@evil.example/', /no spaces/],
  ['https://acme.service-now.com/\u202e', /invisible/],
  [`https://${'a'.repeat(3000)}.com/`, /too long/],
])('%s is refused', (typed, message) => {
  const parsed = parseSettings({ ...good, detailsLink: typed }, []);
  expect(parsed.ok).toBe(false);
  const errors = parsed.ok ? [] : parsed.errors;
  expect(errors).toEqual([{ field: 'detailsLink', message: expect.stringMatching(message) }]);
  expect(errors[0]?.message).not.toContain('hunter2');
});

test('every wrong field is named at once', () => {
  const parsed = parseSettings(
    { username: 'a:b', password: 'a\nb', endpoint: 5, detailsLink: null, extra: 1 },
    [],
  );
  expect(parsed.ok ? [] : parsed.errors.map(({ field }) => field).toSorted()).toEqual([
    'detailsLink',
    'endpoint',
    'extra',
    'password',
    'username',
  ]);
});

const places = { endpoint: good.endpoint, detailsLink: good.detailsLink };

test('Basic is the first choice and stands for itself', () => {
  expect(settingFields[0]?.choices?.[0]?.value).toBe('basic');
  expect(parseSettings({ ...good, authentication: 'basic' }, [])).toEqual(parseSettings(good, []));
});

test('every choice takes what it offers, and nothing else', () => {
  const styled = parseSettings({ ...good, linkStyle: 'workspace' }, []);
  expect(styled).toMatchObject({ ok: true, settings: { linkStyle: 'workspace' } });
  const usual = parseSettings({ ...good, linkStyle: 'classic' }, []);
  expect(usual).toEqual(parseSettings(good, []));
  const wrong = parseSettings({ ...good, linkStyle: 'basic' }, []);
  expect(wrong).toMatchObject({ ok: false, errors: [{ field: 'linkStyle' }] });
});

test('OAuth and API keys want their own fields, and forget the secrets of another sign-in', () => {
  const client = { ...places, authentication: 'oauth-client', clientId: 'c', clientSecret: 's' };
  expect(parseSettings({ ...client, username: '', password: '' }, ['password'])).toEqual({
    ok: true,
    settings: { ...places, authentication: 'oauth-client', clientId: 'c' },
    secrets: { clientSecret: 's' },
    notes: [],
    unusedSecrets: ['password'],
  });
  const missing = (input: Record<string, string>) => {
    const parsed = parseSettings({ ...places, ...input }, []);
    return parsed.ok ? [] : parsed.errors.map(({ field }) => field);
  };
  expect(missing({ authentication: 'oauth-client' })).toEqual(['clientId', 'clientSecret']);
  expect(missing({ authentication: 'oauth-password' })).toEqual([
    'username',
    'password',
    'clientId',
    'clientSecret',
  ]);
  expect(missing({ authentication: 'api-key' })).toEqual(['apiKey']);
  expect(missing({ authentication: 'saml' })).toContain('authentication');
});
