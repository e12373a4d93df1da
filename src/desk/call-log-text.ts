import type { Call } from '../calls/call.ts';
import { legState } from '../calls/call.ts';
import type { Leg, Transfer } from '../calls/leg.ts';
import { isInHouse } from '../calls/party.ts';
import { cleanText } from '../platform/text.ts';
import { lastExtension, talkSeconds } from './call-log.ts';

/** What a call's text needs beside the call. */
export interface CallTextFacts {
  /** 'Ada Berg (Nordwind GmbH)', or '' for somebody unknown. */
  party: string;
  /** The outside number for people; 'withheld' where it is. */
  number: string;
  /** The number that was dialled, for people; '' when not known. */
  dialled: string;
  /** What people call an extension: 'Alice Adams', else 'extension 201'. */
  nameOf(extension: string): string;
  /** IANA name. */
  timeZone: string;
  /** What people did with it: wrap-up, notes. Whole lines. */
  work: readonly string[];
}

const directionWords = { inbound: 'Inbound', outbound: 'Outbound', internal: 'Internal' } as const;
const longestShort = 160;
const namesAtMost = 20;

/** 'Inbound call from Ada Berg (+49 30 12345): answered by Alice Adams, 3 min 10 s', at most 160 characters. */
export function shortText(call: Call, facts: CallTextFacts): string {
  const who = facts.party === '' ? facts.number : `${facts.party} (${facts.number})`;
  const end = `: ${outcome(call, facts)}`;
  return cleanText(headOf(call, who, facts), longestShort - end.length) + end;
}

/** 'Inbound call from …', 'Outbound call to …'; in the house who called whom. */
function headOf(call: Call, who: string, { nameOf }: CallTextFacts): string {
  if (!isInHouse(call))
    return `${directionWords[call.direction]} call ${call.direction === 'inbound' ? 'from' : 'to'} ${who}`;
  const from = call.from === null ? '' : ` from ${nameOf(call.from)}`;
  const to = call.to === null ? '' : ` to ${nameOf(call.to)}`;
  return `Internal call${from}${to}`;
}

function outcome(call: Call, { nameOf }: CallTextFacts): string {
  if (call.answeredAt === null) return call.result ?? 'unknown';
  const extension = lastExtension(call);
  const by = extension === null || call.direction !== 'inbound' ? '' : ` by ${nameOf(extension)}`;
  return `answered${by}, ${duration(talkSeconds(call))}`;
}

/** The whole journey, line by line: who called whom, which phones rang, who answered, transfers, how it ended. */
export function journeyText(call: Call, facts: CallTextFacts): string {
  const { timeZone } = facts;
  const clock = clockIn(timeZone);
  const party = facts.party === '' ? '' : `${facts.party}, `;
  const dialled =
    call.direction === 'inbound' && !isInHouse(call) && facts.dialled !== ''
      ? ` to ${facts.dialled}`
      : '';
  const queue = call.queue === null ? '' : `, queue ${cleanText(call.queue, 100)}`;
  const lines = [
    `${headOf(call, party + facts.number, facts)}${dialled}${queue}`,
    `Began ${dayIn(timeZone)(call.startedAt)}, ${clock(call.startedAt)} (${timeZone})`,
    ...stepsOf(call, facts).map(({ at, text }) => (at === null ? text : `${clock(at)} ${text}`)),
  ];
  if (call.endedAt !== null) {
    const talked = call.answeredAt === null ? '' : `, talked ${duration(talkSeconds(call))}`;
    const held = call.held ? ', was on hold' : '';
    lines.push(`${clock(call.endedAt)} Ended: ${call.result ?? 'unknown'}${talked}${held}`);
  }
  if (call.recording !== null) lines.push(`Recording: ${cleanText(call.recording, 200)}`);
  return [...lines, ...facts.work].join('\n');
}

interface Step {
  at: Date | null;
  text: string;
}

function stepsOf(call: Call, facts: CallTextFacts): Step[] {
  const own = call.legs.filter((leg) => leg.extension !== null);
  const rang = [
    ...Map.groupBy(
      own.filter((leg) => leg.ringingAt !== null),
      secondOf,
    ),
  ].map(([, together]): Step => ({
    at: together[0]!.ringingAt,
    text: `Rang ${names(together, facts)}`,
  }));
  const answered = own
    .filter((leg) => leg.answeredAt !== null)
    .map((leg): Step => ({ at: leg.answeredAt, text: `${facts.nameOf(leg.extension!)} answered` }));
  const declined = own
    .filter(
      (leg) =>
        leg.answeredAt === null && leg.cause === 'declined' && legState(call, leg) === 'ended',
    )
    .map((leg): Step => ({ at: leg.endedAt, text: `${facts.nameOf(leg.extension!)} declined` }));
  const timed = [...rang, ...answered, ...declined].toSorted((a, b) => Number(a.at) - Number(b.at));
  return call.transfers.reduce(
    (steps, transfer) => withTransfer(steps, transfer, call, facts),
    timed,
  );
}

/** A phone system does not always say when a call was transferred: it stands before its target's answer, else at the end. */
function withTransfer(
  steps: Step[],
  transfer: Transfer,
  call: Call,
  { nameOf }: CallTextFacts,
): Step[] {
  const { kind, from, to } = transfer;
  const by = from === null ? '' : ` by ${nameOf(from)}`;
  const whom = to === null ? '' : ` to ${nameOf(to)}`;
  const step = { at: null, text: `Transferred (${kind})${by}${whom}` };
  const target = call.legs.find(
    (leg) => leg.extension !== null && leg.extension === to && leg.answeredAt !== null,
  );
  const place = steps.findIndex(
    ({ at }) => at !== null && target !== undefined && Number(at) >= Number(target.answeredAt),
  );
  return place === -1 ? [...steps, step] : steps.toSpliced(place, 0, step);
}

const secondOf = (leg: Leg): number => Math.floor(Number(leg.ringingAt) / 1000);

function names(legs: readonly Leg[], { nameOf }: CallTextFacts): string {
  const all = [...new Set(legs.map((leg) => nameOf(leg.extension!)))];
  const more = all.length > namesAtMost ? ` and ${all.length - namesAtMost} more` : '';
  return all.slice(0, namesAtMost).join(', ') + more;
}

/** '45 s', '3 min 10 s', '5 min', '1 h 2 min'. */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const parts: [number, string][] =
    minutes < 60
      ? [
          [minutes, 'min'],
          [seconds % 60, 's'],
        ]
      : [
          [Math.floor(minutes / 60), 'h'],
          [minutes % 60, 'min'],
        ];
  const told = parts.filter(([count]) => count > 0);
  return told.map(([count, unit]) => `${count} ${unit}`).join(' ') || '0 s';
}

function clockIn(timeZone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' });
  return (at) => format.format(at);
}

function dayIn(timeZone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium' });
  return (at) => format.format(at);
}
