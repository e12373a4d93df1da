import type { Direction, EndCause } from '../telephony/port.ts';
import { earliest, lastAnswered } from './leg.ts';
import type { Leg } from './leg.ts';

export type CallResult =
  /** A person at an extension (inbound, internal) or the far end (outbound) answered, and the end was seen. */
  | 'answered'
  /** It rang somebody, nobody answered, and the phone system gave up. */
  | 'missed'
  /** The caller gave up before anybody answered. */
  | 'abandoned'
  | 'busy'
  | 'declined'
  /** It could not be delivered, or the agent who asked for it did not lift. */
  | 'failed'
  /** Nobody saw the end. */
  | 'unknown';

/** What the outcome of a call rests on. */
export interface CallFacts {
  /** The phone system's own id. The leg with the same id is the caller's own. */
  readonly sourceId: string;
  readonly direction: Direction;
  readonly legs: readonly Leg[];
  /** The source tells who has the call and not what each phone does: whoever answered last has it alone. */
  readonly exclusive: boolean;
  readonly endedAt: Date | null;
  readonly cause: EndCause | null;
}

export interface Outcome {
  /** The first answer by a person at an extension (inbound, internal) or by the far end (outbound). */
  readonly answeredAt: Date | null;
  /** The last extension that talked; stays when the call ends. */
  readonly answeredBy: string | null;
  /** Null while the call is up. */
  readonly result: CallResult | null;
}

/** Who answered, when, and how it ended, worked out of the facts alone. */
export function outcomeOf(call: CallFacts): Outcome {
  // The phone that placed the call, or was rung first to place it: its answer is not the call's.
  const own = call.exclusive ? undefined : call.legs.find((leg) => leg.id === call.sourceId);
  const others = call.legs.filter((leg) => leg !== own);
  const answer = others
    .filter((leg) => call.exclusive || isFarSide(call.direction, leg))
    .reduce<Date | null>((first, leg) => earliest(first, leg.answeredAt), null);
  const ended = call.endedAt !== null && call.cause !== null;
  if (answer === null) {
    return {
      answeredAt: null,
      answeredBy: null,
      result: ended ? unanswered(call, own, others) : null,
    };
  }
  const talker = lastAnswered(others.filter((leg) => leg.extension !== null)) ?? own;
  return {
    answeredAt: call.endedAt === null ? answer : earliest(answer, call.endedAt),
    answeredBy: talker?.extension ?? null,
    result: !ended ? null : call.cause === 'unknown' ? 'unknown' : 'answered',
  };
}

/** Our phones when somebody calls us or each other, the outside line when we call out. */
function isFarSide(direction: Direction, leg: Leg): boolean {
  return (leg.extension === null) === (direction === 'outbound');
}

/** The result of a call that nobody answered: what its end says or, if that says nothing, what its phones say alike. */
function unanswered(call: CallFacts, own: Leg | undefined, others: readonly Leg[]): CallResult {
  if (call.cause === 'unknown') return 'unknown';
  if (own?.ringingAt && !own.answeredAt) return 'failed';
  if (call.cause !== null && call.cause !== 'normal') return resultOf[call.cause];
  const [cause, ...more] = new Set(others.filter((leg) => leg.ringingAt).map((leg) => leg.cause));
  // A dial that was cancelled though the caller stayed was given up for another: nobody took the call there either.
  return !cause || more.length > 0 || cause === 'cancelled' ? 'missed' : resultOf[cause];
}

const resultOf: Record<EndCause, CallResult> = {
  normal: 'missed',
  busy: 'busy',
  declined: 'declined',
  'no-answer': 'missed',
  cancelled: 'abandoned',
  'answered-elsewhere': 'missed',
  'not-found': 'failed',
  congestion: 'failed',
  forwarded: 'missed',
  unknown: 'missed',
};
