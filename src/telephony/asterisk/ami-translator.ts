import type { EndCause, PhoneEvent } from '../port.ts';
import { AmiContext } from './ami-context.ts';
import type { AmiHandler } from './ami-context.ts';
import { valueOf } from './ami-parser.ts';
import type { AmiMessage } from './ami-parser.ts';
import { snapshotHandlers } from './ami-snapshot.ts';
import { transferHandlers } from './ami-transfers.ts';
import type { Channel, GraphCall } from './call-graph.ts';
import { isExtension, tellDestination, tellPlainDestination } from './destination.ts';
import { causeOfDialEnd, causeOfHangup } from './causes.ts';
import { dialledNumber } from './channel-name.ts';

/** Every prefix under which events name a channel with Uniqueid and Linkedid. */
const prefixes = [
  '',
  'Dest',
  'Transferer',
  'Transferee',
  'OrigTransferer',
  'SecondTransferer',
  'TransferTarget',
  'Target',
  'Parkee',
  'Retriever',
];

export interface AmiTranslator {
  translate(message: AmiMessage, receivedAt: Date): PhoneEvent[];
}

/**
 * Turns AMI events into facts about calls. Proven on Asterisk 16 (chan_sip, chan_pjsip) and 22. Order is not causal there, so each
 * handler says what its event makes true and relies on no other having come before, except that a channel is created before it acts.
 */
export function createAmiTranslator(trunks: readonly string[]): AmiTranslator {
  const context = new AmiContext(trunks);
  let clock = new Date(0);
  return {
    translate(message, receivedAt) {
      const timestamp = Number(valueOf(message, 'Timestamp'));
      if (timestamp > 0) clock = new Date(Math.floor(timestamp * 1000));
      // Answers to actions carry no time: then it is now or, in a recording, the time of the last event.
      context.at = timestamp > 0 || clock > receivedAt ? clock : receivedAt;
      adoptLinkedIds(context, message);
      handlers[valueOf(message, 'Event')]?.(context, message);
      return context.take();
    },
  };
}

/**
 * A consultation, a pickup or a fetch from parking starts with a Linkedid of its own and takes on the older one later, without
 * any event that says so: the channel just shows another one.
 */
function adoptLinkedIds(context: AmiContext, message: AmiMessage): void {
  for (const prefix of prefixes) {
    const channel = context.graph.channels.get(valueOf(message, `${prefix}Uniqueid`));
    const linkedId = valueOf(message, `${prefix}Linkedid`);
    if (!channel || linkedId === '' || linkedId === channel.call.id) continue;
    const call = context.graph.callOf(linkedId);
    if (call) context.merge(channel.call, call);
  }
}

