import { execFileSync } from 'node:child_process';
import { createPublicKey, createVerify, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HookRequest } from '../port.ts';
import { sipgateKey } from './signature.ts';
import { sipgate, sipgateWith } from './sipgate.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const adapter = sipgateWith(publicKey);
const receivedAt = new Date('2026-03-01T09:00:00Z');
const newCall =
  'event=newCall&direction=in&from=4930123456&to=4930987654&callId=c1&origCallId=c1&user%5B%5D=Alice&user%5B%5D=Bob&userId%5B%5D=w0&userId%5B%5D=w12&fullUserId%5B%5D=1234567w0&fullUserId%5B%5D=1234567w12&xcid=x';

function request(body: string, signature?: string): HookRequest {
  const rawBody = Buffer.from(body);
  const header = signature ?? sign('RSA-SHA256', rawBody, privateKey).toString('base64');
  return {
    url: 'https://hub.example.com/hooks/phone/t?a=1&b="2"',
    rawBody,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-sipgate-signature': header },
    secret: null,
    receivedAt,
  };
}
const read = (body: string) => adapter.readHook?.(request(body));
const refused = expect.objectContaining({ code: 'unauthenticated' });

describe('what is posted becomes facts', () => {
  test('a call rings two users', () => {
    expect(read(newCall)).toMatchObject([
      {
        type: 'call-started',
        call: 'c1',
        direction: 'inbound',
        from: '+4930123456',
        to: '+4930987654',
      },
      { type: 'leg-ringing', leg: '0', extension: '0' },
      { type: 'leg-ringing', leg: '12', extension: '12' },
    ]);
  });

  test('a caller who withholds the number', () => {
    const anonymous = newCall.replace('4930123456', 'anonymous');
    expect(read(anonymous)).toMatchObject([{ from: 'anonymous' }, {}, {}]);
  });

  test('who answered', () => {
    const answer =
      'event=answer&callId=c1&user=Alice&userId=w12&fullUserId=1234567w12&answeringNumber=4930987654';
    expect(read(answer)).toMatchObject([{ type: 'call-answered', extension: '12' }]);
    expect(read('event=answer&callId=c1&user=voicemail&answeringNumber=49309')).toMatchObject([
      { extension: null },
    ]);
  });

  test('a redirection is the same call, and its `forwarded` is not the end', () => {
    expect(read('event=hangup&callId=c1&origCallId=c1&cause=forwarded')).toEqual([]);
    const on = newCall.replace('callId=c1', 'callId=c2');
    expect(read(on)).toMatchObject([
      { type: 'call-merged', call: 'c2', into: 'c1' },
      { type: 'call-started', call: 'c1' },
      { call: 'c1' },
      { call: 'c1' },
    ]);
    expect(read('event=hangup&callId=c2&cause=normalClearing')).toMatchObject([
      { type: 'call-ended', call: 'c2', cause: 'normal' },
    ]);
  });
});

test('the answer asks for what comes next, and its address cannot break out', () => {
  const reply = adapter.replyHook?.(request(newCall));
  expect(reply).toEqual({
    contentType: 'application/xml',
    body: expect.stringContaining(
      '<Response onAnswer="https://hub.example.com/hooks/phone/t?a=1&#38;b=&#34;2&#34;" onHangup="https://',
    ),
  });
});

test('wrong fields are named', () => {
  expect(() => read('event=newCall&direction=up')).toThrow(
    expect.objectContaining({
      code: 'invalid-input',
      fields: ['callId', 'from', 'to', 'direction'].map((field) =>
        expect.objectContaining({ field }),
      ),
    }),
  );
});

describe('refused', () => {
  const right = request(newCall);
  test.each<[string, HookRequest]>([
    [
      'another key',
      request(
        newCall,
        sign(
          'RSA-SHA256',
          right.rawBody,
          generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
        ).toString('base64'),
      ),
    ],
    [
      'another hash',
      request(newCall, sign('RSA-SHA1', right.rawBody, privateKey).toString('base64')),
    ],
    ['a changed body', { ...right, rawBody: Buffer.from(`${newCall}&x=1`) }],
    ['no signature', { ...right, headers: {} }],
    ['an empty signature', request(newCall, '')],
  ])('%s', (_name, hook) => {
    expect(() => adapter.readHook?.(hook)).toThrow(refused);
    expect(() => sipgate.readHook?.(hook)).toThrow(refused);
  });
});

test("key and decision are those of sipgate's own library", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-sipgate-'));
  try {
    let source: string;
    try {
      execFileSync('npm', ['pack', 'sipgateio@2.15.1', '--silent'], {
        cwd: folder,
        timeout: 60_000,
      });
      execFileSync('tar', ['xzf', 'sipgateio-2.15.1.tgz'], { cwd: folder });
      source = readFileSync(join(folder, 'package/dist/webhook/signatureVerifier.js'), 'utf8');
    } catch {
      console.warn('SKIPPED: npm cannot fetch sipgateio, so its key is not compared with ours.');
      return context.skip();
    }
    const [theirs = ''] = /-----BEGIN PUBLIC KEY-----[^`]+/.exec(source) ?? [];
    expect(createPublicKey(theirs).equals(sipgateKey)).toBe(true);
    expect(source).toContain("createVerify('RSA-SHA256')");
    const { rawBody, headers } = request(newCall);
    const signature = Buffer.from(String(headers['x-sipgate-signature']), 'base64');
    expect(createVerify('RSA-SHA256').update(rawBody).verify(publicKey, signature)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
