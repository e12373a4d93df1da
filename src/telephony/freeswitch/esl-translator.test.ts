import { describe, expect, test } from 'vitest';
import type { PhoneEvent } from '../port.ts';
import { createEslTranslator } from './esl-translator.ts';

/* What no recording holds: pickup, parking, a call sent elsewhere by uuid_transfer, a queue that the caller leaves. */

let second = 1_795_447_000;
function event(name: string, fields: Record<string, string> = {}) {
  second += 1;
  return {
    fields: new Map(
      Object.entries({ 'Event-Name': name, 'Event-Date-Timestamp': `${second}000000`, ...fields }),
    ),
    body: '',
  };
}

const leg = (
  id: string,
  address: string,
  direction: 'inbound' | 'outbound',
  more: Record<string, string> = {},
) => ({
  'Unique-ID': id,
  'Channel-Call-UUID': id,
  'Channel-Name': `sofia/internal/${address}`,
  'Call-Direction': direction,
  ...more,
});

const caller = leg('caller', '+12025550143@127.0.0.10', 'inbound', {
  'Caller-Caller-ID-Number': '+12025550143',
  'Caller-Destination-Number': '+12025550101',
});
const called = (id: string, user: string, by = 'caller') =>
  leg(id, `${user}@127.0.0.21:5062`, 'outbound', {
    'Other-Leg-Unique-ID': by,
    variable_dialed_user: user,
  });
const dialling = (id: string, user: string, target: string) =>
  leg(id, `${user}@127.0.0.1`, 'inbound', {
    variable_user_name: user,
    'Caller-Destination-Number': target,
  });
const bridge = (a: Record<string, string>, b: string) =>
  event('CHANNEL_BRIDGE', {
    ...a,
    'Bridge-A-Unique-ID': a['Unique-ID'] ?? '',
    'Bridge-B-Unique-ID': b,
  });
const gone = (
  of: Record<string, string>,
  cause = 'NORMAL_CLEARING',
  more: Record<string, string> = {},
) => event('CHANNEL_HANGUP_COMPLETE', { ...of, 'Hangup-Cause': cause, ...more });

function translate(...events: ReturnType<typeof event>[]): PhoneEvent[] {
  const translator = createEslTranslator(['127.0.0.10', 'carrier']);
  return events.flatMap((one) => translator.translate(one, new Date(0)));
}

const told = (events: PhoneEvent[], ...types: PhoneEvent['type'][]) =>
  events.filter((one) => types.includes(one.type)).map(({ at: _at, ...rest }) => rest);

const rings = [event('CHANNEL_CREATE', caller), event('CHANNEL_CREATE', called('a', '101'))];
const talks = [...rings, event('CHANNEL_ANSWER', called('a', '101')), bridge(caller, 'a')];

