import { describe, expect, test } from 'vitest';
import type { PhoneEvent } from '../port.ts';
import { asterisk } from './asterisk.ts';

/*
 * What no recording holds: a click-to-call through a Local channel, as FreePBX makes it, a stream that begins in the middle, and what
 * a broken or hostile peer may send. Everything else is in test/captures.
 */

interface Channel {
  name: string;
  id: string;
  linked: string;
}

const fields = (prefix: string, { name, id, linked }: Channel) =>
  `${prefix}Channel: ${name}\r\n${prefix}Uniqueid: ${id}\r\n${prefix}Linkedid: ${linked}\r\n`;
let second = 1_795_444_600;
const block = (event: string, ...lines: string[]) =>
  `Event: ${event}\r\nTimestamp: ${(second += 1)}.000000\r\n${lines.join('')}\r\n`;
const newChannel = (channel: Channel, exten: string, number = '<unknown>') =>
  block('Newchannel', fields('', channel), `Exten: ${exten}\r\nCallerIDNum: ${number}\r\n`);
const dial = (event: string, from: Channel | null, to: Channel, rest: string) =>
  block(event, from ? fields('', from) : '', fields('Dest', to), `${rest}\r\n`);
const hangUp = (channel: Channel, cause = 16) =>
  block('Hangup', fields('', channel), `Cause: ${cause}\r\n`);

function translate(...blocks: string[]): PhoneEvent[] {
  const stream = asterisk.readStream?.({ trunks: ['trunk'] });
  return (
    stream?.push(Buffer.from(`Asterisk Call Manager/11.0.0\r\n${blocks.join('')}`), new Date(0)) ??
    []
  );
}

const brief = (events: PhoneEvent[]) =>
  events.map((event) => {
    const { at: _at, ...rest } = event;
    return rest;
  });

const phone: Channel = { name: 'PJSIP/101-00000001', id: '1795444600.1', linked: 'c2c' };
const line: Channel = { name: 'PJSIP/trunk-00000002', id: '1795444600.2', linked: 'c2c' };
const one: Channel = { name: 'Local/101@from-internal-0000;1', id: 'c2c', linked: 'c2c' };
const two: Channel = { name: 'Local/101@from-internal-0000;2', id: '1795444600.0', linked: 'c2c' };

describe('a click-to-call through a Local channel', () => {
  test('is the call of the phone behind it', () => {
    const events = translate(
      newChannel(one, 's'),
      newChannel(two, '101'),
      newChannel(phone, 's'),
      dial('DialBegin', two, phone, 'DialString: 101'),
      dial('DialEnd', two, phone, 'DialStatus: ANSWER'),
      newChannel(line, 's'),
      dial('DialBegin', one, line, 'DialString: +12025550188@trunk'),
      dial('DialEnd', one, line, 'DialStatus: ANSWER'),
      hangUp(one),
      hangUp(two),
      hangUp(line),
      hangUp(phone),
    );
    expect(brief(events)).toEqual([
      {
        type: 'call-started',
        call: 'c2c',
        direction: 'internal',
        from: '101',
        to: null,
        queue: null,
      },
      { type: 'leg-placed', call: 'c2c', leg: 'c2c', extension: '101' },
      { type: 'leg-ringing', call: 'c2c', leg: 'c2c', extension: '101' },
      { type: 'leg-answered', call: 'c2c', leg: 'c2c', extension: '101' },
      { type: 'leg-ringing', call: 'c2c', leg: line.id, extension: null },
      {
        type: 'call-started',
        call: 'c2c',
        direction: 'outbound',
        from: '101',
        to: '+12025550188',
        queue: null,
      },
      { type: 'leg-answered', call: 'c2c', leg: line.id, extension: null },
      { type: 'leg-ended', call: 'c2c', leg: line.id, cause: 'normal' },
      { type: 'leg-ended', call: 'c2c', leg: 'c2c', cause: 'normal' },
      { type: 'call-ended', call: 'c2c', cause: 'normal' },
    ]);
  });

  test('that reaches no phone is no call', () => {
    expect(
      translate(newChannel(one, 's'), newChannel(two, '101'), hangUp(one), hangUp(two)),
    ).toEqual([]);
  });
});

