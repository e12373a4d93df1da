import type { EndCause, TransferKind } from '../telephony/port.ts';

/** One phone's part in a call, as told. What it means now is `legState`: a leg may be over though nobody said so. */
export interface Leg {
  readonly id: string;
  /** Null: an outside line. */
  readonly extension: string | null;
  /** Null for a phone that placed, picked up or fetched the call. */
  readonly ringingAt: Date | null;
  readonly answeredAt: Date | null;
  readonly endedAt: Date | null;
  readonly cause: EndCause | null;
  readonly onHold: boolean;
}

export interface Transfer {
  readonly id: string;
  readonly kind: TransferKind;
  readonly from: string | null;
  readonly to: string | null;
}

/*
 * Below: how two tellings of the same fact become one. Each gives the same whichever comes first, and telling a thing twice changes
 * nothing; the fold in call.ts rests on that.
 */

export function earliest(a: Date | null, b: Date): Date;
export function earliest(a: Date | null, b: Date | null): Date | null;
export function earliest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return b < a ? b : a;
}

/** Causes from the vaguest to the most telling: a dial that ended 'no answer' or 'busy' of a phone that 'declined' was declined. */
const firmness: readonly EndCause[] = [
  'unknown',
  'normal',
  'no-answer',
  'cancelled',
  'answered-elsewhere',
  'forwarded',
  'congestion',
  'not-found',
  'busy',
  'declined',
];

export function firmer(a: EndCause | null, b: EndCause | null): EndCause | null {
  if (a === null || b === null) return a ?? b;
  return firmness.indexOf(b) > firmness.indexOf(a) ? b : a;
}

export function joinLegs(a: Leg, b: Leg): Leg {
  return {
    id: a.id,
    extension: a.extension ?? b.extension,
    ringingAt: earliest(a.ringingAt, b.ringingAt),
    answeredAt: earliest(a.answeredAt, b.answeredAt),
    endedAt: earliest(a.endedAt, b.endedAt),
    cause: firmer(a.cause, b.cause),
    onHold: a.onHold || b.onHold,
  };
}

export function withLeg(legs: readonly Leg[], leg: Leg): readonly Leg[] {
  if (!legs.some((known) => known.id === leg.id)) return [...legs, leg];
  return legs.map((known) => (known.id === leg.id ? joinLegs(known, leg) : known));
}

/** A transfer told again with more, such as who fetched a parked call, is still the same transfer. */
export function withTransfer(
  transfers: readonly Transfer[],
  transfer: Transfer,
): readonly Transfer[] {
  if (!transfers.some((known) => known.id === transfer.id)) return [...transfers, transfer];
  return transfers.map((known) =>
    known.id === transfer.id
      ? { ...known, from: known.from ?? transfer.from, to: known.to ?? transfer.to }
      : known,
  );
}

/** The leg answered last; of two at the same moment the one told later. */
export function lastAnswered(legs: readonly Leg[]): Leg | undefined {
  return legs
    .filter((leg) => leg.answeredAt !== null)
    .toSorted((a, b) => Number(a.answeredAt) - Number(b.answeredAt))
    .at(-1);
}
