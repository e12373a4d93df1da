import { withPlus } from '../hook-leg.ts';
import type { CallEvent, EndCause } from '../port.ts';
import type { SipgateEvent } from './sipgate-event.ts';

type Cause = NonNullable<Extract<SipgateEvent, { event: 'hangup' }>['cause']>;

const causes: Record<Exclude<Cause, 'forwarded'>, EndCause> = {
  normalClearing: 'normal',
  busy: 'busy',
  cancel: 'cancelled',
  noAnswer: 'no-answer',
  congestion: 'congestion',
  notFound: 'not-found',
};

/**
 * One event as facts. A call that is redirected goes on under a new callId with the first one as origCallId: both are one call here,
 * and the `forwarded` with which the first ends is not its end.
 */
export function translateSipgateEvent(event: SipgateEvent, at: Date): CallEvent[] {
  const { callId, origCallId: call = callId } = event;
  const facts = factsOf(event, { call, at });
  return call === callId
    ? facts
    : [{ type: 'call-merged', call: callId, into: call, at }, ...facts];
}

function factsOf(event: SipgateEvent, base: { call: string; at: Date }): CallEvent[] {
  const agents = extensionsOf(event);
  switch (event.event) {
    case 'newCall': {
      const type = event.direction === 'out' ? 'leg-placed' : 'leg-ringing';
      return [
        ...wayOf(event, base),
        ...agents.map((agent) => ({ ...base, type, leg: agent, extension: agent }) as const),
      ];
    }
    case 'answer': {
      const [agent, ...others] = agents;
      const extension = others.length === 0 ? (agent ?? null) : null;
      return [...wayOf(event, base), { ...base, type: 'call-answered', extension }];
    }
    case 'hangup': {
      if (event.cause === 'forwarded') return wayOf(event, base);
      const cause = event.cause ? causes[event.cause] : 'normal';
      return [...wayOf(event, base), { ...base, type: 'call-ended', cause }];
    }
    case 'dtmf':
      return [];
  }
}

function wayOf(event: SipgateEvent, base: { call: string; at: Date }): CallEvent[] {
  if (event.direction === undefined) return [];
  const [from, to] = [event.from, event.to].map((told) => withPlus(told ?? '') || null);
  const direction = event.direction === 'out' ? 'outbound' : 'inbound';
  return [
    { ...base, type: 'call-started', direction, from: from ?? null, to: to ?? null, queue: null },
  ];
}

/** Users by the digits behind the `w` of their id: `1234567w12` and `w12` have the extension 12. */
function extensionsOf({ fullUserId, userId }: SipgateEvent): string[] {
  const ids = fullUserId ?? userId ?? [];
  return [...new Set(ids.flatMap((one) => /^\d*[a-z](\d{1,16})$/.exec(one)?.[1] ?? []))];
}
