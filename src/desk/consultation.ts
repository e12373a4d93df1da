import type { Call } from '../calls/call.ts';
import { recentCallsOfExtension } from '../calls/store.ts';
import type { StoredCall } from '../calls/store.ts';
import type { Database } from '../platform/database/database.ts';

/**
 * The customer's call that an internal call is about: whoever dials a colleague while talking to somebody outside asks about
 * them. No phone system says so before the transfer (telephony: the consultation is a call of its own until it is merged), so it
 * follows from the times. Null for a call that is no consultation.
 */
export async function consultedCall(db: Database, call: StoredCall): Promise<StoredCall | null> {
  const { from, startedAt, organizationId } = call;
  if (call.direction !== 'internal' || from === null) return null;
  const calls = await recentCallsOfExtension(db, organizationId, from, startedAt);
  return calls.find((other) => talksOutside(other, from, startedAt)) ?? null;
}

/** Whether the extension was in a conversation with somebody outside at that time, on hold or not. */
export function talksOutside(call: Call, extension: string, at: Date): boolean {
  if (call.direction === 'internal' || call.answeredAt === null || call.answeredAt > at)
    return false;
  if (call.endedAt !== null && call.endedAt <= at) return false;
  return call.legs.some(
    (leg) =>
      leg.extension === extension &&
      (leg.answeredAt ?? call.answeredAt!) <= at &&
      (leg.endedAt === null || leg.endedAt > at),
  );
}
