import { createHash } from 'node:crypto';
import vendor from 'twilio';
import { describe, expect, test } from 'vitest';
import type { HookRequest } from '../port.ts';
import { twilio } from './twilio.ts';

const { getExpectedTwilioSignature, validateRequest } = vendor;
const receivedAt = new Date('2026-03-01T09:00:00Z');
const token = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';
const url = 'https://hub.example.com/hooks/phone/Token_-1';
const call = {
  CallSid: 'CA2',
  ParentCallSid: 'CA1',
  AccountSid: 'AC1',
  From: '+493012345678',
  To: 'client:101',
  CallStatus: 'ringing',
  Direction: 'outbound-dial',
  CallerName: 'J&J <b>Ünal</b>',
  Timestamp: 'Sun, 01 Mar 2026 08:59:58 +0000',
  SequenceNumber: '1',
};

function request(fields: Record<string, string | string[]>, change: Partial<HookRequest> = {}) {
  const form = new URLSearchParams();
  for (const [name, values] of Object.entries(fields))
    for (const value of [values].flat()) form.append(name, value);
  return {
    url,
    rawBody: Buffer.from(form.toString()),
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-twilio-signature': getExpectedTwilioSignature(token, change.url ?? url, fields),
    },
    secret: token,
    receivedAt,
    ...change,
  };
}
const read = (hook: HookRequest) => twilio.readHook?.(hook);
const refused = expect.objectContaining({ code: 'unauthenticated' });

describe('signed by the library of Twilio', () => {
  test.each([
    ['a form', call, url],
    ['a list with doubles', { ...call, Digits: ['b', 'a', 'b'] }, url],
    ['names that sort by case', { ...call, a: '1', B: '2', Ä: '3' }, url],
    ['a query', call, `${url}?extension=101&x=a%20b`],
  ])('%s', (_name, fields, at) => {
    expect(read(request(fields, { url: at }))).toHaveLength(2);
  });

  test('the proxy hides scheme or port', () => {
    const { headers, ...hook } = request(call, { url: url.replace('.com/', '.com:443/') });
    for (const seen of [url, url.replace('https', 'http'), url.replace('.com/', '.com:80/')])
      expect(read({ ...hook, headers, url: seen })).toHaveLength(2);
    const other = url.replace('hub', 'other');
    expect(() => read({ ...hook, headers, url: other })).toThrow(refused);
  });

  test('a JSON body counts by its hash in the address', () => {
    const rawBody = Buffer.from(JSON.stringify(call));
    const at = `${url}?bodySHA256=${createHash('sha256').update(rawBody).digest('hex')}`;
    const signature = getExpectedTwilioSignature(token, at, {});
    const headers = { 'content-type': 'application/json', 'x-twilio-signature': signature };
    const hook = { url: at, rawBody, headers, secret: token, receivedAt };
    expect(read(hook)).toHaveLength(2);
    const changed = Buffer.from(JSON.stringify({ ...call, From: '+1' }));
    expect(() => read({ ...hook, rawBody: changed })).toThrow(refused);
  });

  test.each([
    ['right', token, '', true],
    ['of another token', 'other', '', false],
    ['longer', token, 'AAAA', false],
  ])('%s: the library decides as we do', (_name, secret, more, taken) => {
    const { headers, ...hook } = request(call);
    const signature = headers['x-twilio-signature'] + more;
    const take = () =>
      read({ ...hook, secret, headers: { ...headers, 'x-twilio-signature': signature } });
    expect(validateRequest(secret, signature, url, call)).toBe(taken);
    if (taken) expect(take()).toHaveLength(2);
    else expect(take).toThrow(refused);
  });
});

describe('refused', () => {
  test.each([
    ['no token stored', { secret: null }],
    ['another token', { secret: 'other' }],
    ['no signature', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['a changed body', { rawBody: Buffer.from('CallSid=CA9') }],
    ['no JSON, unsigned: not even parsed', { headers: {}, rawBody: Buffer.from('{') }],
  ])('%s', (_name, change) => {
    expect(() => read(request(call, change))).toThrow(refused);
  });

  test('an event sent again later', () => {
    const later = new Date(receivedAt.getTime() + 301_000);
    expect(() => read(request(call, { receivedAt: later }))).toThrow(refused);
  });

  test('wrong fields are named', () => {
    const { CallSid: _gone, ...rest } = call;
    expect(() => read(request({ ...rest, CallStatus: 'bored' }))).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        fields: [
          { field: 'CallSid', message: expect.stringMatching(/^is missing/) },
          { field: 'CallStatus', message: expect.stringMatching(/^must be queued/) },
        ],
      }),
    );
  });
});

describe('whose phone a leg is', () => {
  const agentOf = (To: string, query = '') => {
    const facts = read(request({ ...call, To }, { url: url + query })) ?? [];
    return facts.find((fact) => fact.type === 'leg-ringing')?.extension;
  };
  test.each([
    ['client:101', '', '101'],
    ['client:alice', '', 'alice'],
    ['sip:102@acme.sip.twilio.com;transport=tls', '', '102'],
    ['+491711234567', '', null],
    ['+491711234567', '?extension=103', '103'],
    ['+491711234567', '?extension=<script>', null],
    ['sip:+491711234567@acme.sip.twilio.com', '', null],
  ])('%s %s', (To, query, extension) => {
    expect(agentOf(To, query)).toBe(extension);
  });
});
