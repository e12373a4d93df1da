import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallEvent, EndCause } from '../telephony/port.ts';
import { callState, extensionState, foldEvent, mergeCalls, rang } from './call.ts';
import type { Call } from './call.ts';

/** A moment, in seconds after the start of the test's world. */
const second = (s: number) => new Date(Date.UTC(2026, 0, 1) + s * 1000);

type Told = CallEvent extends infer E
  ? E extends CallEvent
    ? Omit<E, 'call' | 'at'>
    : never
  : never;

/** The n-th fact happens in second n. */
function story(...facts: Told[]): CallEvent[] {
  return facts.map((fact, n) => ({ ...fact, call: 'c1', at: second(n) }));
}

function fold(events: readonly CallEvent[]): Call {
  const call = events.reduce<Call | null>(foldEvent, null);
  if (call === null) throw new Error('no events');
  return call;
}

const started: Told = {
  type: 'call-started',
  direction: 'inbound',
  from: '+4930123',
  to: '+4940999',
  queue: null,
};
const placed: Told = { ...started, direction: 'outbound', from: '101', to: '+4930123' };
const rings = (extension: string | null, leg = `leg-${extension}`): Told => ({
  type: 'leg-ringing',
  leg,
  extension,
});
const answers = (extension: string | null, leg = `leg-${extension}`): Told => ({
  type: 'leg-answered',
  leg,
  extension,
});
const legEnds = (extension: string | null, cause: EndCause): Told => ({
  type: 'leg-ended',
  leg: `leg-${extension}`,
  cause,
});
const takes = (extension: string | null): Told => ({ type: 'call-answered', extension });
const ends = (cause: EndCause): Told => ({ type: 'call-ended', cause });

describe('the result of a call', () => {
  const table: [string, Told[], Partial<Call>][] = [
    [
      'answered',
      [started, rings('101'), answers('101'), ends('normal')],
      { result: 'answered', answeredBy: '101' },
    ],
    ['up', [started, rings('101'), answers('101')], { result: null, answeredBy: '101' }],
    [
      'nobody lifts',
      [started, rings('101'), legEnds('101', 'no-answer'), ends('normal')],
      { result: 'missed' },
    ],
    [
      'the caller gives up',
      [started, rings('101'), ends('cancelled')],
      { result: 'abandoned', answeredBy: null },
    ],
    ['busy', [started, rings('101'), legEnds('101', 'busy'), ends('normal')], { result: 'busy' }],
    [
      'declined',
      [
        started,
        rings('101'),
        legEnds('101', 'no-answer'),
        legEnds('101', 'declined'),
        ends('normal'),
      ],
      { result: 'declined' },
    ],
    [
      'one busy, one not there',
      [
        started,
        rings('101'),
        rings('102'),
        legEnds('101', 'busy'),
        legEnds('102', 'no-answer'),
        ends('normal'),
      ],
      { result: 'missed' },
    ],
    ['no phone to ring', [started, ends('not-found')], { result: 'failed' }],
    [
      'nobody saw the end',
      [started, rings('101'), answers('101'), ends('unknown')],
      { result: 'unknown', answeredBy: '101' },
    ],
    [
      'transferred',
      [started, rings('101'), answers('101'), rings('102'), answers('102'), ends('normal')],
      { result: 'answered', answeredBy: '102', answeredAt: second(2) },
    ],
    [
      'we call, the far end lifts',
      [
        placed,
        { type: 'leg-placed', leg: 'c1', extension: '101' },
        rings(null),
        answers(null),
        ends('normal'),
      ],
      { result: 'answered', answeredBy: '101', answeredAt: second(3) },
    ],
    [
      'we call, busy',
      [
        placed,
        { type: 'leg-placed', leg: 'c1', extension: '101' },
        rings(null),
        legEnds(null, 'busy'),
        ends('normal'),
      ],
      { result: 'busy', answeredBy: null },
    ],
    [
      'click-to-call, the agent lifts, the far end does not',
      [
        placed,
        rings('101', 'c1'),
        answers('101', 'c1'),
        rings(null),
        legEnds(null, 'no-answer'),
        ends('normal'),
      ],
      { result: 'missed', answeredBy: null },
    ],
    [
      'click-to-call, the agent does not lift',
      [placed, rings('101', 'c1'), ends('no-answer')],
      { result: 'failed' },
    ],
    [
      'webhook, answered',
      [started, rings('101', '101'), takes('101'), ends('normal')],
      { result: 'answered', answeredBy: '101' },
    ],
    [
      'webhook, we call',
      [placed, { type: 'leg-placed', leg: '101', extension: '101' }, takes('101'), ends('normal')],
      { result: 'answered', answeredBy: '101' },
    ],
    [
      'webhook, nobody says who',
      [started, rings('101', '101'), takes(null), ends('normal')],
      { result: 'answered', answeredBy: null, answeredAt: second(2) },
    ],
    ['webhook, forwarded', [started, rings('101', '101'), ends('forwarded')], { result: 'missed' }],
  ];
  test.each(table)('%s', (_name, facts, expected) => {
    expect(fold(story(...facts))).toMatchObject(expected);
  });
});

