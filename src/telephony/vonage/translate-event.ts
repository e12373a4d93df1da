import { tellLeg, withPlus } from '../hook-leg.ts';
import type { LegReport } from '../hook-leg.ts';
import type { CallEvent, EndCause } from '../port.ts';
import type { VonageEvent } from './vonage-event.ts';

const deeds: Record<string, LegReport['does'] | undefined> = {
  started: 'begins',
  ringing: 'rings',
  answered: 'answers',
  busy: 'ends',
  cancelled: 'ends',
  unanswered: 'ends',
  disconnected: 'ends',
  rejected: 'ends',
  failed: 'ends',
  timeout: 'ends',
  completed: 'ends',
};

const causes: Record<string, EndCause | undefined> = {
  busy: 'busy',
  cancelled: 'cancelled',
  unanswered: 'no-answer',
  timeout: 'no-answer',
  rejected: 'declined',
  failed: 'congestion',
};

/** One event as facts. `ringing` may come before `started`: neither needs the other. */
export function translateVonageEvent(
  event: VonageEvent,
  query: URLSearchParams,
  receivedAt: Date,
): CallEvent[] {
  const { conversation_uuid: call, uuid: leg, status = '' } = event;
  const at = event.timestamp ?? receivedAt;
  if (status === 'transfer') {
    const { conversation_uuid_from: left, conversation_uuid_to: joined } = event;
    if (!left || !joined || left === joined) return [];
    return [{ type: 'call-merged', call: joined, into: left, at }];
  }
  if (call === undefined) return [];
  if (event.recording_uuid) return [{ type: 'recorded', call, at, file: event.recording_uuid }];
  const does = Object.hasOwn(deeds, status) ? deeds[status] : undefined;
  if (does === undefined || leg === undefined || !event.direction) return [];
  return tellLeg({
    call,
    leg,
    at,
    way: event.direction === 'inbound' ? 'in' : 'out',
    from: withPlus(event.from ?? ''),
    to: withPlus(event.to ?? ''),
    query,
    does,
    cause: (Object.hasOwn(causes, status) ? causes[status] : undefined) ?? 'normal',
    root: false,
    tellsCaller: false,
  });
}
