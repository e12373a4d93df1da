import { expect, test } from 'vitest';
import type { HttpResponse } from '../../platform/http-client.ts';
import { CrmError } from '../crm-error.ts';
import { readAnswer } from './answer.ts';
import { basicCredential } from './credential.ts';

const asked = {
  username: 'ringside',
  subject: 'customer_contact',
  now: Date.parse('2026-05-01T12:00:00Z'),
  ...basicCredential('ringside', 'pa"ss word'),
};
const json = { 'content-type': 'application/json;charset=UTF-8' };
const html = { 'content-type': 'text/html;charset=UTF-8' };
const envelope = (message: string, detail: string | null = null) =>
  JSON.stringify({ error: { message, detail }, status: 'failure' });

function failing(status: number, text: string, headers: Record<string, string> = json): CrmError {
  const response: HttpResponse = { status, text, headers };
  try {
    readAnswer(response, asked);
  } catch (error) {
    if (error instanceof CrmError) return error;
    throw error;
  }
  throw new Error('it was taken for a success');
}

test('success: 2xx, JSON, result, no error', () => {
  const response = {
    status: 200,
    text: '{"result":[{"short_description":"Transaction cancelled"}]}',
    headers: { ...json, 'x-total-count': '638' },
  };
  expect(readAnswer(response, asked)).toMatchObject({ total: 638 });
  for (const total of ['', '-1', '1e9', '12abc', '9'.repeat(20)]) {
    expect(
      readAnswer({ ...response, headers: { ...json, 'x-total-count': total } }, asked).total,
    ).toBeNull();
  }
  expect(
    readAnswer({ status: 404, text: envelope('No Record found', 'x'), headers: json }, asked),
  ).toEqual({ result: [], total: 0 });
});

test.each<[string, CrmError, boolean]>([
  [
    'unauthorized',
    failing(401, envelope('User Not Authenticated', 'Required to provide Auth information')),
    false,
  ],
  ['unauthorized', failing(401, ''), false],
  [
    'mfa-required',
    failing(401, envelope('User is not authenticated'), { ...json, 'x-mfa_token': 'invalid' }),
    false,
  ],
  ['csm-inactive', failing(400, envelope('Invalid table sn_customerservice_case')), false],
  ['csm-inactive', failing(400, envelope('x', 'Table csm_consumer does not exist')), false],
  [
    'csm-inactive',
    failing(400, envelope('Requested URI does not represent any resource', '/x')),
    false,
  ],
  [
    'no-access',
    failing(
      403,
      envelope(
        'Insufficient rights to query records',
        'Field(s) present in the query do not have permission to be read',
      ),
    ),
    false,
  ],
  ['no-access', failing(403, envelope('Insufficient rights to query records')), false],
  [
    'no-access',
    failing(403, envelope('User Not Authorized', 'Failed API level ACL Validation')),
    false,
  ],
  ['no-access', failing(403, '<h1>no</h1>', html), false],
  [
    'rate-limited',
    failing(
      429,
      envelope('Rate limit exceeded', 'Rate limit of 100 requests per hour for Table API exceeded'),
    ),
    true,
  ],
  ['rate-limited', failing(429, 'HTTP/1.1 429 Too Many Requests', {}), true],
  [
    'transaction-cancelled',
    failing(500, envelope('Transaction cancelled: maximum execution time exceeded')),
    true,
  ],
  [
    'transaction-cancelled',
    failing(
      200,
      '{"result":[{"a":"b"}],"error":{"message":"Transaction cancelled: maximum execution time exceeded"},"status":"failure"}',
    ),
    true,
  ],
  [
    'transaction-cancelled',
    failing(
      200,
      '{"result":[ {"a":"b"}"" ],"error":{"message":"Transaction cancelled: maximum execution time exceeded","detail":"x"},"status":"failure"}',
    ),
    true,
  ],
  ['dropped', failing(202, ''), true],
  ['maintenance', failing(503, '<h1>maintenance</h1>', html), true],
  ['maintenance', failing(502, '', {}), true],
  ['hibernating', failing(200, '<h1>Your instance is hibernating</h1>', html), false],
  ['not-servicenow', failing(200, '<title>Log in</title>', html), false],
  ['not-servicenow', failing(404, '<h1>404</h1>', html), false],
  ['not-servicenow', failing(302, '', { location: 'https://sso.example/login?token=x' }), false],
  ['not-servicenow', failing(200, '<xml/>', { 'content-type': 'application/xml' }), false],
  ['malformed', failing(200, '', {}), false],
  ['malformed', failing(200, '', json), true],
  ['malformed', failing(200, '{"result":[{"a"'), true],
  ['malformed', failing(200, '[]'), false],
  ['malformed', failing(200, '{}'), false],
  ['malformed', failing(200, '{"result":[],"status":"failure"}'), true],
  ['malformed', failing(200, '{"result":[],"error":"x"}'), true],
  ['malformed', failing(500, envelope('java.lang.NullPointerException')), true],
])('%s: %s', (code, error, retryable) => {
  expect([error.code, error.retryable]).toEqual([code, retryable]);
  expect(error.message).toMatch(/^[A-Z].*[.)'’]$/s);
  expect(error.fix.length).toBeGreaterThan(20);
});

test('Retry-After as seconds or date, else X-RateLimit-Reset', () => {
  const after = (headers: Record<string, string>) => failing(429, '', headers).retryAfter;
  expect(after({ 'retry-after': '120' })).toBe(120);
  // Of a broken gateway, or a clock that is a day ahead: nothing waits for longer than ServiceNow's own hour.
  expect(after({ 'retry-after': '999999999' })).toBe(3600);
  expect(after({ 'retry-after': 'Fri, 01 May 2099 12:00:30 GMT' })).toBe(3600);
  expect(after({ 'retry-after': 'Fri, 01 May 2026 12:00:30 GMT' })).toBe(30);
  expect(after({ 'x-ratelimit-reset': String(asked.now / 1000 + 7) })).toBe(7);
  expect(after({ 'retry-after': 'soon' })).toBeNull();
  expect(after({ 'retry-after': 'Fri, 01 May 2020 12:00:30 GMT' })).toBe(0);
});

test('what the instance says is quoted harmless, short and without the password', () => {
  const said = `Basic ${Buffer.from('ringside:pa"ss word').toString('base64')} pa"ss word \u202e\u0000${'x'.repeat(5000)}`;
  for (const error of [
    failing(403, envelope('Insufficient rights', said)),
    failing(500, envelope(said)),
    failing(200, `<title>${said}</title>`, html),
  ]) {
    expect(error.message).not.toMatch(/pa"ss word|\u202e/);
    expect(error.message).not.toContain('\0');
    expect(error.message).not.toContain(Buffer.from('ringside:pa"ss word').toString('base64'));
    expect(error.message.length).toBeLessThan(700);
  }
});

test('a redirect names the other origin and nothing of its query', () => {
  const { message } = failing(302, '', { location: 'https://sso.example/login?token=secret' });
  expect(message).toContain('https://sso.example');
  expect(message).not.toContain('secret');
});

test('an API that is not installed, and one that the user may not call', () => {
  const absent = failing(400, envelope('Requested URI does not represent any resource', '/x'));
  expect(absent).toMatchObject({ code: 'csm-inactive', retryable: false });
  const closed = failing(403, envelope('User Not Authorized', 'Failed API level ACL Validation'));
  expect(closed.code).toBe('no-access');
  expect(closed.fix).toMatch(/snc_platform_rest_api_access/);
});