describe('FreeSWITCH', () => {
  test('a phone that dials the pickup code takes the call of the phone that rings', () => {
    const picker = dialling('p', '102', '*8');
    const events = translate(
      ...rings,
      event('CHANNEL_CREATE', picker),
      bridge(picker, 'caller'),
      gone(called('a', '101'), 'PICKED_OFF'),
    );
    expect(told(events, 'transferred', 'call-merged', 'leg-answered')).toEqual([
      { type: 'call-merged', call: 'p', into: 'caller' },
      {
        type: 'transferred',
        call: 'caller',
        transfer: 'pickup-p',
        kind: 'pickup',
        from: '101',
        to: '102',
      },
      { type: 'leg-answered', call: 'caller', leg: 'p', extension: '102' },
    ]);
  });

  test('a blind transfer to a parking slot is the parking', () => {
    const fetcher = dialling('f', '102', '701');
    const valet = (action: string, more = {}) =>
      event('CUSTOM', {
        ...caller,
        'Event-Subclass': 'valet_parking::info',
        Action: action,
        ...more,
      });
    const events = translate(
      ...talks,
      gone(called('a', '101'), 'NORMAL_CLEARING', {
        variable_endpoint_disposition: 'BLIND_TRANSFER',
        variable_transfer_to: 'blind:caller',
      }),
      event('CHANNEL_UNBRIDGE', {
        ...caller,
        variable_transfer_history: '1:x:bl_xfer:700/internal/XML',
      }),
      valet('hold'),
      event('CHANNEL_CREATE', fetcher),
      valet('bridge', { 'Bridge-To-UUID': 'f' }),
      valet('exit'),
      bridge(fetcher, 'caller'),
    );
    expect(told(events, 'transferred', 'call-merged')).toEqual([
      {
        type: 'transferred',
        call: 'caller',
        transfer: 'park-caller-1',
        kind: 'park',
        from: '101',
        to: null,
      },
      { type: 'call-merged', call: 'f', into: 'caller' },
      {
        type: 'transferred',
        call: 'caller',
        transfer: 'park-caller-1',
        kind: 'park',
        from: '101',
        to: '102',
      },
    ]);
    expect(told(events, 'leg-answered').at(-1)).toMatchObject({ extension: '102' });
  });

  test('uuid_transfer is a redirect; a dialplan that goes on after the agent hung up is none', () => {
    const next = [
      event('CHANNEL_CREATE', called('b', '102')),
      event('CHANNEL_ANSWER', called('b', '102')),
      bridge(caller, 'b'),
    ];
    const sent = translate(
      ...talks,
      gone(called('a', '101'), 'NORMAL_CLEARING', { variable_sip_hangup_disposition: 'send_bye' }),
      ...next,
    );
    expect(told(sent, 'transferred').at(-1)).toMatchObject({
      kind: 'redirect',
      from: '101',
      to: '102',
    });
    const wentOn = translate(
      ...talks,
      gone(called('a', '101'), 'NORMAL_CLEARING', { variable_sip_hangup_disposition: 'recv_bye' }),
      ...next,
    );
    expect(told(wentOn, 'transferred')).toEqual([]);
  });

  test('a transfer code: the phone calls a third one and leaves the caller with it', () => {
    const consulted = called('c', '102', 'a');
    const events = translate(
      ...talks,
      event('CHANNEL_CREATE', consulted),
      event('CHANNEL_ANSWER', consulted),
      bridge(called('a', '101'), 'c'),
      bridge(caller, 'c'),
    );
    expect(told(events, 'transferred')).toEqual([
      {
        type: 'transferred',
        call: 'caller',
        transfer: 'attended-a',
        kind: 'attended',
        from: '101',
        to: '102',
      },
    ]);
  });

  test('a caller who leaves the queue', () => {
    const queue = event('CUSTOM', {
      ...caller,
      'Event-Subclass': 'callcenter::info',
      'CC-Action': 'member-queue-start',
      'CC-Queue': 'support@default',
      'CC-Member-Session-UUID': 'caller',
    });
    const agent = leg('a', '101@127.0.0.21', 'outbound', {
      variable_dialed_user: '101',
      variable_cc_member_session_uuid: 'caller',
    });
    const events = translate(
      event('CHANNEL_CREATE', caller),
      event('CHANNEL_ANSWER', caller),
      queue,
      event('CHANNEL_CREATE', agent),
      gone(caller, 'NORMAL_CLEARING', { variable_sip_hangup_disposition: 'recv_bye' }),
      gone(agent, 'ORIGINATOR_CANCEL'),
    );
    expect(told(events, 'queue-joined', 'leg-ringing', 'leg-answered', 'call-ended')).toEqual([
      { type: 'queue-joined', call: 'caller', queue: 'support@default' },
      { type: 'leg-ringing', call: 'caller', leg: 'a', extension: '101' },
      { type: 'call-ended', call: 'caller', cause: 'cancelled' },
    ]);
  });

  test('a ring tone bridges, but only the answer answers', () => {
    const line = leg('l', '+12025550188@192.0.2.9', 'outbound', {
      'Other-Leg-Unique-ID': 'p',
      variable_sip_gateway_name: 'carrier',
      'Caller-Destination-Number': '+12025550188',
    });
    const phone = dialling('p', '101', '+12025550188');
    const early = [
      event('CHANNEL_CREATE', phone),
      event('CHANNEL_CREATE', line),
      bridge(phone, 'l'),
    ];
    expect(told(translate(...early), 'leg-answered')).toEqual([]);
    const events = translate(...early, event('CHANNEL_ANSWER', line));
    expect(told(events, 'leg-answered')).toEqual([
      { type: 'leg-answered', call: 'p', leg: 'l', extension: null },
    ]);
    expect(told(events, 'call-started').at(-1)).toMatchObject({
      direction: 'outbound',
      from: '101',
      to: '+12025550188',
    });
  });
});
