import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldEvent } from '../calls/call.ts';
import type { Call } from '../calls/call.ts';
import type { CallEvent } from '../telephony/port.ts';
import { otherParty, partOf } from './part.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 9, 0, second));

type Fact = CallEvent extends infer E
  ? E extends CallEvent
    ? Omit<E, 'call' | 'at'>
    : never
  : never;

/** A call out of `[second, fact]` pairs. */
function callOf(...facts: [number, Fact][]): Call {
  const events = facts.map(([second, fact]) => ({ ...fact, call: 'c1', at: at(second) }));
  const call = events.reduce<Call | null>(foldEvent, null);
  if (call === null) throw new Error('no events');
  return call;
}

const inbound: [number, Fact] = [
  0,
  {
    type: 'call-started',
    direction: 'inbound',
    from: '+493012345',
    to: '+4930901820',
    queue: null,
  },
];
const rings = (second: number, extension: string): [number, Fact] => [
  second,
  { type: 'leg-ringing', leg: extension, extension },
];
const answers = (second: number, extension: string): [number, Fact] => [
  second,
  { type: 'leg-answered', leg: extension, extension },
];
const takes = (second: number, extension: string | null): [number, Fact] => [
  second,
  { type: 'call-answered', extension },
];
const ends = (
  second: number,
  leg: string,
  cause: 'normal' | 'declined' | 'answered-elsewhere' | 'no-answer',
): [number, Fact] => [second, { type: 'leg-ended', leg, cause }];
const over = (
  second: number,
  cause: 'normal' | 'cancelled' | 'no-answer' | 'busy',
): [number, Fact] => [second, { type: 'call-ended', cause }];

