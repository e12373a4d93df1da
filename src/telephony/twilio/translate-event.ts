import { tellLeg } from '../hook-leg.ts';
import type { LegReport } from '../hook-leg.ts';
import type { CallEvent, EndCause } from '../port.ts';
import type { TwilioEvent } from './twilio-event.ts';

type Status = NonNullable<TwilioEvent['CallStatus']>;

const deeds: Record<Status, LegReport['does']> = {
  queued: 'begins',
  initiated: 'begins',
  ringing: 'rings',
  'in-progress': 'answers',
  completed: 'ends',
  busy: 'ends',
  failed: 'ends',
  'no-answer': 'ends',
  canceled: 'ends',
};

/**
 * One event as facts. The first leg (the caller's, or the one that the API placed) carries the call, and the legs dialled from it name
 * it as ParentCallSid. Each fact is true by itself, so the order (SequenceNumber) is not needed.
 */
export function translateTwilioEvent(
  event: TwilioEvent,
  query: URLSearchParams,
  receivedAt: Date,
): CallEvent[] {
  const { CallSid: leg, ParentCallSid: call = leg, CallStatus: status } = event;
  const at = event.Timestamp ?? receivedAt;
  const recorded: CallEvent[] = event.RecordingSid
    ? [{ type: 'recorded', call, at, file: event.RecordingSid }]
    : [];
  if (status === undefined || event.Direction === undefined) return recorded;
  const root = call === leg;
  const facts = tellLeg({
    call,
    leg,
    at,
    way: root && event.Direction === 'inbound' ? 'in' : 'out',
    from: event.From,
    to: event.To,
    query,
    does: deeds[status],
    cause: causeOf(status, event.SipResponseCode),
    root,
    tellsCaller: !root,
  });
  return [...facts, ...recorded];
}

function causeOf(status: Status, sipCode: string | undefined): EndCause {
  if (status === 'busy') return sipCode === '603' ? 'declined' : 'busy';
  if (status === 'no-answer') return 'no-answer';
  if (status === 'canceled') return 'cancelled';
  if (status !== 'failed') return 'normal';
  return sipCode === '404' || sipCode === '484' ? 'not-found' : 'congestion';
}