describe('what a phone is doing', () => {
  test('all ring, one answers, the others lose it', () => {
    const call = fold(story(started, rings('101', '101'), rings('102', '102')));
    expect([extensionState(call, '101'), extensionState(call, '102')]).toEqual([
      'ringing',
      'ringing',
    ]);
    const answered = fold(story(started, rings('101', '101'), rings('102', '102'), takes('102')));
    expect([extensionState(answered, '101'), extensionState(answered, '102')]).toEqual([
      'ended',
      'talking',
    ]);
    expect(extensionState(answered, '103')).toBeNull();
  });

  test('a phone rung after the answer is a transfer when each phone is reported, and late news when not', () => {
    const told = fold(story(started, rings('101'), answers('101'), rings('102')));
    expect(extensionState(told, '102')).toBe('ringing');
    const late = fold(story(started, takes('101'), rings('102', '102')));
    expect(extensionState(late, '102')).toBe('ended');
  });

  test('the phone that dials is ringing until the far end answers', () => {
    const dials = story(placed, { type: 'leg-placed', leg: 'c1', extension: '101' }, rings(null));
    expect(extensionState(fold(dials), '101')).toBe('ringing');
    expect(extensionState(fold([...dials, ...story(answers(null))]), '101')).toBe('talking');
  });

  test('rang keeps the order of the first attempt and leaves out outside lines and phones that dialled', () => {
    const facts = story(
      placed,
      { type: 'leg-placed', leg: 'c1', extension: '101' },
      rings(null),
      rings('103'),
      rings('102'),
      rings('103', 'again'),
    );
    expect(rang(fold(facts))).toEqual(['103', '102']);
  });

  test('hold is remembered', () => {
    const facts = story(started, answers('101'), { type: 'leg-held', leg: 'leg-101' });
    expect(fold(facts)).toMatchObject({ held: true, legs: [{ onHold: true }] });
    const resumed = [...facts, ...story({ type: 'leg-unheld', leg: 'leg-101' })];
    expect(fold(resumed)).toMatchObject({ held: true, legs: [{ onHold: false }] });
    expect(fold(story(started, { type: 'leg-unheld', leg: 'leg-101' })).held).toBe(false);
  });
});

describe('merging', () => {
  test('a consultation adds its phones and leaves numbers, direction and end alone', () => {
    const call = fold(story(started, rings('101'), answers('101')));
    const consultation = fold(
      story(
        { ...started, direction: 'internal', from: '101', to: '102' },
        rings('102'),
        answers('102'),
        ends('normal'),
      ),
    );
    const whole = mergeCalls(call, { ...consultation, sourceId: 'c2' });
    expect(whole).toMatchObject({
      direction: 'inbound',
      from: '+4930123',
      to: '+4940999',
      answeredBy: '102',
      endedAt: null,
    });
    expect(rang(whole)).toEqual(['101', '102']);
    expect(mergeCalls(whole, consultation)).toEqual(whole);
  });
});

describe('whatever the order', () => {
  const stories: Record<string, CallEvent[]> = {
    'phone by phone': story(
      started,
      rings('101'),
      rings('102'),
      answers('102'),
      legEnds('101', 'answered-elsewhere'),
      rings('103'),
      answers('103'),
      { type: 'transferred', transfer: 't1', kind: 'blind', from: '102', to: '103' },
      legEnds('102', 'normal'),
      ends('normal'),
    ),
    'webhook, answered': story(
      started,
      rings('101', '101'),
      rings('102', '102'),
      takes('102'),
      ends('normal'),
    ),
    'webhook, missed': story(started, rings('101', '101'), ends('no-answer')),
    'webhook, two ends': story(started, rings('101', '101'), ends('busy'), ends('unknown')),
  };
  const shuffled = fc.constantFrom(...Object.values(stories)).chain((events) =>
    fc.record({
      events: fc.constant(events),
      heard: fc.shuffledSubarray([...events, ...events, ...events], { minLength: events.length }),
    }),
  );

  test('shuffled and repeated events give the same call', () => {
    fc.assert(
      fc.property(shuffled, ({ events, heard }) => {
        const all = [...heard, ...events];
        expect(comparable(fold(all))).toEqual(comparable(fold(events)));
      }),
      { numRuns: 500 },
    );
  });

  test('with events lost, what was heard still decides: an answer is never forgotten, an end never undone', () => {
    fc.assert(
      fc.property(shuffled, ({ heard }) => {
        const call = fold(heard);
        const told = (type: CallEvent['type']) => heard.some((event) => event.type === type);
        expect(call.result !== null).toBe(told('call-ended'));
        expect(callState(call) === 'ended').toBe(told('call-ended'));
        if (told('call-ended') && (told('call-answered') || told('leg-answered'))) {
          expect(call.result).toBe('answered');
        }
        if (call.answeredAt !== null && call.endedAt !== null) {
          expect(call.answeredAt.getTime()).toBeLessThanOrEqual(call.endedAt.getTime());
        }
      }),
      { numRuns: 500 },
    );
  });

  test('once ended, no further event gives it back to anybody or moves its end to later', () => {
    fc.assert(
      fc.property(shuffled, ({ heard }) => {
        let call: Call | null = null;
        for (const event of heard) {
          const before: Call | null = call;
          call = foldEvent(call, event);
          if (before?.endedAt == null) continue;
          expect(callState(call)).toBe('ended');
          expect(Number(call.endedAt)).toBeLessThanOrEqual(Number(before.endedAt));
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** The order in which legs became known is not part of the truth. */
function comparable(call: Call) {
  return {
    ...call,
    legs: call.legs.toSorted((a, b) => a.id.localeCompare(b.id)),
    rang: rang(call),
  };
}
