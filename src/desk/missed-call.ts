import type { Call } from '../calls/call.ts';
import type { CallResult } from '../calls/outcome.ts';
import { isInHouse, outsideParty } from '../calls/party.ts';
import { callerNumber } from '../directory/phone-number.ts';
import type { CallerNumber } from '../directory/phone-number.ts';
import { matchKey } from '../directory/renumbering.ts';

/** What a call says of people who called in vain. */
export type MissedMeaning =
  /** Somebody outside called and nobody took the call. */
  | 'missed'
  /** We called and nobody answered. */
  | 'tried'
  /** Somebody talks, or talked, to the party outside. */
  | 'reached';

const unheard: readonly (CallResult | null)[] = [
  'missed',
  'abandoned',
  'busy',
  'declined',
  'failed',
];

/** Null: nothing, or nothing yet. Calls in the house say nothing, and neither does one whose end nobody saw. */
export function meaningOf(
  call: Pick<Call, 'direction' | 'from' | 'answeredAt' | 'result'>,
): MissedMeaning | null {
  if (isInHouse(call)) return null;
  if (call.answeredAt !== null) return 'reached';
  if (!unheard.includes(call.result)) return null;
  if (call.direction === 'inbound') return 'missed';
  // The agent's own phone was not lifted: nobody was called.
  return call.result === 'failed' ? null : 'tried';
}

/**
 * Whether a change of a call is to be looked at: `at-once` when somebody is talked to, `settled` when it ended otherwise, since what
 * follows an end may still change what it was. Null: nothing new.
 */
export function dueFor(call: Call, before: Call | null): 'at-once' | 'settled' | null {
  const meaning = meaningOf(call);
  const earlier = before === null ? null : meaningOf(before);
  if (meaning === null) return earlier === null ? null : 'settled';
  if (meaning === 'reached') return earlier === 'reached' ? null : 'at-once';
  const alike =
    before !== null &&
    earlier === meaning &&
    before.from === call.from &&
    before.to === call.to &&
    before.queue === call.queue;
  return alike ? null : 'settled';
}

/** The party outside; of a call without a number one that withholds it. */
export function outsideCaller(
  call: Pick<Call, 'direction' | 'from' | 'to'>,
  country: string,
): CallerNumber {
  return callerNumber(outsideParty(call) ?? '', country);
}

/**
 * What calls of one caller have in common. Who withholds the number cannot be told from others who do: their calls are folded by queue,
 * and no answered call says that it was them.
 */
export function callerKey(caller: CallerNumber, queue: string | null): string {
  if (caller.e164 !== null) return matchKey(caller.e164);
  return caller.anonymous ? `withheld:${queue ?? ''}` : `as-told:${caller.raw}`;
}