describe('what a call is for one extension', () => {
  test('a stranger to the call sees nothing', () => {
    expect(partOf(callOf(inbound, rings(1, '201')), '202')).toBeNull();
  });

  test('a conversation that its phone put on hold is held until it is taken back', () => {
    const held: [number, Fact] = [6, { type: 'leg-held', leg: '201' }];
    const back: [number, Fact] = [9, { type: 'leg-unheld', leg: '201' }];
    const talk = [inbound, rings(1, '201'), answers(3, '201')];
    expect(partOf(callOf(...talk, held), '201')).toMatchObject({
      state: 'held',
      answeredAt: at(3),
    });
    expect(partOf(callOf(...talk, held, back), '201')).toMatchObject({ state: 'talking' });
    const over: [number, Fact] = [12, { type: 'call-ended', cause: 'normal' }];
    expect(partOf(callOf(...talk, held, over), '201')).toMatchObject({ state: 'ended' });
  });

  test('every rung phone rings', () => {
    const call = callOf(inbound, rings(1, '201'), rings(1, '202'));
    const ringing = {
      kind: 'shown',
      state: 'ringing',
      answeredAt: null,
      endedAt: null,
      result: null,
    };
    expect(partOf(call, '201')).toEqual(ringing);
    expect(partOf(call, '202')).toEqual(ringing);
  });

  test('who answers talks, the others are told who it was', () => {
    const call = callOf(inbound, rings(1, '201'), rings(1, '202'), takes(5, '202'));
    expect(partOf(call, '202')).toMatchObject({ state: 'talking', answeredAt: at(5) });
    expect(partOf(call, '201')).toEqual({ kind: 'answered-elsewhere', by: '202' });
  });

  test('it stays answered elsewhere after the call is over', () => {
    const call = callOf(
      inbound,
      rings(1, '201'),
      rings(1, '202'),
      takes(5, '202'),
      over(60, 'normal'),
    );
    expect(partOf(call, '201')).toEqual({ kind: 'answered-elsewhere', by: '202' });
    expect(partOf(call, '202')).toMatchObject({
      state: 'ended',
      result: 'answered',
      endedAt: at(60),
    });
  });

  test('a phone system that ends each leg says the same', () => {
    const call = callOf(
      inbound,
      rings(1, '201'),
      rings(1, '202'),
      answers(5, '202'),
      ends(5, '201', 'answered-elsewhere'),
    );
    expect(partOf(call, '201')).toEqual({ kind: 'answered-elsewhere', by: '202' });
    expect(partOf(call, '202')).toMatchObject({ state: 'talking' });
  });

  test('a caller who hangs up leaves a missed call at every phone that rang', () => {
    const call = callOf(inbound, rings(1, '201'), rings(1, '202'), over(9, 'cancelled'));
    const missed = {
      kind: 'shown',
      state: 'ended',
      answeredAt: null,
      endedAt: at(9),
      result: 'abandoned',
    };
    expect(partOf(call, '201')).toEqual(missed);
    expect(partOf(call, '202')).toEqual(missed);
  });

  test('nobody answers: missed', () => {
    expect(partOf(callOf(inbound, rings(1, '201'), over(30, 'no-answer')), '201')).toMatchObject({
      state: 'ended',
      result: 'missed',
    });
  });

  test('a phone that stopped ringing has missed the call while it rings at the next', () => {
    const call = callOf(inbound, rings(1, '201'), ends(15, '201', 'no-answer'), rings(15, '202'));
    expect(partOf(call, '201')).toMatchObject({
      state: 'ended',
      result: 'missed',
      endedAt: at(15),
    });
    expect(partOf(call, '202')).toMatchObject({ state: 'ringing' });
  });

  test('declined here, then answered by a colleague', () => {
    const declined = [
      inbound,
      rings(1, '201'),
      rings(1, '202'),
      ends(4, '201', 'declined'),
    ] as const;
    expect(partOf(callOf(...declined), '201')).toMatchObject({
      state: 'ended',
      result: 'declined',
    });
    expect(partOf(callOf(...declined, answers(6, '202')), '201')).toEqual({
      kind: 'answered-elsewhere',
      by: '202',
    });
  });

  test('a transfer: ended for the first, ringing and then talking for the second', () => {
    const talking = [inbound, rings(1, '201'), answers(3, '201')] as const;
    const transferred = callOf(...talking, rings(20, '202'));
    expect(partOf(transferred, '202')).toMatchObject({ state: 'ringing' });
    expect(partOf(transferred, '201')).toMatchObject({ state: 'talking', answeredAt: at(3) });
    const taken = callOf(
      ...talking,
      rings(20, '202'),
      answers(25, '202'),
      ends(25, '201', 'normal'),
    );
    expect(partOf(taken, '202')).toMatchObject({ state: 'talking', answeredAt: at(25) });
    expect(partOf(taken, '201')).toMatchObject({
      state: 'ended',
      result: 'answered',
      endedAt: at(25),
    });
  });

  test('a transfer that the second did not take is missed there, not answered elsewhere', () => {
    const call = callOf(
      inbound,
      rings(1, '201'),
      answers(3, '201'),
      rings(20, '202'),
      ends(40, '202', 'no-answer'),
    );
    expect(partOf(call, '202')).toMatchObject({ state: 'ended', result: 'missed' });
  });

  test('taken over where the source tells only who has the call', () => {
    const call = callOf(inbound, rings(1, '201'), takes(3, '201'), takes(30, '202'));
    expect(partOf(call, '201')).toMatchObject({
      state: 'ended',
      result: 'answered',
      answeredAt: at(3),
      endedAt: at(30),
    });
    expect(partOf(call, '202')).toMatchObject({ state: 'talking', answeredAt: at(30) });
  });

  test.each([null, '+4930901201'])(
    'answered by %s, which is no phone of ours: who rang keeps the caller',
    (answerer) => {
      const call = callOf(inbound, rings(1, '201'), takes(3, answerer));
      expect(partOf(call, '201')).toMatchObject({ state: 'talking', answeredAt: at(3) });
      const ended = callOf(inbound, rings(1, '201'), takes(3, answerer), over(20, 'normal'));
      expect(partOf(ended, '201')).toMatchObject({
        state: 'ended',
        result: 'answered',
        endedAt: at(20),
      });
    },
  );

  test('a call by the agent rings until the far end answers', () => {
    const started: [number, Fact] = [
      0,
      { type: 'call-started', direction: 'outbound', from: '201', to: '+493012345', queue: null },
    ];
    const placed: [number, Fact] = [0, { type: 'leg-placed', leg: '201', extension: '201' }];
    expect(partOf(callOf(started, placed), '201')).toMatchObject({ state: 'ringing' });
    const farEnd: [number, Fact] = [8, { type: 'leg-answered', leg: 'trunk', extension: null }];
    expect(partOf(callOf(started, placed, farEnd), '201')).toMatchObject({
      state: 'talking',
      answeredAt: at(8),
    });
    expect(partOf(callOf(started, placed, over(8, 'busy')), '201')).toMatchObject({
      state: 'ended',
      result: 'busy',
    });
  });

  test.each([null, '+493012345', '201'])(
    'a call by the agent that a webhook says %s answered: the agent talks',
    (answerer) => {
      const started: Fact = {
        type: 'call-started',
        direction: 'outbound',
        from: '201',
        to: '+493012345',
        queue: null,
      };
      const placed: Fact = { type: 'leg-placed', leg: '201', extension: '201' };
      const talking = [[0, started], [0, placed], takes(6, answerer)] as [number, Fact][];
      expect(partOf(callOf(...talking), '201')).toMatchObject({
        state: 'talking',
        answeredAt: at(6),
      });
      expect(partOf(callOf(...talking, over(9, 'normal')), '201')).toMatchObject({
        state: 'ended',
        result: 'answered',
        answeredAt: at(6),
        endedAt: at(9),
      });
    },
  );

  test('the other party', () => {
    expect(otherParty(callOf(inbound), '201')).toBe('+493012345');
    const internal: Fact = {
      type: 'call-started',
      direction: 'internal',
      from: '201',
      to: '202',
      queue: null,
    };
    expect(otherParty(callOf([0, internal]), '201')).toBe('202');
    expect(otherParty(callOf([0, internal]), '202')).toBe('201');
    const outbound: Fact = {
      type: 'call-started',
      direction: 'outbound',
      from: '201',
      to: '+44',
      queue: null,
    };
    expect(otherParty(callOf([0, outbound]), '201')).toBe('+44');
  });
});

