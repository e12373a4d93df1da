import type { Call } from '../calls/call.ts';
import { isInHouse } from '../calls/party.ts';
import type { CallHandling } from '../organization/call-handling.ts';

/** Whether the organization wants a call that is over to be written down. */
export function isLogged(
  call: Call,
  { directions, results, minimumSeconds }: CallHandling['logging'],
): boolean {
  if (call.endedAt === null || call.result === null) return false;
  const direction = isInHouse(call) ? 'internal' : call.direction;
  if (!directions.includes(direction) || !results.includes(call.result)) return false;
  return call.answeredAt === null || talkSeconds(call) >= minimumSeconds;
}

/** Whole seconds from the answer to the end; 0 for a call that nobody answered or that is up. */
export function talkSeconds({ answeredAt, endedAt }: Pick<Call, 'answeredAt' | 'endedAt'>): number {
  if (answeredAt === null || endedAt === null) return 0;
  return Math.max(0, Math.round((endedAt.getTime() - answeredAt.getTime()) / 1000));
}

/** The outside party's number as received; of an internal call who was called. */
export function outsideNumber(call: Pick<Call, 'direction' | 'from' | 'to'>): string {
  return (call.direction === 'inbound' ? call.from : call.to) ?? '';
}

/** The extension of the person whose call it was in the end: who talked last, or who placed it. */
export function lastExtension(
  call: Pick<Call, 'direction' | 'from' | 'answeredBy'>,
): string | null {
  return call.answeredBy ?? (call.direction === 'inbound' ? null : call.from);
}
