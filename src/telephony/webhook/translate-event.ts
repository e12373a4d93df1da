import type { CallEvent, EndCause } from '../port.ts';
import type { WebhookEvent } from './webhook-event.ts';

type Cause = NonNullable<Extract<WebhookEvent, { event: 'hangup' }>['cause']>;

const causes: Record<Cause, EndCause> = {
  normalClearing: 'normal',
  busy: 'busy',
  cancel: 'cancelled',
  noAnswer: 'no-answer',
  congestion: 'congestion',
  notFound: 'not-found',
  forwarded: 'forwarded',
};

/** One posted event as facts. `user` of an outgoing call is the agent who places it, of an incoming one who is rung. */
export function translateWebhookEvent(event: WebhookEvent, at: Date): CallEvent[] {
  const base = { call: event.callId, at };
  const users = event.user ?? [];
  switch (event.event) {
    case 'newCall': {
      const type = event.direction === 'out' ? 'leg-placed' : 'leg-ringing';
      const legs = users.map((user) => ({ ...base, type, leg: user, extension: user }) as const);
      const { from, to } = event;
      return [{ ...base, ...details(event, event.direction), from, to }, ...legs];
    }
    case 'answer':
      return [...told(event, at), { ...base, type: 'call-answered', extension: answerer(event) }];
    case 'hangup': {
      const cause = event.cause ? causes[event.cause] : 'normal';
      return [...told(event, at), { ...base, type: 'call-ended', cause }];
    }
  }
}

/** Answer and hangup repeat what newCall said; it counts when newCall was lost. An empty number there says nothing. */
function told(event: Exclude<WebhookEvent, { event: 'newCall' }>, at: Date): CallEvent[] {
  if (!event.direction) return [];
  return [{ call: event.callId, at, ...details(event, event.direction) }];
}

function details(event: WebhookEvent, direction: 'in' | 'out') {
  return {
    type: 'call-started',
    direction: direction === 'out' ? 'outbound' : 'inbound',
    from: event.from || null,
    to: event.to || null,
    queue: event.queue || null,
  } as const;
}

/** Who has the call: the only user named, else the number that answered; of several users without it nobody knows. */
function answerer(event: Extract<WebhookEvent, { event: 'answer' }>): string | null {
  const [user, ...others] = event.user ?? [];
  return others.length === 0 && user !== undefined ? user : event.answeringNumber || null;
}