describe('one pop per rung agent, whatever was heard in whatever order', () => {
  const ends = (second: number, leg: string): [number, Fact] => [
    second,
    { type: 'leg-ended', leg, cause: 'cancelled' },
  ];
  const over: [number, Fact] = [60, { type: 'call-ended', cause: 'normal' }];
  const group = [rings(1, '101'), rings(1, '102'), rings(2, '103'), answers(5, '102')];
  const story = [inbound, ...group, ends(5, '101'), ends(5, '103'), over];
  const phones = ['101', '102', '103', '104'];
  const heardOf = fc.shuffledSubarray([...story, ...story], { minLength: 1 });
  const ringsAt = (heard: [number, Fact][], phone: string) =>
    heard.some(([, fact]) => fact.type === 'leg-ringing' && fact.extension === phone);

  test('whose phone rang has one part in the call, and who was never rung none', () => {
    fc.assert(
      fc.property(heardOf, (heard) => {
        const call = callOf(...heard);
        for (const phone of phones)
          if (ringsAt(heard, phone)) expect(partOf(call, phone)).not.toBeNull();
        expect(partOf(call, '104')).toBeNull();
      }),
    );
  });

  test('at most one of them talks, and none once the call is over', () => {
    fc.assert(
      fc.property(heardOf, (heard) => {
        const call = callOf(...heard);
        const parts = phones.map((phone) => partOf(call, phone));
        const talking = parts.filter((part) => part?.kind === 'shown' && part.state === 'talking');
        expect(talking.length).toBeLessThanOrEqual(call.endedAt === null ? 1 : 0);
      }),
    );
  });

  test('when all was heard, who answered keeps the pop and the others lose it', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(story, { minLength: story.length }), (heard) => {
        const call = callOf(...heard);
        expect(partOf(call, '102')).toMatchObject({ kind: 'shown', result: 'answered' });
        for (const phone of ['101', '103'])
          expect(partOf(call, phone)).toEqual({ kind: 'answered-elsewhere', by: '102' });
      }),
    );
  });
});
