import type { CallEvent, Direction } from '../telephony/port.ts';
import { earliest, firmer, lastAnswered, withLeg, withTransfer } from './leg.ts';
import type { Leg, Transfer } from './leg.ts';
import { outcomeOf } from './outcome.ts';
import type { CallFacts, Outcome } from './outcome.ts';

/**
 * One conversation, from the first ring to the last hang-up, however often transferred.
 *
 * The fold is a union of facts, not a machine that waits for the next event: for each fact the earliest time wins and the first
 * detail stays, and everything else (`result`, `answeredBy` …) is worked out of the facts again. That is why events may come
 * twice, late or in any order, and why nothing can reopen a call that has ended.
 */
export interface Call extends CallFacts, Outcome {
  /** As received; null while no event has told. Hostile text. */
  readonly from: string | null;
  readonly to: string | null;
  readonly queue: string | null;
  readonly transfers: readonly Transfer[];
  /** An extension put the other party on hold at least once. */
  readonly held: boolean;
  /** The phone system's name of the recording. */
  readonly recording: string | null;
  readonly startedAt: Date;
  /** The test of the Systems Check that placed it, from its first event on; null for every real call. */
  readonly testId: string | null;
}

/** What a phone, or the whole call, is doing. */
export type CallState = 'ringing' | 'talking' | 'ended';

/** The call with one more fact. An event that says nothing new gives an equal call. */
export function foldEvent(call: Call | null, event: CallEvent): Call {
  const known = call ?? newCall(event);
  return settle(addFact({ ...known, startedAt: earliest(known.startedAt, event.at) }, event));
}

/** Two calls that turned out to be one: `call` stays, `part` (a consultation, a pickup) adds its phones. */
export function mergeCalls(call: Call, part: Call): Call {
  return settle({
    ...call,
    direction: isDescribed(call) ? call.direction : part.direction,
    from: call.from ?? part.from,
    to: call.to ?? part.to,
    queue: call.queue ?? part.queue,
    legs: part.legs.reduce(withLeg, call.legs),
    transfers: part.transfers.reduce(withTransfer, call.transfers),
    recording: call.recording ?? part.recording,
    startedAt: earliest(call.startedAt, part.startedAt),
  });
}

/** What the whole call is doing. */
export function callState(call: Call): CallState {
  if (call.endedAt !== null) return 'ended';
  return call.answeredAt === null ? 'ringing' : 'talking';
}

/** What one phone is doing in the call. A phone that placed the call counts as ringing until the other side answers. */
export function legState(call: Call, leg: Leg): CallState {
  if (call.endedAt !== null || leg.endedAt !== null) return 'ended';
  if (call.exclusive && leg !== lastAnswered(call.legs)) return 'ended';
  if (leg.answeredAt !== null) return 'talking';
  return leg.ringingAt === null ? callState(call) : 'ringing';
}

/** What the phones of an extension are doing in the call, the liveliest first; null when it has no part in it. */
export function extensionState(call: Call, extension: string): CallState | null {
  const own = call.legs.filter((leg) => leg.extension === extension);
  const states = own.map((leg) => legState(call, leg));
  return (['talking', 'ringing', 'ended'] as const).find((state) => states.includes(state)) ?? null;
}

/** Every extension that the phone system rang, in the order of the first attempt, each once. */
export function rang(call: Call): string[] {
  const rung = call.legs.filter((leg) => leg.ringingAt !== null);
  const inOrder = rung.toSorted((a, b) => Number(a.ringingAt) - Number(b.ringingAt));
  return [...new Set(inOrder.flatMap((leg) => leg.extension ?? []))];
}

function newCall(event: CallEvent): Call {
  return {
    sourceId: event.call,
    direction: 'inbound',
    from: null,
    to: null,
    queue: null,
    legs: [],
    transfers: [],
    held: false,
    recording: null,
    exclusive: false,
    startedAt: event.at,
    testId: event.test ?? null,
    answeredAt: null,
    endedAt: null,
    cause: null,
    result: null,
    answeredBy: null,
  };
}

function addFact(call: Call, event: CallEvent): Call {
  switch (event.type) {
    case 'call-started':
      return {
        ...call,
        direction: directionOf(call, event.direction),
        from: call.from ?? event.from,
        to: call.to ?? event.to,
        queue: call.queue ?? event.queue,
      };
    case 'queue-joined':
      return { ...call, queue: call.queue ?? event.queue };
    case 'leg-placed':
      return onLeg(call, event, {});
    case 'leg-ringing':
      return onLeg(call, event, { ringingAt: event.at });
    case 'leg-answered':
      return onLeg(call, event, { answeredAt: event.at });
    case 'call-answered': {
      const { extension, at } = event;
      return onLeg(
        { ...call, exclusive: true },
        { leg: extension ?? '', extension },
        { answeredAt: at },
      );
    }
    case 'leg-held':
      return onLeg(call, event, { onHold: true });
    case 'leg-unheld':
      return onLeg(call, event, { onHold: false });
    case 'leg-ended':
      return onLeg(call, event, { endedAt: event.at, cause: event.cause });
    case 'transferred': {
      const { transfer: id, kind, from, to } = event;
      return { ...call, transfers: withTransfer(call.transfers, { id, kind, from, to }) };
    }
    case 'recorded':
      return { ...call, recording: call.recording ?? event.file };
    case 'call-ended':
      return {
        ...call,
        endedAt: earliest(call.endedAt, event.at),
        cause: firmer(call.cause, event.cause),
      };
    case 'call-merged':
      return call; // a fact about two calls: see mergeCalls
  }
}

/** Works out again what follows from the facts. */
function settle(call: Call): Call {
  const held = call.held || call.legs.some((leg) => leg.onHold && leg.extension !== null);
  return { ...call, held, ...outcomeOf(call) };
}

function onLeg(
  call: Call,
  event: { leg: string; extension?: string | null },
  fact: Partial<Leg>,
): Call {
  const told = { ...silentLeg, id: event.leg, extension: event.extension ?? null, ...fact };
  const legs = withLeg(call.legs, told);
  if (fact.onHold !== false) return { ...call, legs };
  return {
    ...call,
    legs: legs.map((leg) => (leg.id === told.id ? { ...leg, onHold: false } : leg)),
  };
}

const silentLeg: Omit<Leg, 'id' | 'extension'> = {
  ringingAt: null,
  answeredAt: null,
  endedAt: null,
  cause: null,
  onHold: false,
};

/** An internal call that turns out to leave through a trunk is an outbound one; else the first word counts. */
function directionOf(call: Call, told: Direction): Direction {
  if (!isDescribed(call)) return told;
  return call.direction === 'internal' && told === 'outbound' ? told : call.direction;
}

function isDescribed(call: Call): boolean {
  return call.from !== null || call.to !== null;
}
