import type { Call } from '../calls/call.ts';
import { isInHouse } from '../calls/party.ts';
import { recentCallsOfExtension } from '../calls/store.ts';
import type { StoredCall } from '../calls/store.ts';
import type { Database } from '../platform/database/database.ts';

/** How far a phone system's clock may be ahead of ours. */
const clockSlack = 10 * 60_000;
/** Who was asked may ask somebody else in turn, and so on. */
const askedOnAtMost = 3;

/**
 * The customer's call that a call in the house is about: whoever dials a colleague while talking to somebody outside asks about
 * them. No phone system says so before the transfer (the consultation is a call of its own until it is merged), so it follows
 * from the times. Null for a call that is no consultation.
 */
export function consultedCall(db: Database, call: StoredCall): Promise<StoredCall | null> {
  return askedAbout(db, call, askedOnAtMost);
}

async function askedAbout(
  db: Database,
  call: StoredCall,
  depth: number,
): Promise<StoredCall | null> {
  const { from, startedAt, organizationId } = call;
  if (depth === 0 || from === null || !isInHouse(call)) return null;
  const since = new Date(startedAt.getTime() - clockSlack);
  const recent = await recentCallsOfExtension(db, organizationId, from, since);
  const others = recent.filter((other) => other.id !== call.id && talksIn(other, from, startedAt));
  const outside = others.find((other) => !isInHouse(other));
  if (outside !== undefined) return outside;
  for (const other of others) {
    const about = other.from === from ? null : await askedAbout(db, other, depth - 1);
    if (about !== null) return about;
  }
  return null;
}

/** Whether the extension was in the conversation at that time, whether or not the other party was on hold. */
export function talksIn(call: Call, extension: string, at: Date): boolean {
  if (call.answeredAt === null || call.answeredAt > at) return false;
  if (call.endedAt !== null && call.endedAt <= at) return false;
  const answered = call.legs.filter((leg) => leg.answeredAt !== null && leg.answeredAt <= at);
  return call.legs.some((leg) => {
    if (leg.extension !== extension || (leg.endedAt !== null && leg.endedAt <= at)) return false;
    // A phone that placed the call talks as soon as the far end answers.
    if (leg.ringingAt !== null && !answered.includes(leg)) return false;
    // Where nobody tells that a leg ended, whoever of the house answered last has the call.
    return (
      !call.exclusive ||
      !answered.some((other) => isPhone(other.extension) && isLater(other, leg, extension))
    );
  });
}

type Answer = Pick<Call['legs'][number], 'extension' | 'answeredAt'>;

function isLater(other: Answer, leg: Answer, extension: string): boolean {
  return other.extension !== extension && Number(other.answeredAt) >= Number(leg.answeredAt);
}

function isPhone(extension: string | null): boolean {
  return /^\d{1,6}$/.test(extension ?? '');
}
