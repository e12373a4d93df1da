import { expect, test } from 'vitest';
import { foldEvent } from '../calls/call.ts';
import type { Call } from '../calls/call.ts';
import type { CallEvent } from '../telephony/port.ts';
import { transferHistory } from './transfer-history.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 9, minute));
const event = { call: 'c1' };
const names = new Map([
  ['201', 'Ada Berg'],
  ['202', 'Bob Miller'],
]);
const nameOf = async (extension: string | null) =>
  extension === null ? null : (names.get(extension) ?? `extension ${extension}`);

function fold(...events: CallEvent[]): Call {
  const call = events.reduce<Call | null>(foldEvent, null);
  if (call === null) throw new Error('no events');
  return call;
}

const transferred = fold(
  {
    ...event,
    type: 'call-started',
    at: at(0),
    direction: 'inbound',
    from: '+4930123456',
    to: null,
    queue: null,
  },
  { ...event, type: 'leg-ringing', at: at(0), leg: 'a', extension: '201' },
  { ...event, type: 'leg-answered', at: at(1), leg: 'a', extension: '201' },
  {
    ...event,
    type: 'transferred',
    at: at(5),
    transfer: 't2',
    kind: 'blind',
    from: '202',
    to: '309',
  },
  {
    ...event,
    type: 'transferred',
    at: at(3),
    transfer: 't1',
    kind: 'attended',
    from: '201',
    to: '202',
  },
  { ...event, type: 'leg-ended', at: at(3), leg: 'a', cause: 'normal' },
  { ...event, type: 'leg-ringing', at: at(2), leg: 'b', extension: '202' },
  { ...event, type: 'leg-answered', at: at(2), leg: 'b', extension: '202' },
  { ...event, type: 'leg-ended', at: at(5), leg: 'b', cause: 'normal' },
);

test('a call passed on twice, as the one in the middle sees it', async () => {
  expect(await transferHistory(transferred, '202', nameOf)).toEqual([
    { kind: 'attended', from: 'Ada Berg', to: 'Bob Miller', own: 'to', at: at(3).toISOString() },
    {
      kind: 'blind',
      from: 'Bob Miller',
      to: 'extension 309',
      own: 'from',
      at: at(5).toISOString(),
    },
  ]);
});

test('picked up by a colleague: the moment is when they joined; of a parked call nobody knows', async () => {
  const call = fold(
    { ...event, type: 'leg-ringing', at: at(0), leg: 'a', extension: '201' },
    {
      ...event,
      type: 'transferred',
      at: at(1),
      transfer: 't1',
      kind: 'pickup',
      from: '201',
      to: '202',
    },
    { ...event, type: 'leg-answered', at: at(1), leg: 'b', extension: '202' },
    {
      ...event,
      type: 'transferred',
      at: at(4),
      transfer: 't2',
      kind: 'park',
      from: '202',
      to: null,
    },
  );
  expect(await transferHistory(call, '203', nameOf)).toMatchObject([
    { kind: 'pickup', own: null, at: at(1).toISOString() },
    { kind: 'park', own: null, to: null, at: null },
  ]);
});

test('passed on by a phone system that tells of no transfers: who answered one after the other', async () => {
  const answered = (minute: number, extension: string): CallEvent => ({
    ...{ ...event, type: 'leg-answered', at: at(minute), leg: extension, extension },
  });
  const talks = [answered(6, '202'), answered(1, '201')];
  const exclusive = { ...fold(...talks), exclusive: true };
  expect(await transferHistory(exclusive, '202', nameOf)).toEqual([
    { kind: 'passed-on', from: 'Ada Berg', to: 'Bob Miller', own: 'to', at: at(6).toISOString() },
  ]);
  // Where several may talk, nobody passed anything on.
  expect(await transferHistory({ ...exclusive, exclusive: false }, '202', nameOf)).toEqual([]);
});
