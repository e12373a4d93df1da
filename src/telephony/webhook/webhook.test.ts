import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { RingsideError } from '../../platform/errors.ts';
import type { CallEvent } from '../port.ts';
import { webhook } from './webhook.ts';

const receivedAt = new Date('2026-03-01T09:00:00Z');

function read(
  body: object | string,
  contentType = 'application/json',
  headers = {},
  secret: string | null = null,
): CallEvent[] {
  const rawBody = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const events = webhook.readHook?.({
    url: 'https://hub.example.com/hooks/phone/token',
    rawBody,
    headers: { 'content-type': contentType, ...headers },
    secret,
    receivedAt,
  });
  return events ?? [];
}

function refusal(body: object | string, contentType?: string): RingsideError {
  try {
    read(body, contentType);
  } catch (error) {
    if (error instanceof RingsideError) return error;
  }
  throw new Error('it was taken');
}

const form = 'application/x-www-form-urlencoded; charset=utf-8';
const newCall = { event: 'newCall', callId: 'c1', from: '+4930123', to: '101', direction: 'in' };

describe('what is posted becomes facts', () => {
  test('a call comes in and rings two phones', () => {
    expect(read({ ...newCall, user: ['101', '102'], queue: 'support' })).toEqual([
      {
        type: 'call-started',
        call: 'c1',
        at: receivedAt,
        direction: 'inbound',
        from: '+4930123',
        to: '101',
        queue: 'support',
      },
      { type: 'leg-ringing', call: 'c1', at: receivedAt, leg: '101', extension: '101' },
      { type: 'leg-ringing', call: 'c1', at: receivedAt, leg: '102', extension: '102' },
    ]);
  });

  test.each([
    ['user once', 'user=101', ['101']],
    ['user twice', 'user=101&user=102', ['101', '102']],
    ['user[] twice, one of them twice', 'user%5B%5D=101&user[]=102&user[]=101', ['101', '102']],
    ['nobody', '', []],
  ])('a form with %s', (_name, users, expected) => {
    const events = read(
      `event=newCall&callId=c1&from=%2B4930123&to=101&direction=in&${users}`,
      form,
    );
    expect(events.slice(1).map((event) => 'extension' in event && event.extension)).toEqual(
      expected,
    );
    expect(events[0]).toMatchObject({ from: '+4930123', queue: null });
  });

  test('JSON with user[], numbers as numbers and fields nobody knows', () => {
    const events = read({
      ...newCall,
      callId: 42,
      from: 4930123,
      'user[]': [101],
      xcid: 'x',
      __proto__: 1,
    });
    expect(events).toMatchObject([{ call: '42', from: '4930123' }, { leg: '101' }]);
  });

  test('an agent calls out: the phone placed the call and is not rung', () => {
    expect(read({ ...newCall, direction: 'out', user: '101' })).toMatchObject([
      { type: 'call-started', direction: 'outbound' },
      { type: 'leg-placed', extension: '101' },
    ]);
  });

  test.each([
    ['the user', { user: '101' }, '101'],
    ['the user, not the whole number', { user: ['101'], answeringNumber: '+4940999101' }, '101'],
    [
      'the number when several users are named',
      { user: ['101', '102'], answeringNumber: '102' },
      '102',
    ],
    ['the number alone', { answeringNumber: '102' }, '102'],
    ['nobody', {}, null],
  ])('answered by %s', (_name, who, extension) => {
    expect(read({ event: 'answer', callId: 'c1', ...who })).toEqual([
      { type: 'call-answered', call: 'c1', at: receivedAt, extension },
    ]);
  });

  test('what answer and hangup repeat counts too, empty numbers do not', () => {
    expect(read({ ...newCall, event: 'hangup', from: '', cause: 'noAnswer' })).toEqual([
      {
        type: 'call-started',
        call: 'c1',
        at: receivedAt,
        direction: 'inbound',
        from: null,
        to: '101',
        queue: null,
      },
      { type: 'call-ended', call: 'c1', at: receivedAt, cause: 'no-answer' },
    ]);
  });

  test.each([
    ['normalClearing', 'normal'],
    ['busy', 'busy'],
    ['cancel', 'cancelled'],
    ['noAnswer', 'no-answer'],
    ['congestion', 'congestion'],
    ['notFound', 'not-found'],
    ['forwarded', 'forwarded'],
    [undefined, 'normal'],
  ])('hangup with cause %s', (cause, expected) => {
    expect(read({ event: 'hangup', callId: 'c1', cause })).toMatchObject([{ cause: expected }]);
  });

  test('hostile text is cut and cleaned, never refused', () => {
    const from = `^NQactive=true\u0000\u202e<script>${'9'.repeat(10_000)}`;
    const [started] = read({ ...newCall, from });
    if (started?.type !== 'call-started') throw new Error('no start');
    expect(started.from).toMatch(/^\^NQactive=true<script>9+$/);
    expect(started.from).toHaveLength(256);
  });
});

