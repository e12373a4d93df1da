import { isExtension } from '../call-teller.ts';
import type { PhoneEvent } from '../port.ts';
import { AmiContext } from './ami-context.ts';
import type { AmiHandler } from './ami-context.ts';
import { valueOf } from './ami-parser.ts';
import type { AmiMessage } from './ami-parser.ts';
import { snapshotHandlers } from './ami-snapshot.ts';
import { transferHandlers } from './ami-transfers.ts';
import { causeOfDialEnd, causeOfHangup } from './causes.ts';
import { dialledNumber, trunkNames } from './channel-name.ts';

/**
 * Every prefix under which events name a channel with Uniqueid and Linkedid. The keys are put together here: doing it for every
 * event took a third of the time (bench/ami.ts).
 */
const channelKeys = [
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
].map((prefix) => ({ uniqueId: `${prefix}Uniqueid`, linkedId: `${prefix}Linkedid` }));

export interface AmiTranslator {
  translate(message: AmiMessage, receivedAt: Date): PhoneEvent[];
}

/**
 * Turns AMI events into facts about calls. Proven on Asterisk 16 (chan_sip, chan_pjsip) and 22. Order is not causal there, so each
 * handler says what its event makes true and relies on no other having come before, except that a channel is created before it acts.
 */
export function createAmiTranslator(trunks: readonly string[]): AmiTranslator {
  const context = new AmiContext(trunkNames(trunks));
  let clock = new Date(0);
  return {
    translate(message, receivedAt) {
      const timestamp = Number(valueOf(message, 'Timestamp'));
      if (timestamp > 0) clock = new Date(Math.floor(timestamp * 1000));
      // Answers to actions carry no time: then it is now or, in a recording, the time of the last event.
      context.at = timestamp > 0 || clock > receivedAt ? clock : receivedAt;
      adoptLinkedIds(context, message);
      const event = valueOf(message, 'Event');
      if (Object.hasOwn(handlers, event)) handlers[event]?.(context, message);
      clock = context.at;
      return context.take();
    },
  };
}

/**
 * A consultation, a pickup or a fetch from parking starts with a Linkedid of its own and takes on the older one later, without
 * any event that says so: the channel just shows another one.
 */
function adoptLinkedIds(context: AmiContext, message: AmiMessage): void {
  for (const keys of channelKeys) {
    const channel = context.graph.channels.get(valueOf(message, keys.uniqueId));
    if (!channel) continue;
    const linkedId = valueOf(message, keys.linkedId);
    if (linkedId === '' || linkedId === channel.call.id) continue;
    const call = context.graph.callOf(linkedId);
    if (call) context.merge(channel.call, call);
  }
}

const handlers: Record<string, AmiHandler> = {
  Newchannel(context, message) {
    if (context.known(message)) return;
    const channel = context.channel(message);
    if (channel === null) return;
    channel.exten = plainExten(message);
    const number = valueOf(message, 'CallerIDNum').replace('<unknown>', '') || null;
    if (channel.call.first === channel) context.open(channel.call, number, channel.exten || null);
  },

  DialBegin(context, message) {
    const caller = context.channel(message);
    const channel = context.channel(message, 'Dest');
    if (channel === null) return;
    if (caller) context.merge(caller.call, channel.call);
    if (channel.called) return;
    const dialString = valueOf(message, 'DialString');
    if (channel.type.kind === 'trunk') channel.number = dialledNumber(dialString, context.trunks);
    context.rings(channel, caller);
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
    const { call, leg } = channel;
    let cause = causeOfDialEnd(message);
    // A queue cancels its own dials too, to try the next agent.
    if (cause === 'cancelled' && caller === call.first && !call.queued) call.abandoned = true;
    if (channel.answered || channel.type.kind === 'local') return;
    if (cause === 'cancelled' && call.answered) cause = 'answered-elsewhere';
    context.tell(call, { type: 'leg-ended', leg, cause });
  },

  /** A Stasis application answers and bridges by itself, maybe without a dial's end. */
  BridgeEnter(context, message) {
    const channel = context.channel(message);
    if (channel === null) return;
    channel.bridge = valueOf(message, 'BridgeUniqueid');
    // A parking lot is one bridge for calls that have nothing to do with each other.
    const isLot = valueOf(message, 'BridgeTechnology') === 'holding_bridge';
    if (valueOf(message, 'Linkedid') === '' && !isLot) context.joinBridged(channel);
    const together = [...channel.call.open].filter((other) => other.bridge === channel.bridge);
    if (together.filter((other) => other.type.kind !== 'local').length < 2) return;
    for (const other of together) if (other.called) context.answered(other);
  },

  BridgeLeave(context, message) {
    const channel = context.known(message);
    if (channel) channel.bridge = '';
  },

  Hold(context, message) {
    const channel = context.channel(message);
    if (channel) context.held(channel, 'leg-held');
  },

  Unhold(context, message) {
    const channel = context.channel(message);
    if (channel) context.held(channel, 'leg-unheld');
  },

  QueueCallerJoin(context, message) {
    const channel = context.channel(message);
    if (channel) context.queued(channel.call, valueOf(message, 'Queue'));
  },

  QueueCallerAbandon(context, message) {
    const call = context.known(message)?.call;
    if (call) call.abandoned = true;
  },

  HangupRequest(context, message) {
    const channel = context.known(message);
    if (channel) context.quit(channel);
  },

  Hangup(context, message) {
    const channel = context.known(message);
    if (channel) context.hungUp(channel, causeOfHangup(message));
  },

  /** Of a click-to-call that did not come about, only this names the target. It comes before or after the hang-up. */
  OriginateResponse(context, message) {
    const id = valueOf(message, 'Uniqueid');
    const to = plainExten(message) || null;
    const known = context.graph.callOf(id);
    if (known) known.requested = to;
    if (valueOf(message, 'Response') !== 'Failure' || !context.graph.knows(id)) return;
    const direction = to !== null && isExtension(to) ? 'internal' : 'outbound';
    const call = context.graph.callIdOf(id);
    const way = { direction, from: null, to, queue: null } as const;
    context.tellAll({ type: 'call-started', call, at: context.at, ...way });
  },

  VarSet(context, message) {
    if (valueOf(message, 'Variable') !== 'MIXMONITOR_FILENAME') return;
    const call = context.known(message)?.call;
    if (call) context.tell(call, { type: 'recorded', file: valueOf(message, 'Value') });
  },

  /** FreePBX names the recording in its call records too, where `cdr_manager.conf` maps that column. It comes after the end. */
  Cdr(context, message) {
    const file = valueOf(message, 'recordingfile') || valueOf(message, 'RecordingFile');
    const id = valueOf(message, 'UniqueID') || valueOf(message, 'Uniqueid');
    if (file === '' || !context.graph.knows(id)) return;
    const call = context.graph.callIdOf(id);
    context.tellAll({ type: 'recorded', call, at: context.at, file });
  },

  /** The PBX stops; it may have reported the hang-ups before, or not. */
  Shutdown(context) {
    for (const call of [...context.graph.calls.values()]) context.end(call, 'unknown');
  },

  ...transferHandlers,
  ...snapshotHandlers,
};

/** The extension dialled. `s` and its like are places in the dialplan and nothing that anybody dialled. */
function plainExten(message: AmiMessage): string {
  const exten = valueOf(message, 'Exten');
  return /^[a-z](-|$)/i.test(exten) ? '' : exten;
}
