import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import { tokenGenerate, verifySignature } from '@vonage/jwt';
import { describe, expect, test } from 'vitest';
import type { HookRequest } from '../port.ts';
import { vonage } from './vonage.ts';

const receivedAt = new Date();
const iat = Math.floor(receivedAt.getTime() / 1000);
const secret = 'signature-secret-of-the-account-1234567890';
const event = {
  uuid: 'l2',
  conversation_uuid: 'CON-1',
  from: '493012345678',
  to: '101',
  direction: 'outbound',
  status: 'ringing',
  timestamp: '2026-03-01T08:59:58.000Z',
};

const hashOf = (body: string) => createHash('sha256').update(body).digest('hex');

function request(token: (body: string) => string, body: object | string = event): HookRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    url: 'https://hub.example.com/hooks/phone/t',
    rawBody: Buffer.from(text),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token(text)}` },
    secret,
    receivedAt,
  };
}
const claims = (body: string, change: object = {}) => ({
  iat,
  jti: 'j1',
  iss: 'Vonage',
  payload_hash: hashOf(body),
  api_key: 'abc',
  ...change,
});
/** A token as Vonage makes it; its library can only check such a one. */
const signed =
  (change: object = {}, key = secret, hash = '256') =>
  (body: string) => {
    const signing = [{ alg: `HS${hash}`, typ: 'JWT' }, claims(body, change)]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = createHmac(`sha${hash}`, key).update(signing).digest('base64url');
    return `${signing}.${signature}`;
  };
const read = (hook: HookRequest) => vonage.readHook?.(hook);
const refused = expect.objectContaining({ code: 'unauthenticated' });

describe('as the library of Vonage decides', () => {
  test('the right token', () => {
    const hook = request(signed());
    expect(verifySignature(signed()(hook.rawBody.toString()), secret)).toBe(true);
    expect(read(hook)).toMatchObject([{ type: 'leg-ringing', extension: '101' }]);
  });

  test('another secret', () => {
    const token = signed({}, 'other')(JSON.stringify(event));
    expect(verifySignature(token, secret)).toBe(false);
    expect(() => read(request(signed({}, 'other')))).toThrow(refused);
  });

  test('what it lets through and we do not: another body, another algorithm', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const rsa = tokenGenerate(
      'app',
      privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      {},
    );
    expect(verifySignature(rsa, pem)).toBe(true);
    expect(() => read({ ...request(() => rsa), secret: pem })).toThrow(refused);
    const changed = {
      ...request(signed()),
      rawBody: Buffer.from(JSON.stringify({ ...event, to: '102' })),
    };
    expect(() => read(changed)).toThrow(refused);
  });
});

describe('refused', () => {
  const unsigned = (body: string) =>
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims(body))).toString('base64url')}.`;
  test.each<[string, HookRequest]>([
    ['no secret stored', { ...request(signed()), secret: null }],
    ['no token', { ...request(signed()), headers: { 'content-type': 'application/json' } }],
    ['no algorithm', request(unsigned)],
    ['HS512', request(signed({}, secret, '512'))],
    ['no jti', request(signed({ jti: undefined }))],
    ['no payload_hash', request(signed({ payload_hash: undefined }))],
    ['iat long ago', request(signed({ iat: iat - 301 }))],
    ['iat to come', request(signed({ iat: iat + 301 }))],
    ['no JSON, unsigned: not even parsed', { ...request(signed(), '{'), headers: {} }],
  ])('%s', (_name, hook) => {
    expect(() => read(hook)).toThrow(refused);
  });
});

test('wrong fields are named', () => {
  expect(() => read(request(signed(), { ...event, direction: 'up', uuid: {} }))).toThrow(
    expect.objectContaining({
      code: 'invalid-input',
      fields: [
        { field: 'uuid', message: 'must be text' },
        { field: 'direction', message: 'must be inbound or outbound' },
      ],
    }),
  );
});

test('numbers get their plus', () => {
  const inbound = { ...event, direction: 'inbound', to: '493098765432', status: 'started' };
  expect(read(request(signed(), inbound))).toMatchObject([
    { type: 'call-started', from: '+493012345678', to: '+493098765432' },
  ]);
});
