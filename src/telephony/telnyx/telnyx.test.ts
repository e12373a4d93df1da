import { generateKeyPairSync, sign } from 'node:crypto';
import { TelnyxWebhook } from 'telnyx/lib/webhooks';
import { describe, expect, test } from 'vitest';
import type { HookRequest } from '../port.ts';
import { telnyx } from './telnyx.ts';

const receivedAt = new Date();
const seconds = Math.floor(receivedAt.getTime() / 1000);
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const key = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
const event = {
  data: {
    id: 'e1',
    event_type: 'call.initiated',
    occurred_at: '2026-03-01T08:59:58.123456Z',
    payload: {
      call_session_id: 's1',
      call_leg_id: 'l1',
      call_control_id: 'v3:x',
      from: '+493012345678',
      to: '+493098765',
      direction: 'incoming',
      state: 'parked',
    },
  },
};

function request(body: object | string = event, at = seconds): HookRequest {
  const rawBody = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const signature = sign(null, Buffer.concat([Buffer.from(`${at}|`), rawBody]), privateKey);
  return {
    url: 'https://hub.example.com/hooks/phone/t',
    rawBody,
    headers: {
      'content-type': 'application/json',
      'telnyx-signature-ed25519': signature.toString('base64'),
      'telnyx-timestamp': String(at),
    },
    secret: key,
    receivedAt,
  };
}
const read = (hook: HookRequest) => telnyx.readHook?.(hook);
const refused = expect.objectContaining({ code: 'unauthenticated' });

/** What the library of Telnyx says. */
async function theirs({ rawBody, headers, secret }: HookRequest): Promise<boolean> {
  try {
    await new TelnyxWebhook(secret ?? '').verify(rawBody.toString(), headers as never);
    return true;
  } catch {
    return false;
  }
}

function ours(hook: HookRequest): boolean {
  try {
    read(hook);
    return true;
  } catch {
    return false;
  }
}

describe('as the library of Telnyx decides', () => {
  const right = request();
  const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  test.each<[string, HookRequest, boolean]>([
    ['right', right, true],
    ['299 seconds old', request(event, seconds - 290), true],
    ['310 seconds old', request(event, seconds - 310), false],
    ['of another key', { ...right, secret: other.subarray(-32).toString('base64') }, false],
    ['a changed body', { ...right, rawBody: Buffer.from(`${right.rawBody.toString()} `) }, false],
    [
      'another time',
      { ...right, headers: { ...right.headers, 'telnyx-timestamp': String(seconds - 1) } },
      false,
    ],
    ['no signature', { ...right, headers: { 'telnyx-timestamp': String(seconds) } }, false],
    ['no time', { ...right, headers: { ...right.headers, 'telnyx-timestamp': undefined } }, false],
    [
      'a short signature',
      { ...right, headers: { ...right.headers, 'telnyx-signature-ed25519': 'AAAA' } },
      false,
    ],
  ])('%s', async (_name, hook, taken) => {
    expect([ours(hook), await theirs(hook)]).toEqual([taken, taken]);
  });
});

test.each([
  ['no key stored', null],
  ['something else stored', 'KEY0123'],
])('%s', (_name, secret) => {
  expect(() => read({ ...request(), secret })).toThrow(refused);
});

test('is verified before it is parsed', () => {
  expect(() => read({ ...request('{'), headers: {} })).toThrow(refused);
  expect(() => read(request('{'))).toThrow(expect.objectContaining({ code: 'invalid-input' }));
});

test('wrong fields are named by their path', () => {
  const { call_session_id: _gone, ...payload } = event.data.payload;
  const body = { data: { ...event.data, payload: { ...payload, direction: 'up' } } };
  expect(() => read(request(body))).toThrow(
    expect.objectContaining({
      fields: [
        { field: 'data.payload.call_session_id', message: expect.stringMatching(/^is missing/) },
        { field: 'data.payload.direction', message: expect.stringMatching(/^must be/) },
      ],
    }),
  );
});

test.each(['fax.received', 'call.dtmf.received', 'constructor', 'call.toString'])(
  '%s tells nothing of a call',
  (event_type) => {
    expect(read(request({ data: { ...event.data, event_type } }))).toEqual([]);
  },
);

test('a call from outside', () => {
  expect(read(request())).toMatchObject([
    { type: 'call-started', call: 's1', direction: 'inbound', from: '+493012345678' },
  ]);
});