describe('a snapshot', () => {
  const caller: Channel = {
    name: 'PJSIP/trunk-00000009',
    id: '1795444500.9',
    linked: '1795444500.9',
  };
  const ringing: Channel = {
    name: 'PJSIP/101-0000000a',
    id: '1795444500.10',
    linked: '1795444500.9',
  };
  const item = (channel: Channel, rest: string) =>
    `Event: CoreShowChannel\r\n${fields('', channel)}${rest}\r\n`;
  const complete = (count: number) =>
    `Event: CoreShowChannelsComplete\r\nListItems: ${count}\r\n\r\n`;

  test('tells of a call that began in the gap, and what it does now', () => {
    const events = translate(
      item(
        caller,
        'Application: Dial\r\nCallerIDNum: +12025550143\r\nChannelState: 4\r\nDuration: 00:00:05\r\n',
      ),
      item(ringing, 'Application: AppDial\r\nChannelState: 5\r\nDuration: 00:00:04\r\n'),
      complete(2),
      `Event: Status\r\n${fields('', caller)}DNID: +12025550101\r\n\r\n`,
    );
    expect(brief(events)).toEqual([
      {
        type: 'call-started',
        call: caller.id,
        direction: 'inbound',
        from: '+12025550143',
        to: null,
        queue: null,
      },
      { type: 'leg-ringing', call: caller.id, leg: ringing.id, extension: '101' },
      { type: 'snapshot', calls: [caller.id] },
      {
        type: 'call-started',
        call: caller.id,
        direction: 'inbound',
        from: null,
        to: '+12025550101',
        queue: null,
      },
    ]);
    expect(events[0]?.at).toEqual(new Date(1_795_444_500_000));
  });

  test('ends what it does not list, and nothing when it is incomplete', () => {
    const begin = newChannel(caller, '+12025550101', '+12025550143');
    expect(brief(translate(begin, complete(0))).at(-1)).toEqual({ type: 'snapshot', calls: [] });
    expect(brief(translate(begin, complete(3))).at(-1)).toMatchObject({ type: 'call-started' });
    // Its late hang-up is of a channel that is gone.
    expect(translate(begin, complete(0), hangUp(caller))).toHaveLength(2);
  });
});

test('FreePBX names the recording in its call records, after the end', () => {
  const caller: Channel = {
    name: 'PJSIP/trunk-00000020',
    id: '1795444700.20',
    linked: '1795444700.20',
  };
  const record = (id: string) =>
    block('Cdr', `UniqueID: ${id}\r\nrecordingfile: in-101-20261123.wav\r\n`);
  const begin = newChannel(caller, '+12025550101', '+12025550143');
  expect(brief(translate(begin, hangUp(caller), record(caller.id), record('9.9'))).at(-1)).toEqual({
    type: 'recorded',
    call: caller.id,
    file: 'in-101-20261123.wav',
  });
});

describe('a hostile or broken peer', () => {
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'an event named %s is none',
    (event) => {
      expect(translate(block(event, 'Uniqueid: 1\r\n'))).toEqual([]);
    },
  );

  test('events without ids, and ids that merge in a ring', () => {
    const a: Channel = { name: 'PJSIP/101-00000001', id: '1795444600.1', linked: '1795444600.2' };
    const b: Channel = { name: 'PJSIP/102-00000001', id: '1795444600.2', linked: '1795444600.1' };
    expect(() =>
      translate(
        block('DialBegin'),
        block('DialEnd'),
        block('Hangup'),
        block('BlindTransfer', 'Result: Success\r\n'),
        block('AttendedTransfer', 'Result: Success\r\n'),
        block('Pickup'),
        block('ParkedCall'),
        block('UnParkedCall'),
        newChannel(a, '1'),
        newChannel(b, '2'),
        newChannel(a, '1'),
        hangUp(a),
        hangUp(b),
        hangUp(b),
      ),
    ).not.toThrow();
  });
});
