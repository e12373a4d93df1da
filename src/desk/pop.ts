import type { Call } from '../calls/call.ts';
import type { CallerNumber, CallWork, DeskState, Match, Pop, PopCard } from './contract.ts';
import { endedPopMinutes, endedPopsKept } from './contract.ts';
import { unlocks } from '../organization/features.ts';
import type { Plan } from '../organization/plan.ts';
import type { Part } from './part.ts';

/** Puts a pop together for one person. */
export function popOf(facts: {
  callId: string;
  call: Call;
  part: Part & { kind: 'shown' };
  caller: CallerNumber;
  /** Who asks about the caller, where the call is a consultation. */
  askedBy: string | null;
  /** The number that was dialled, for people. */
  dialled: string;
  match: Match;
  priority: Pop['priority'];
  card: PopCard;
  /** When the mirror last heard from the CRM. */
  asOf: Date | null;
  work: CallWork;
}): Pop {
  const { call, part } = facts;
  return {
    callId: facts.callId,
    state: part.state,
    direction: call.direction,
    caller: facts.caller,
    askedBy: facts.askedBy,
    dialled: facts.dialled,
    queue: call.queue,
    priority: facts.priority,
    startedAt: call.startedAt.toISOString(),
    answeredAt: part.answeredAt?.toISOString() ?? null,
    endedAt: part.endedAt?.toISOString() ?? null,
    result: part.result,
    match: facts.match,
    card: facts.card,
    asOf: facts.asOf?.toISOString() ?? null,
    work: facts.work,
  };
}

/** Why a person gets no pops, the first thing to mend; null when they do. */
export function blockOf(person: {
  plan: Plan | null;
  extension: string | null;
  mapped: boolean;
}): DeskState['blocked'] {
  if (!unlocks(person.plan, 'screen-pops')) return 'no-plan';
  if (person.extension === null) return 'no-extension';
  return person.mapped ? null : 'not-mapped';
}

/** A phone that is said to ring for longer than this lost its end on the way here. */
const longestRing = 15 * 60_000;

/** Whether a part still belongs on the Desk at `now`. */
export function isFresh(call: Call, part: Part & { kind: 'shown' }, now: Date): boolean {
  if (part.state === 'ringing') return Number(now) - lastRing(call) < longestRing;
  if (part.state !== 'ended') return true;
  return Number(now) - Number(part.endedAt ?? call.startedAt) < endedPopMinutes * 60_000;
}

/** Of parts of one person, newest first: all that are up or in wrap-up, and the last few that ended. */
export function keepLatest<T extends { part: Part & { kind: 'shown' }; kept: boolean }>(
  parts: readonly T[],
): T[] {
  const ended = parts
    .filter(({ part, kept }) => part.state === 'ended' && !kept)
    .toSorted((a, b) => Number(b.part.endedAt) - Number(a.part.endedAt));
  const latest = new Set(ended.slice(0, endedPopsKept));
  return parts.filter((entry) => entry.part.state !== 'ended' || entry.kept || latest.has(entry));
}

function lastRing(call: Call): number {
  return Math.max(Number(call.startedAt), ...call.legs.map((leg) => Number(leg.ringingAt ?? 0)));
}