const handlers: Record<string, AmiHandler> = {
  Newchannel(context, message) {
    if (context.graph.channels.has(valueOf(message, 'Uniqueid'))) return;
    const channel = context.channel(message);
    if (channel === null) return;
    channel.exten = plainExten(message, 'Exten');
    const number = numberOf(message, 'CallerIDNum');
    if (channel.call.first === channel) context.open(channel.call, number, channel.exten || null);
  },

  DialBegin(context, message) {
    const caller = context.channel(message);
    const channel = context.channel(message, 'Dest');
    if (channel === null) return;
    if (caller) context.merge(caller.call, channel.call);
    if (channel.called) return;
    channel.called = true;
    channel.dialledBy = caller;
    const { call } = channel;
    if (!call.told) context.open(call, null, null);
    if (channel.type.kind === 'local' || channel.type.kind === 'other') return;
    const dialString = valueOf(message, 'DialString');
    if (channel.type.kind === 'trunk') channel.number = dialledNumber(dialString, context.trunks);
    if (caller) noteRedirect(context, caller);
    const extension = channel.type.kind === 'phone' ? channel.type.extension : null;
    context.tell(call, { type: 'leg-ringing', leg: channel.leg, extension });
    if (channel === call.first) {
      call.originated = true;
      return;
    }
    call.dialled += 1;
    call.abandoned = false;
    tellDestination(context, call, channel);
  },

  DialEnd(context, message) {
    const caller = context.channel(message);
    const channel = context.channel(message, 'Dest');
    if (channel === null) return;
    if (caller) context.merge(caller.call, channel.call);
    if (valueOf(message, 'DialStatus') === 'ANSWER') {
      context.answered(channel);
      if (caller) caller.partner = context.graph.behind(channel);
      return;
    }
    const cause = causeOfDialEnd(message);
    const { call } = channel;
    if (cause === 'cancelled' && caller === call.first && !call.queued) call.abandoned = true;
    if (channel.answered || channel.type.kind === 'local') return;
    const elsewhere = cause === 'cancelled' && call.answered;
    context.tell(call, {
      type: 'leg-ended',
      leg: channel.leg,
      cause: elsewhere ? 'answered-elsewhere' : cause,
    });
  },

  /** A Stasis application answers and bridges by itself, maybe without a dial's end. */
  BridgeEnter(context, message) {
    const channel = context.channel(message);
    if (channel === null) return;
    channel.bridge = valueOf(message, 'BridgeUniqueid');
    const together = [...channel.call.open].filter((other) => other.bridge === channel.bridge);
    if (together.filter((other) => other.type.kind !== 'local').length < 2) return;
    for (const other of together) if (other.called && !other.answered) context.answered(other);
  },

  BridgeLeave(context, message) {
    const channel = context.channel(message);
    if (channel) channel.bridge = '';
  },

  Hold(context, message) {
    const channel = context.channel(message);
    if (channel?.type.kind === 'phone')
      context.tell(channel.call, { type: 'leg-held', leg: channel.leg });
  },

  Unhold(context, message) {
    const channel = context.channel(message);
    if (channel?.type.kind === 'phone')
      context.tell(channel.call, { type: 'leg-unheld', leg: channel.leg });
  },

  QueueCallerJoin(context, message) {
    const channel = context.channel(message);
    if (channel === null) return;
    channel.call.queued = true;
    context.tell(channel.call, { type: 'queue-joined', queue: valueOf(message, 'Queue') });
  },

  QueueCallerAbandon(context, message) {
    const call = context.channel(message)?.call;
    if (call) call.abandoned = true;
  },

  /** The far side of a channel hung up, as opposed to the PBX. */
  HangupRequest(context, message) {
    const channel = context.graph.channels.get(valueOf(message, 'Uniqueid'));
    if (channel === undefined) return;
    channel.quit = true;
    if (channel === channel.call.first && !channel.call.answered) channel.call.abandoned = true;
  },

  Hangup(context, message) {
    const channel = context.graph.channels.get(valueOf(message, 'Uniqueid'));
    if (channel === undefined) return;
    const { call } = channel;
    const cause = channel.answered ? 'normal' : causeOfHangup(message);
    if (channel.type.kind === 'phone' || (channel.type.kind === 'trunk' && channel.called)) {
      context.tell(call, { type: 'leg-ended', leg: channel.leg, cause });
    }
    if (channel.type.kind !== 'local') call.lastHangupAt = context.at;
    if (!context.graph.hangUp(channel)) return;
    tellPlainDestination(context, call);
    context.end(call, causeOfEnd(call, cause));
  },

  /** A click-to-call that did not come about; only this event names the target. */
  OriginateResponse(context, message) {
    const id = valueOf(message, 'Uniqueid');
    const to = plainExten(message, 'Exten') || null;
    const call = context.graph.callOf(id);
    if (call) call.requested = to;
    if (valueOf(message, 'Response') !== 'Failure' || !context.graph.knows(id)) return;
    const direction = to !== null && isExtension(to) ? 'internal' : 'outbound';
    const at = context.at;
    context.tellAll({
      type: 'call-started',
      call: context.graph.callIdOf(id),
      at,
      direction,
      from: null,
      to,
      queue: null,
    });
  },

  VarSet(context, message) {
    if (valueOf(message, 'Variable') !== 'MIXMONITOR_FILENAME') return;
    const call = context.graph.channels.get(valueOf(message, 'Uniqueid'))?.call;
    if (call) context.tell(call, { type: 'recorded', file: valueOf(message, 'Value') });
  },

  /** The PBX stops; it may have reported the hang-ups before, or not. */
  Shutdown(context) {
    for (const call of context.graph.calls.values()) context.end(call, 'unknown');
  },

  ...transferHandlers,
  ...snapshotHandlers,
};

/**
 * AMI Redirect has no event: the caller of an answered call is simply dialled on to somebody else. The agent who hung up is
 * something else; there the dialplan goes on.
 */
function noteRedirect(context: AmiContext, caller: Channel): void {
  const { call, partner } = caller;
  if (call.pending?.kind === 'blind') context.flushTransfer(call);
  const moving = caller.moving;
  caller.moving = false;
  caller.partner = null;
  if (moving || !partner?.answered || partner.quit || partner.type.kind !== 'phone') return;
  call.redirects += 1;
  const id = `redirect-${caller.id}-${call.redirects}`;
  call.pending = { id, kind: 'redirect', from: partner.type.extension, to: null, channel: caller };
  context.flushTransfer(call);
}

function causeOfEnd(call: GraphCall, lastCause: EndCause): EndCause {
  if (call.answered) return 'normal';
  if (call.abandoned) return 'cancelled';
  if (call.dialled > 0 || call.queued) return 'normal';
  return lastCause === 'normal' || lastCause === 'no-answer' ? 'not-found' : lastCause;
}

/** `s` and its like are places in the dialplan and nothing that anybody dialled. */
function plainExten(message: AmiMessage, key: string): string {
  const exten = valueOf(message, key);
  return /^[a-z](-|$)/i.test(exten) ? '' : exten;
}

function numberOf(message: AmiMessage, key: string): string | null {
  const number = valueOf(message, key);
  return number === '' || number === '<unknown>' ? null : number;
}
