import type { JournalEntry } from '../calls/journal-store.ts';
import type { CallEvent, EndCause } from '../telephony/port.ts';
import type { CallStep } from './contract.ts';

/** How people call an extension or a number of the journal. */
export type Naming = (extensionOrNumber: string | null) => string;

/** What a journal says, step by step, in words. What only repeats in other words what came before is left out. */
export function stepsOf(journal: readonly JournalEntry[], name: Naming): CallStep[] {
  const extensions = new Map<string, string | null>();
  let begun = false;
  return journal.flatMap(({ event, receivedAt, ofPart }) => {
    if ('leg' in event && 'extension' in event) extensions.set(event.leg, event.extension);
    const who = 'leg' in event ? name(extensions.get(event.leg) ?? null) : '';
    const text =
      event.type === 'call-started'
        ? beginning(event, name, begun, ofPart)
        : textOf(event, who, name);
    begun ||= event.type === 'call-started';
    if (text === null) return [];
    return [{ at: receivedAt.toISOString(), source: 'phone' as const, text, tone: toneOf(event) }];
  });
}

function beginning(
  { direction, from, to, queue }: Extract<CallEvent, { type: 'call-started' }>,
  name: Naming,
  begun: boolean,
  ofPart: boolean,
): string | null {
  const through = queue === null ? '' : `, queue ${queue}`;
  if (begun && !ofPart) return to === null ? null : `The number dialled is ${name(to)}${through}`;
  const what = {
    inbound: 'A call from outside',
    outbound: 'A call to somebody outside',
    internal: 'An internal call',
  }[direction];
  const parties = [
    from === null ? '' : ` from ${name(from)}`,
    to === null ? '' : ` to ${name(to)}`,
  ];
  return `${what}${parties.join('')}${through}`;
}

function textOf(event: CallEvent, who: string, name: Naming): string | null {
  switch (event.type) {
    case 'call-started':
      return null;
    case 'leg-placed':
      return `${who} has the line`;
    case 'leg-ringing':
      return event.extension === null ? 'The outside line is dialled' : `It rings at ${who}`;
    case 'leg-answered':
      return event.extension === null ? 'The other side answers' : `${who} lifts`;
    case 'call-answered':
      return event.extension === null
        ? 'Somebody answers; the phone system does not say who'
        : `${name(event.extension)} has the call`;
    case 'leg-held':
      return `${who} puts the other side on hold`;
    case 'leg-unheld':
      return `${who} takes the call off hold`;
    case 'leg-ended':
      return `${who}: ${legEnds[event.cause]}`;
    case 'queue-joined':
      return `The caller waits in the queue ${event.queue}`;
    case 'transferred':
      return transferred(event, name);
    case 'recorded':
      return 'It is being recorded';
    case 'call-merged':
      return 'It becomes part of the call that it was about';
    case 'call-ended':
      return `The call is over: ${callEnds[event.cause]}`;
  }
}

function transferred(
  { kind, from, to }: Extract<CallEvent, { type: 'transferred' }>,
  name: Naming,
): string {
  const who = from === null ? 'Somebody' : name(from);
  const whom = to === null ? null : name(to);
  switch (kind) {
    case 'pickup':
      return `${whom ?? 'Somebody'} picks up the call that rings at ${who}`;
    case 'park':
      return whom === null
        ? `${who} parks the call`
        : `${whom} fetches the call that ${who} parked`;
    case 'redirect':
      return whom === null
        ? `The call is sent on from ${who}`
        : `The call is sent on from ${who} to ${whom}`;
    case 'blind':
    case 'attended':
      return `${who} transfers the call${whom === null ? '' : ` to ${whom}`}${kind === 'attended' ? ' after asking there' : ''}`;
  }
}

const legEnds: Record<EndCause, string> = {
  normal: 'the line is put down',
  busy: 'busy',
  declined: 'declines the call',
  'no-answer': 'does not answer',
  cancelled: 'stops ringing',
  'answered-elsewhere': 'stops ringing, somebody else was quicker',
  'not-found': 'cannot be reached',
  congestion: 'no line is free',
  forwarded: 'forwards the call',
  unknown: 'is gone',
};

const callEnds: Record<EndCause, string> = {
  normal: 'put down',
  busy: 'busy',
  declined: 'declined',
  'no-answer': 'nobody answered',
  cancelled: 'the caller gave up',
  'answered-elsewhere': 'answered elsewhere',
  'not-found': 'it could not be delivered',
  congestion: 'no line was free',
  forwarded: 'forwarded',
  unknown: 'nobody saw the end, the link to the phone system was lost',
};

const bad: readonly EndCause[] = [
  'busy',
  'declined',
  'no-answer',
  'not-found',
  'congestion',
  'unknown',
];

function toneOf(event: CallEvent): CallStep['tone'] {
  if (event.type === 'leg-answered' || event.type === 'call-answered') return 'good';
  if ((event.type === 'leg-ended' || event.type === 'call-ended') && bad.includes(event.cause))
    return 'bad';
  return event.type === 'call-ended' && event.cause === 'cancelled' ? 'bad' : 'plain';
}

const confusingSeconds = 5;

/** How far the phone system's clock is ahead of ours, in seconds; null where it does not confuse. */
export function clockAhead(journal: readonly JournalEntry[]): number | null {
  const ahead = journal.map(({ event, receivedAt }) => event.at.getTime() - receivedAt.getTime());
  if (ahead.length === 0) return null;
  // News come late but never early: the least late one says most.
  const seconds = Math.max(...ahead) / 1000;
  return Math.abs(seconds) < confusingSeconds ? null : Math.round(seconds);
}
