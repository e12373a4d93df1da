import type { Channel } from '../call-graph.ts';
import { isExtension } from '../call-teller.ts';
import type { PhoneEvent } from '../port.ts';
import { causeOfHangup } from './causes.ts';
import { EslContext } from './esl-context.ts';
import type { EslHandler } from './esl-context.ts';
import { fieldOf } from './esl-parser.ts';
import type { EslEvent } from './esl-parser.ts';
import { tellSnapshot } from './esl-snapshot.ts';
import type { ListedChannel } from './esl-snapshot.ts';
import { noteAttended, noteBlind, notePickup, parking } from './esl-transfers.ts';

export interface EslTranslator {
  translate(event: EslEvent, receivedAt: Date): PhoneEvent[];
  /** What is up after a gap, as `show channels as json` lists it. */
  reconcile(listed: readonly ListedChannel[], at: Date): PhoneEvent[];
}

/** Turns FreeSWITCH's events into facts about calls. Proven on recordings of 1.11. */
export function createEslTranslator(trunks: readonly string[]): EslTranslator {
  const context = new EslContext(trunks);
  return {
    translate(event, receivedAt) {
      const microseconds = Number(fieldOf(event, 'Event-Date-Timestamp'));
      context.at = microseconds > 0 ? new Date(Math.floor(microseconds / 1000)) : receivedAt;
      const name = fieldOf(event, 'Event-Name');
      if (Object.hasOwn(handlers, name)) handlers[name]?.(context, event);
      return context.take();
    },
    reconcile(listed, at) {
      // A recorded stream tells no time for an answer: it is no earlier than what came before and what it lists.
      const begun = listed.map(({ created_epoch }) => Number(created_epoch) * 1000 || 0);
      const latest = Math.max(at.getTime(), context.at.getTime(), ...begun);
      tellSnapshot(context, listed, new Date(latest));
      return context.take();
    },
  };
}

const handlers: Record<string, EslHandler> = {
  CHANNEL_CREATE: (context, event) => void context.channel(event),
  CHANNEL_PROGRESS: (context, event) => void context.channel(event),
  CHANNEL_PROGRESS_MEDIA: (context, event) => void context.channel(event),

  /** Also what a queue or an announcement does with the caller's leg: for the call only a bridge counts. */
  CHANNEL_ANSWER(context, event) {
    const channel = context.channel(event);
    if (channel === null) return;
    channel.up = true;
    tellIfTalking(context, channel);
  },

  CHANNEL_BRIDGE(context, event) {
    context.channel(event);
    const a = context.known(event, 'Bridge-A-Unique-ID');
    const b = context.known(event, 'Bridge-B-Unique-ID');
    if (!a || !b) return;
    noteAttended(context, a, b);
    notePickup(context, a, b);
    context.merge(a.call, b.call);
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      one.partner = other;
      one.bridge = other.id;
      one.moving = false;
    }
    for (const channel of [a, b]) tellIfTalking(context, channel);
  },

  CHANNEL_HOLD(context, event) {
    const channel = context.channel(event);
    if (channel) context.held(channel, 'leg-held');
  },

  CHANNEL_UNHOLD(context, event) {
    const channel = context.channel(event);
    if (channel) context.held(channel, 'leg-unheld');
  },

  CHANNEL_UNBRIDGE: (context, event) => noteBlind(context, event),
  CHANNEL_HANGUP: (context, event) => noteBlind(context, event),
  CHANNEL_HANGUP_COMPLETE: hangUp,
  CHANNEL_DESTROY: hangUp,

  CUSTOM(context, event) {
    const kind = fieldOf(event, 'Event-Subclass');
    if (kind === 'valet_parking::info') parking(context, event);
    if (kind !== 'callcenter::info') return;
    const call = context.known(event, 'CC-Member-Session-UUID')?.call;
    if (call && fieldOf(event, 'CC-Action') === 'member-queue-start') {
      context.queued(call, fieldOf(event, 'CC-Queue'));
    }
  },

  RECORD_START(context, event) {
    const call = context.known(event)?.call;
    if (call) context.tell(call, { type: 'recorded', file: fieldOf(event, 'Record-File-Path') });
  },

  /** Of a click-to-call that did not come about, only the job's own words name the target. */
  BACKGROUND_JOB(context, event) {
    if (fieldOf(event, 'Job-Command') !== 'originate') return;
    const { id, target } = readOriginate(fieldOf(event, 'Job-Command-Arg'));
    const known = context.graph.callOf(id);
    if (known) known.requested = target;
    if (!event.body.startsWith('-ERR') || !context.graph.knows(id)) return;
    const direction = target !== null && isExtension(target) ? 'internal' : 'outbound';
    const call = context.graph.callIdOf(id);
    const way = { direction, from: null, to: target, queue: null } as const;
    context.tellAll({ type: 'call-started', call, at: context.at, ...way });
  },
};

/** A leg that was called talks when it lifted and is bridged; bridges come before the answer where a ring tone is sent. */
function tellIfTalking(context: EslContext, channel: Channel): void {
  if (!channel.called || !channel.up) return;
  // The phone that a click-to-call rings first lifts before there is anybody to talk to.
  if (channel.bridge !== '' || channel === channel.call.first) context.answered(channel);
}

function hangUp(context: EslContext, event: EslEvent): void {
  const channel = context.known(event);
  if (!channel) return;
  noteBlind(context, event);
  if (/^recv_(bye|cancel)$/.test(fieldOf(event, 'variable_sip_hangup_disposition'))) {
    context.quit(channel);
  }
  context.hungUp(channel, causeOfHangup(event));
}

/** `{origination_uuid=UUID,…}user/101@DOMAIN +12025550188 XML internal` */
function readOriginate(argument: string): { id: string; target: string | null } {
  const id = /[{,]origination_uuid=([\w-]+)/.exec(argument)?.[1] ?? '';
  const [, target = ''] = argument.replace(/^\s*(\{[^}]*\}|<[^>]*>|\[[^\]]*\])*/, '').split(/\s+/);
  return { id, target: target === '' || target.startsWith('&') ? null : target };
}