describe('what is wrong is named', () => {
  test.each([
    ['no event', { ...newCall, event: undefined }, 'event'],
    ['a foreign event', { ...newCall, event: 'dtmf' }, 'event'],
    ['no callId', { ...newCall, callId: undefined }, 'callId'],
    ['an empty callId', { ...newCall, callId: ' ' }, 'callId'],
    ['a long callId', { ...newCall, callId: 'x'.repeat(257) }, 'callId'],
    ['no from', { ...newCall, from: undefined }, 'from'],
    ['from as an object', { ...newCall, from: { $ne: 1 } }, 'from'],
    ['no to', { ...newCall, to: undefined }, 'to'],
    ['a foreign direction', { ...newCall, direction: 'sideways' }, 'direction'],
    ['user as an object', { ...newCall, user: { id: 1 } }, 'user'],
    ['101 users', { ...newCall, user: Array.from({ length: 101 }, String) }, 'user'],
    ['a foreign cause', { event: 'hangup', callId: 'c1', cause: 'bored' }, 'cause'],
    ['half a JSON', '{"event":', 'body'],
    ['a list', '[]', 'body'],
    ['nothing', '', 'body'],
  ])('%s', (_name, body, field) => {
    const error = refusal(body);
    expect(error.code).toBe('invalid-input');
    expect(error.fields.map((wrong) => wrong.field.split('.')[0])).toEqual([field]);
    expect(error.fields[0]?.message).toMatch(/^(is|must|has)/);
  });

  test('every wrong field of a form', () => {
    expect(refusal('event=newCall', form).fields).toEqual(
      ['callId', 'from', 'to', 'direction'].map((field) => ({
        field,
        message: expect.stringMatching(/^is missing/),
      })),
    );
  });
});

describe('signed events', () => {
  const body = JSON.stringify(newCall);
  const signature = (secret: string, of = body) =>
    createHmac('sha256', secret).update(of).digest('hex');
  const signed = (header: string | undefined) => () =>
    read(
      body,
      'application/json',
      header === undefined ? {} : { 'x-ringside-signature': header },
      'secret',
    );

  test('the right signature, bare or with its prefix', () => {
    expect(signed(signature('secret'))()).toHaveLength(1);
    expect(signed(`sha256=${signature('secret').toUpperCase()}`)()).toHaveLength(1);
  });

  test.each([
    ['none', undefined],
    ['of another secret', signature('other')],
    ['of another body', signature('secret', `${body} `)],
    ['cut short', signature('secret').slice(0, 62)],
    ['no hex', 'sha256=zz'],
  ])('%s is refused', (_name, header) => {
    expect(signed(header)).toThrow(expect.objectContaining({ code: 'unauthenticated' }));
  });

  test('is checked before anything is parsed', () => {
    const bad = { url: '', rawBody: Buffer.from('{'), headers: {}, secret: 'secret', receivedAt };
    expect(() => webhook.readHook?.(bad)).toThrow(
      expect.objectContaining({ code: 'unauthenticated' }),
    );
  });
});
