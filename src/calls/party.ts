import type { Call } from './call.ts';

/** Whether both ends are phones of the house. Webhooks call such a call 'in' as well, from an extension. */
export function isInHouse({ direction, from }: Pick<Call, 'direction' | 'from'>): boolean {
  return direction === 'internal' || (direction === 'inbound' && /^\d{1,6}$/.test(from ?? ''));
}

/** The party outside, as received: who calls us or is called by us. Null in the house and while nobody has told. */
export function outsideParty(call: Pick<Call, 'direction' | 'from' | 'to'>): string | null {
  if (isInHouse(call)) return null;
  return call.direction === 'outbound' ? call.to : call.from;
}
