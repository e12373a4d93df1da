import { extensionState } from '../calls/call.ts';
import type { Call } from '../calls/call.ts';
import { lastAnswered } from '../calls/leg.ts';
import type { Leg } from '../calls/leg.ts';
import type { Pop } from './contract.ts';

/**
 * What one call is for one extension. Each agent sees the call from their own phone: for the one who transferred it, it
 * has ended; for the one who is rung next, it is ringing; for those whom somebody else was quicker than, it is gone.
 */
export type Part =
  | {
      kind: 'shown';
      state: Pop['state'];
      answeredAt: Date | null;
      endedAt: Date | null;
      result: Pop['result'];
    }
  /** Another phone answered while this one rang. `by` is its extension, null for an outside line. */
  | { kind: 'answered-elsewhere'; by: string | null };

/** Null when the extension has no part in the call. */
export function partOf(call: Call, extension: string): Part | null {
  const state = extensionState(call, extension);
  if (state === null) return null;
  const own = call.legs.filter((leg) => leg.extension === extension);
  const placed = own.every((leg) => leg.ringingAt === null);
  if (placed || own.some((leg) => leg.answeredAt !== null)) {
    const talks = placed && isUp(call, own) && farEndAnswered(call);
    return takingPart(call, own, talks ? 'talking' : state);
  }
  const winner = quickerThan(call, own);
  if (winner !== null && call.exclusive && !isExtension(winner)) return perhapsTaken(call, winner);
  if (winner !== null) return { kind: 'answered-elsewhere', by: winner.extension };
  if (state !== 'ended')
    return { kind: 'shown', state, answeredAt: null, endedAt: null, result: null };
  const endedAt = latest(own.map((leg) => leg.endedAt)) ?? call.endedAt;
  return { kind: 'shown', state, answeredAt: null, endedAt, result: missedResult(call, own) };
}

/** The party at the other end: who calls, or who is called by this extension. */
export function otherParty(call: Call, extension: string): string {
  const calls =
    call.direction === 'outbound' || (call.direction === 'internal' && call.from === extension);
  return (calls ? call.to : call.from) ?? '';
}

/** The extension talked, or placed the call. */
function takingPart(call: Call, own: readonly Leg[], state: Pop['state']): Part {
  const placed = own.every((leg) => leg.ringingAt === null);
  // In a call by us the agent's own phone is up first; the conversation begins when the far end answers.
  const ownAnswer = earliestOf(own.map((leg) => leg.answeredAt));
  const answeredAt =
    call.direction === 'outbound' || (placed && ownAnswer === null) ? call.answeredAt : ownAnswer;
  if (state !== 'ended') {
    return {
      kind: 'shown',
      state: talkingOrHeld(answeredAt, own),
      answeredAt,
      endedAt: null,
      result: null,
    };
  }
  // Somebody took the call over without a word about this phone's end.
  const takenOver = call.legs.find(
    (leg) => leg.answeredAt !== null && answeredAt !== null && leg.answeredAt > answeredAt,
  );
  const endedAt =
    latest(own.map((leg) => leg.endedAt)) ?? takenOver?.answeredAt ?? call.endedAt ?? answeredAt;
  const result =
    answeredAt !== null && call.result !== 'unknown' ? 'answered' : (call.result ?? 'unknown');
  return { kind: 'shown', state, answeredAt, endedAt, result };
}

function talkingOrHeld(answeredAt: Date | null, own: readonly Leg[]): Pop['state'] {
  if (answeredAt === null) return 'ringing';
  const up = own.filter((leg) => leg.answeredAt !== null && leg.endedAt === null);
  return up.length > 0 && up.every((leg) => leg.onHold) ? 'held' : 'talking';
}

function isUp(call: Call, own: readonly Leg[]): boolean {
  return call.endedAt === null && own.some((leg) => leg.endedAt === null);
}

/** A source that only tells who has the call may name the number called, or nobody: then the placer talks. */
function farEndAnswered(call: Call): boolean {
  const answerer = call.exclusive ? lastAnswered(call.legs) : undefined;
  return answerer !== undefined && (answerer.extension === null || answerer.extension === call.to);
}

function isExtension({ extension }: Leg): boolean {
  return extension !== null && !/^\+|\d{7}/.test(extension);
}

/**
 * Answered, but the phone system names no phone of ours: nobody, or an outside number that may be anybody's. The one who talks must not lose the caller, so everybody whose
 * phone rang keeps it; for the usual single phone that is simply right.
 */
function perhapsTaken(call: Call, winner: Leg): Part {
  const { endedAt } = call;
  if (endedAt === null) {
    return {
      kind: 'shown',
      state: 'talking',
      answeredAt: winner.answeredAt,
      endedAt,
      result: null,
    };
  }
  return {
    kind: 'shown',
    state: 'ended',
    answeredAt: winner.answeredAt,
    endedAt,
    result: call.result ?? 'unknown',
  };
}

/** The phone that answered while these rang; null when none did, or when it already talked before (a transfer). */
function quickerThan(call: Call, own: readonly Leg[]): Leg | null {
  const rangAt = earliestOf(own.map((leg) => leg.ringingAt));
  if (rangAt === null) return null;
  const later = call.legs.filter(
    (leg) =>
      !own.includes(leg) &&
      leg.id !== call.sourceId &&
      leg.answeredAt !== null &&
      leg.answeredAt >= rangAt,
  );
  const [first] = later.toSorted((a, b) => Number(a.answeredAt) - Number(b.answeredAt));
  return first ?? null;
}

function missedResult(call: Call, own: readonly Leg[]): Pop['result'] {
  const causes = own.map((leg) => leg.cause);
  if (causes.includes('declined')) return 'declined';
  if (causes.includes('busy')) return 'busy';
  // The phone stopped ringing while the call went on, or the call was answered before and came here by a transfer.
  return call.result === null || call.result === 'answered' ? 'missed' : call.result;
}

function latest(times: readonly (Date | null)[]): Date | null {
  return known(times).at(-1) ?? null;
}

function earliestOf(times: readonly (Date | null)[]): Date | null {
  return known(times)[0] ?? null;
}

function known(times: readonly (Date | null)[]): Date[] {
  return times.filter((time) => time !== null).toSorted((a, b) => Number(a) - Number(b));
}
