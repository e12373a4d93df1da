import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RingsideError } from '../platform/errors.ts';
import type { CallEvent, PhoneEvent } from '../telephony/port.ts';
import { phoneSystemKind } from '../telephony/registry.ts';
import { sipgateWith } from '../telephony/sipgate/sipgate.ts';
import { rang } from './call.ts';
import type { Call } from './call.ts';
import { createLedger } from './ledger.ts';

/*
 * Whole calls as the platforms post them, one event by one, and what they fold into: in order, shuffled and with every event
 * twice. Signed as the platform signs.
 */

const now = new Date('2026-03-01T09:00:00Z');
const hub = 'https://hub.example.com/hooks/phone/t';

/** One posted event: its fields and the query of the address that it was posted to. */
type Posted = [fields: object, query?: string];

interface Vendor {
  secret: string;
  pack(fields: object, url: string): { rawBody: Buffer; headers: Record<string, string> };
}

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const sipgate = sipgateWith(rsa.publicKey);
const vendors: Record<string, Vendor> = {
  sipgate: {
    secret: '',
    pack(fields) {
      const form = new URLSearchParams();
      for (const [name, values] of Object.entries(fields as Record<string, string | string[]>))
        for (const value of [values].flat()) form.append(name, value);
      const rawBody = Buffer.from(form.toString());
      return {
        rawBody,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-sipgate-signature': sign('RSA-SHA256', rawBody, rsa.privateKey).toString('base64'),
        },
      };
    },
  },
  twilio: {
    secret: 'token',
    pack(fields, url) {
      const names = Object.entries(fields as Record<string, string>).toSorted(([a], [b]) =>
        a < b ? -1 : 1,
      );
      const signed = url + names.map(([name, value]) => name + value).join('');
      return {
        rawBody: Buffer.from(new URLSearchParams(names).toString()),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': createHmac('sha1', 'token').update(signed).digest('base64'),
        },
      };
    },
  },
  telnyx: {
    secret: publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64'),
    pack(fields) {
      const rawBody = Buffer.from(JSON.stringify(fields));
      const time = String(now.getTime() / 1000);
      const signature = sign(null, Buffer.concat([Buffer.from(`${time}|`), rawBody]), privateKey);
      return {
        rawBody,
        headers: {
          'telnyx-timestamp': time,
          'telnyx-signature-ed25519': signature.toString('base64'),
        },
      };
    },
  },
  vonage: {
    secret: 'secret',
    pack(fields) {
      const rawBody = Buffer.from(JSON.stringify(fields));
      const payload_hash = createHash('sha256').update(rawBody).digest('hex');
      const signing = [{ alg: 'HS256' }, { iat: now.getTime() / 1000, jti: 'j', payload_hash }]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      const signature = createHmac('sha256', 'secret').update(signing).digest('base64url');
      return {
        rawBody,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${signing}.${signature}`,
        },
      };
    },
  },
};

/** The facts of one event. */
function read(kind: string, [fields, query = '']: Posted): CallEvent[] {
  const vendor = vendors[kind];
  if (vendor === undefined) throw new Error(kind);
  const url = hub + query;
  const hook = { url, secret: vendor.secret, receivedAt: now, ...vendor.pack(fields, url) };
  const adapter = kind === 'sipgate' ? sipgate : phoneSystemKind(kind);
  return adapter?.readHook?.(hook) ?? [];
}

function fold(batches: PhoneEvent[][]) {
  const ledger = createLedger();
  for (const event of batches.flat()) ledger.receive(event);
  return ledger.calls().map(brief);
}

function brief(call: Call) {
  const { direction, from, to, queue, result, answeredBy, held, recording } = call;
  return {
    direction,
    from,
    to,
    queue,
    result,
    answeredBy,
    rang: rang(call).toSorted(),
    held,
    recording,
  };
}

const usual = { queue: null, held: false, recording: null };

const at = (second: number) => new Date(now.getTime() - 60_000 + second * 1000);
const caller = '+493012345678';
const did = '+493098765432';

const twilioCall = (leg: string, second: number, CallStatus: string, more: object = {}) => ({
  CallSid: leg,
  From: caller,
  To: did,
  Direction: 'inbound',
  CallStatus,
  Timestamp: at(second).toUTCString(),
  ...more,
});
const twilioChild = (leg: string, second: number, CallStatus: string, To: string, more = {}) =>
  twilioCall(leg, second, CallStatus, {
    ParentCallSid: 'CA1',
    Direction: 'outbound-dial',
    To,
    ...more,
  });
const fromTwilio: [string, Posted[], object][] = [
  [
    'twilio: two agents ring, one answers, the other is cancelled',
    [
      [twilioCall('CA1', 0, 'ringing')],
      [twilioChild('CA2', 1, 'initiated', 'client:101')],
      [twilioChild('CA2', 1, 'ringing', 'client:101')],
      [twilioChild('CA3', 1, 'ringing', '+491711111111'), '?extension=102'],
      [twilioChild('CA2', 4, 'in-progress', 'client:101')],
      [twilioChild('CA3', 4, 'canceled', '+491711111111'), '?extension=102'],
      [twilioChild('CA2', 20, 'completed', 'client:101')],
      [twilioCall('CA1', 20, 'completed', { RecordingSid: 'RE1' })],
    ],
    {
      direction: 'inbound',
      from: caller,
      to: did,
      result: 'answered',
      answeredBy: '101',
      rang: ['101', '102'],
      recording: 'RE1',
    },
  ],
  [
    "twilio: busy; of the caller's leg only the end is told",
    [
      [twilioChild('CA2', 1, 'ringing', 'sip:101@acme.sip.twilio.com')],
      [twilioChild('CA2', 2, 'busy', 'sip:101@acme.sip.twilio.com')],
      [twilioCall('CA1', 9, 'completed')],
    ],
    {
      direction: 'inbound',
      from: caller,
      to: did,
      result: 'busy',
      answeredBy: null,
      rang: ['101'],
    },
  ],
  [
    'twilio: click-to-call rings the agent, then dials',
    [
      [twilioCall('CA1', 0, 'ringing', { Direction: 'outbound-api', From: did, To: 'client:101' })],
      [
        twilioCall('CA1', 2, 'in-progress', {
          Direction: 'outbound-api',
          From: did,
          To: 'client:101',
        }),
      ],
      [twilioChild('CA2', 3, 'ringing', caller, { From: did })],
      [twilioChild('CA2', 5, 'in-progress', caller, { From: did })],
      [twilioChild('CA2', 15, 'completed', caller, { From: did })],
      [
        twilioCall('CA1', 15, 'completed', {
          Direction: 'outbound-api',
          From: did,
          To: 'client:101',
        }),
      ],
    ],
    {
      direction: 'outbound',
      from: '101',
      to: caller,
      result: 'answered',
      answeredBy: '101',
      rang: ['101'],
    },
  ],
];

const telnyxCall = (event: string, leg: string, second: number, more: object = {}): Posted => [
  {
    data: {
      id: `${event}-${leg}`,
      event_type: `call.${event}`,
      occurred_at: at(second).toISOString(),
      payload: {
        call_session_id: 's1',
        call_leg_id: leg,
        from: caller,
        to: did,
        direction: 'incoming',
        ...more,
      },
    },
  },
];
const agent = { direction: 'outgoing', to: 'sip:101@sip.telnyx.com' };
const fromTelnyx: [string, Posted[], object][] = [
  [
    'telnyx: queue, ring, answer, hold, end',
    [
      telnyxCall('initiated', 'l1', 0),
      telnyxCall('answered', 'l1', 1),
      telnyxCall('enqueued', 'l1', 1, { queue: 'support' }),
      telnyxCall('initiated', 'l2', 2, agent),
      telnyxCall('answered', 'l2', 5, agent),
      telnyxCall('bridged', 'l2', 5, agent),
      telnyxCall('hold', 'l2', 8, agent),
      telnyxCall('unhold', 'l2', 9, agent),
      telnyxCall('hangup', 'l2', 20, { ...agent, hangup_cause: 'normal_clearing' }),
      telnyxCall('hangup', 'l1', 20, { hangup_cause: 'normal_clearing' }),
    ],
    {
      direction: 'inbound',
      from: caller,
      to: did,
      queue: 'support',
      result: 'answered',
      answeredBy: '101',
      rang: ['101'],
      held: true,
    },
  ],
  [
    'telnyx: the caller gives up',
    [
      telnyxCall('initiated', 'l1', 0),
      telnyxCall('initiated', 'l2', 2, agent),
      telnyxCall('hangup', 'l2', 9, { ...agent, hangup_cause: 'originator_cancel' }),
      telnyxCall('hangup', 'l1', 9, { hangup_cause: 'originator_cancel' }),
    ],
    {
      direction: 'inbound',
      from: caller,
      to: did,
      result: 'abandoned',
      answeredBy: null,
      rang: ['101'],
    },
  ],
  [
    'telnyx: declined',
    [
      telnyxCall('initiated', 'l1', 0),
      telnyxCall('initiated', 'l2', 2, agent),
      telnyxCall('hangup', 'l2', 9, { ...agent, hangup_cause: 'call_rejected' }),
      telnyxCall('hangup', 'l1', 9, { hangup_cause: 'normal_clearing' }),
    ],
    {
      direction: 'inbound',
      from: caller,
      to: did,
      result: 'declined',
      answeredBy: null,
      rang: ['101'],
    },
  ],
];

const vonageCall = (status: string, uuid: string, second: number, more: object = {}): Posted => [
  {
    conversation_uuid: 'CON-1',
    uuid,
    status,
    timestamp: at(second).toISOString(),
    from: '493012345678',
    to: '493098765432',
    direction: 'inbound',
    ...more,
  },
];
const phone = { direction: 'outbound', to: '101' };
const fromVonage: [string, Posted[], object][] = [
  [
    'vonage: ringing comes before started, answered, end',
    [
      vonageCall('ringing', 'l1', 0),
      vonageCall('started', 'l1', 0),
      vonageCall('answered', 'l1', 1),
      vonageCall('ringing', 'l2', 2, phone),
      vonageCall('started', 'l2', 2, phone),
      vonageCall('answered', 'l2', 5, phone),
      vonageCall('completed', 'l2', 20, phone),
      vonageCall('completed', 'l1', 20),
    ],
    {
      direction: 'inbound',
      from: caller,
      to: did,
      result: 'answered',
      answeredBy: '101',
      rang: ['101'],
    },
  ],
  [
    'vonage: the leg moves to another conversation, which is the same call',
    [
      vonageCall('started', 'l1', 0),
      [
        {
          status: 'transfer',
          uuid: 'l1',
          timestamp: at(2).toISOString(),
          conversation_uuid_from: 'CON-1',
          conversation_uuid_to: 'CON-2',
        },
      ],
      vonageCall('ringing', 'l2', 3, { ...phone, conversation_uuid: 'CON-2' }),
      vonageCall('unanswered', 'l2', 20, { ...phone, conversation_uuid: 'CON-2' }),
      vonageCall('completed', 'l1', 25, { conversation_uuid: 'CON-2' }),
    ],
    {
      direction: 'inbound',
      from: caller,
      to: did,
      result: 'missed',
      answeredBy: null,
      rang: ['101'],
    },
  ],
];

const sipgateCall = (event: string, callId: string, more: object = {}): Posted => [
  { event, callId, direction: 'in', from: '493012345678', to: '493098765432', ...more },
];
const rings = (...users: string[]) => ({ 'fullUserId[]': users.map((user) => `123w${user}`) });
const fromSipgate: [string, Posted[], object][] = [
  [
    'sipgate: two users ring, one answers',
    [
      sipgateCall('newCall', 's1', rings('1', '2')),
      sipgateCall('answer', 's1', { fullUserId: '123w2', answeringNumber: '49309' }),
      sipgateCall('hangup', 's1', { cause: 'normalClearing' }),
    ],
    {
      direction: 'inbound',
      from: caller,
      to: did,
      result: 'answered',
      answeredBy: '2',
      rang: ['1', '2'],
    },
  ],
  [
    'sipgate: nobody lifts, the call is forwarded under another id, and there somebody does',
    [
      sipgateCall('newCall', 's1', { ...rings('1'), origCallId: 's1' }),
      sipgateCall('hangup', 's1', { cause: 'forwarded' }),
      sipgateCall('newCall', 's2', { ...rings('2'), origCallId: 's1' }),
      sipgateCall('answer', 's2', { fullUserId: '123w2' }),
      sipgateCall('hangup', 's2', { cause: 'normalClearing' }),
    ],
    {
      direction: 'inbound',
      from: caller,
      to: did,
      result: 'answered',
      answeredBy: '2',
      rang: ['1', '2'],
    },
  ],
];

describe.each([
  ...fromSipgate.map((row) => ['sipgate', ...row] as const),
  ...fromTwilio.map((row) => ['twilio', ...row] as const),
  ...fromTelnyx.map((row) => ['telnyx', ...row] as const),
  ...fromVonage.map((row) => ['vonage', ...row] as const),
])('%s', (kind, title, posted, expected) => {
  const batches = posted.map((event) => read(kind, event));

  test(`${title}: in order, and every event twice`, () => {
    expect(fold(batches)).toEqual([{ ...usual, ...expected }]);
    expect(fold(batches.flatMap((batch) => [batch, batch]))).toEqual([{ ...usual, ...expected }]);
  });

  // The end of a conversation that nobody has yet said to be part of another is only the end of that part.
  const orderFree = !batches.flat().some((event) => event.type === 'call-merged');
  if (!orderFree) return;

  test(`${title}: in any order`, () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(batches, { minLength: batches.length }), (shuffled) => {
        expect(fold(shuffled)).toEqual([{ ...usual, ...expected }]);
      }),
      { numRuns: 200 },
    );
  });
});

describe.each(Object.keys(vendors))('%s', (kind) => {
  const samples = {
    sipgate: fromSipgate,
    twilio: fromTwilio,
    telnyx: fromTelnyx,
    vonage: fromVonage,
  };
  const events = samples[kind as keyof typeof samples].flatMap(([, posted]) => posted);

  test('whatever stands in a field is taken or refused by name, and no text goes on as it came', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom(
        '\u0000',
        '<script>',
        '^NQ',
        '__proto__',
        'constructor',
        '\u202e',
        '9'.repeat(5000),
      ),
      ...(kind === 'sipgate' || kind === 'twilio' ? [] : [fc.jsonValue()]),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...events),
        fc.nat(),
        hostile,
        ([fields, query], place, value) => {
          const text = JSON.stringify(withField(fields, place, value));
          try {
            const facts = read(kind, [JSON.parse(text) as object, query ?? '']);
            expect(JSON.stringify(facts)).not.toMatch(/\\u0000|\u202e/);
            expect(JSON.stringify(facts).length).toBeLessThan(8_000);
          } catch (error) {
            if (!(error instanceof RingsideError)) throw error;
            expect(['invalid-input', 'unauthenticated']).toContain(error.code);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** The fields with one of them, however deep, replaced. */
function withField(fields: object, place: number, value: unknown): object {
  const names = Object.keys(fields);
  const name = names[place % names.length] ?? '';
  const held = (fields as Record<string, unknown>)[name];
  const isDeep = typeof held === 'object' && held !== null && !Array.isArray(held);
  return {
    ...fields,
    [name]: isDeep ? withField(held, Math.floor(place / names.length), value) : value,
  };
}
