import type { CallHandling } from '../organization/call-handling.ts';
import { isOpen } from '../organization/opening-hours.ts';

/** Whether an organization wants a case for a missed call. `known`: the CRM has the caller as somebody it serves. */
export function wantsCase(
  { missedCalls: rules, openingHours }: CallHandling,
  call: { queue: string | null; at: Date; known: boolean },
  timeZone: string,
): boolean {
  if (!rules.openCase || (rules.knownOnly && !call.known)) return false;
  const queues = rules.queues.map((name) => name.toLowerCase());
  if (queues.length > 0 && !queues.includes(call.queue?.toLowerCase() ?? '')) return false;
  if (rules.when === 'always') return true;
  return isOpen(openingHours, call.at, timeZone) === (rules.when === 'open');
}
