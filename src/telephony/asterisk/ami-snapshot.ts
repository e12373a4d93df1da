import type { Channel } from '../call-graph.ts';
import type { AmiContext, AmiHandler } from './ami-context.ts';
import { valueOf } from './ami-parser.ts';
import type { AmiMessage } from './ami-parser.ts';
import { serialOf } from './unique-id.ts';

/*
 * What is asked after every (re)connect: CoreShowChannels, Status and QueueStatus. Hang-ups in the gap were lost, so what is not
 * listed is over; what is listed and new is told as it is: ringing, or already answered.
 */

export const snapshotHandlers: Record<string, AmiHandler> = {
  CoreShowChannel(context, message) {
    context.snapshot.set(valueOf(message, 'Uniqueid'), message);
  },

  CoreShowChannelsComplete(context, message) {
    const listed = context.snapshot;
    // Less than announced is no snapshot: nobody must lose a call over it.
    if (listed.size !== Number(valueOf(message, 'ListItems'))) return;
    context.snapshot = new Map();
    // These answers carry no time; a stream that has told none yet is at least as late as what it lists.
    for (const message of listed.values())
      if (seenAt(message) > context.at) context.at = seenAt(message);
    for (const channel of [...context.graph.channels.values()]) {
      if (!listed.has(channel.id) && context.graph.hangUp(channel))
        context.graph.close(channel.call);
    }
    const isNew = (message: AmiMessage) =>
      !context.graph.channels.has(valueOf(message, 'Uniqueid'));
    const fresh = [...listed.values()].filter(isNew).toSorted(byAge);
    const channels = fresh
      .map((message) => admit(context, message))
      .filter((channel) => channel !== null);
    for (const channel of channels) tellChannel(context, channel);
    context.tellAll({ type: 'snapshot', at: context.at, calls: [...context.graph.calls.keys()] });
  },

  /** CoreShowChannel tells where a channel is now; only Status tells what was dialled. */
  Status(context, message) {
    const channel = context.known(message);
    const to = valueOf(message, 'DNID');
    if (!channel || channel !== channel.call.first || channel.type.kind !== 'trunk' || to === '')
      return;
    context.tell(channel.call, {
      type: 'call-started',
      direction: 'inbound',
      from: null,
      to,
      queue: null,
    });
  },

  QueueEntry(context, message) {
    const call = context.known(message)?.call;
    if (call) context.queued(call, valueOf(message, 'Queue'));
  },
};

function admit(context: AmiContext, message: AmiMessage): Channel | null {
  const channel = context.channel(message);
  if (channel === null) return null;
  const number = valueOf(message, 'CallerIDNum').replace('<unknown>', '') || null;
  channel.called = /^App(Dial|Queue)$/.test(valueOf(message, 'Application'));
  channel.bridge = valueOf(message, 'BridgeId');
  if (!channel.called && channel.type.kind === 'phone') channel.exten = valueOf(message, 'Exten');
  if (channel.called && channel.type.kind === 'trunk') channel.number = number;
  if (valueOf(message, 'Linkedid') === '') context.joinBridged(channel);
  // The number of the state, not its name: 6 is 'Up'.
  channel.up = valueOf(message, 'ChannelState') === '6';
  if (channel.call.first === channel)
    context.open(
      channel.call,
      channel.called ? null : number,
      channel.number,
      startOf(channel.call.id, context.at),
    );
  return channel;
}

function tellChannel(context: AmiContext, channel: Channel): void {
  if (!channel.called) return;
  context.rings(channel, null, startOf(channel.id, context.at));
  if (!channel.up) return;
  context.answered(channel);
  const partner = [...channel.call.open].find(
    (other) => other !== channel && other.bridge === channel.bridge,
  );
  if (partner && channel.bridge !== '') partner.partner = channel;
}

/** The second in which a channel began, as its id tells. */
function startOf(id: string, now: Date): Date {
  const serial = serialOf(id);
  return serial ? new Date(serial.seconds * 1000) : now;
}

/** When a listed channel was looked at: its beginning and the `hh:mm:ss` it had lasted, to the second. */
function seenAt(message: AmiMessage): Date {
  const [hours = 0, minutes = 0, seconds = 0] = valueOf(message, 'Duration').split(':').map(Number);
  const begin = startOf(valueOf(message, 'Uniqueid'), new Date(0));
  return new Date(begin.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1000);
}

function byAge(a: AmiMessage, b: AmiMessage): number {
  const [one, two] = [a, b].map((message) => serialOf(valueOf(message, 'Uniqueid')));
  return one && two ? one.seconds - two.seconds || one.serial - two.serial : 0;
}
