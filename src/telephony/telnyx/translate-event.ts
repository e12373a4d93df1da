import { tellLeg } from '../hook-leg.ts';
import type { LegReport } from '../hook-leg.ts';
import type { CallEvent, EndCause } from '../port.ts';
import type { TelnyxEvent } from './telnyx-event.ts';

/** What of a leg each event tells; a called leg rings from `call.initiated` on, there is no other word for it. */
const deeds: Record<string, LegReport['does'] | undefined> = {
  'call.initiated': 'rings',
  'call.answered': 'answers',
  'call.bridged': 'answers',
  'call.hold': 'holds',
  'call.unhold': 'unholds',
  'call.hangup': 'ends',
};

const causes: Record<string, EndCause | undefined> = {
  originator_cancel: 'cancelled',
  user_busy: 'busy',
  call_rejected: 'declined',
  no_answer: 'no-answer',
  timeout: 'no-answer',
  not_found: 'not-found',
};

/** One event as facts. Telnyx may send an event twice: it is the same fact then. */
export function translateTelnyxEvent(
  { event_type: type, occurred_at, payload }: TelnyxEvent,
  query: URLSearchParams,
  receivedAt: Date,
): CallEvent[] {
  const { call_session_id: call, call_leg_id: leg } = payload;
  const at = occurred_at ?? receivedAt;
  const [from, to] = [payload.from ?? '', payload.to ?? ''];
  if (type === 'call.enqueued' && payload.queue)
    return [{ type: 'queue-joined', call, at, queue: payload.queue }];
  if (type === 'call.recording.saved' && payload.recording_id)
    return [{ type: 'recorded', call, at, file: payload.recording_id }];
  if (type === 'call.refer.completed' && payload.sip_refer_to) {
    const target = payload.sip_refer_to.replace(/^<?sips?:([^@;>]+).*$/i, '$1');
    return [
      { type: 'transferred', call, at, transfer: leg, kind: 'blind', from: null, to: target },
    ];
  }
  const does = Object.hasOwn(deeds, type) ? deeds[type] : undefined;
  const { direction } = payload;
  if (does === undefined || !direction) return [];
  const way = direction === 'incoming' || direction === 'inbound' ? 'in' : 'out';
  const common = { call, leg, at, from, to, query, does, cause: causeOf(payload) };
  return tellLeg({ ...common, way, root: false, tellsCaller: false });
}

function causeOf({ hangup_cause: cause, sip_hangup_cause: sip }: TelnyxEvent['payload']): EndCause {
  if (sip === '603') return 'declined';
  return (cause && Object.hasOwn(causes, cause) ? causes[cause] : undefined) ?? 'normal';
}
