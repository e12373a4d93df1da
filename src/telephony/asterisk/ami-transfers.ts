import type { Channel } from '../call-graph.ts';
import { whoIs } from '../call-teller.ts';
import { valueOf } from './ami-parser.ts';
import type { AmiMessage } from './ami-parser.ts';
import type { AmiContext, AmiHandler } from './ami-context.ts';

import { extensionOf } from './channel-name.ts';

/** Transfers, pickups and parking. */
export const transferHandlers: Record<string, AmiHandler> = {
  BlindTransfer(context, message) {
    if (valueOf(message, 'Result') !== 'Success') return;
    const transferer = context.channel(message, 'Transferer');
    const transferee = context.channel(message, 'Transferee');
    if (transferer === null || transferee?.parked) return;
    if (transferee) {
      context.merge(transferer.call, transferee.call);
      transferee.moving = true;
    }
    const { call } = transferer;
    // Held back until the next dial: the target may be a parking slot, which only the ParkedCall tells.
    const id = `blind-${transferer.id}`;
    if (call.pending?.id === id) return;
    context.flushTransfer(call);
    const to = valueOf(message, 'Extension') || null;
    call.pending = { id, kind: 'blind', from: whoIs(transferer), to, channel: transferee };
  },

  AttendedTransfer(context, message) {
    if (valueOf(message, 'Result') !== 'Success') return;
    const transferer = context.channel(message, 'OrigTransferer');
    const second = context.channel(message, 'SecondTransferer');
    const transferee = context.channel(message, 'Transferee');
    const target = context.channel(message, 'TransferTarget');
    if (transferer === null) return;
    for (const other of [second, transferee, target])
      if (other) context.merge(transferer.call, other.call);
    const taker = target ? context.graph.behind(target) : consulted(transferer, second);
    const to = (taker && whoIs(taker)) ?? (valueOf(message, 'TransferTargetCallerIDNum') || null);
    if (transferee) {
      transferee.moving = taker === null;
      transferee.partner = taker;
    }
    const from = whoIs(transferer);
    const transfer = `attended-${transferer.id}`;
    context.tell(transferer.call, { type: 'transferred', transfer, kind: 'attended', from, to });
  },

  Pickup(context, message) {
    const taker = context.channel(message);
    const target = context.channel(message, 'Target');
    if (taker === null || target === null) return;
    context.merge(taker.call, target.call);
    const from = whoIs(context.graph.behind(target));
    const to = whoIs(taker);
    context.tell(taker.call, {
      type: 'transferred',
      transfer: `pickup-${target.id}`,
      kind: 'pickup',
      from,
      to,
    });
    context.tell(taker.call, { type: 'leg-ended', leg: target.leg, cause: 'answered-elsewhere' });
    context.answered(taker);
  },

  ParkedCall(context, message) {
    const parkee = context.channel(message, 'Parkee');
    if (parkee === null || parkee.parked) return;
    parkee.parked = true;
    parkee.parkings += 1;
    parkee.moving = true;
    // The blind transfer to the parking slot was this.
    if (parkee.call.pending?.kind === 'blind' && parkee.call.pending.channel === parkee)
      parkee.call.pending = null;
    const from = extensionOf(valueOf(message, 'ParkerDialString'), context.trunks);
    tellParking(context, parkee, from, null);
  },

  UnParkedCall(context, message) {
    const parkee = context.channel(message, 'Parkee');
    const retriever = context.channel(message, 'Retriever');
    if (parkee === null || retriever === null) return;
    context.merge(parkee.call, retriever.call);
    leaveParking(parkee);
    parkee.moving = false;
    parkee.partner = retriever;
    tellParking(
      context,
      parkee,
      extensionOf(valueOf(message, 'ParkerDialString'), context.trunks),
      whoIs(retriever),
    );
    context.answered(retriever);
  },

  ParkedCallTimeOut: endOfParking,
  ParkedCallGiveUp: endOfParking,
};

function endOfParking(context: AmiContext, message: AmiMessage): void {
  const parkee = context.channel(message, 'Parkee');
  if (parkee) leaveParking(parkee);
}

function leaveParking(parkee: Channel): void {
  parkee.parked = false;
}

function tellParking(
  context: AmiContext,
  parkee: Channel,
  from: string | null,
  to: string | null,
): void {
  const transfer = `park-${parkee.id}-${parkee.parkings}`;
  context.tell(parkee.call, { type: 'transferred', transfer, kind: 'park', from, to });
}

/** Whom the transferer consulted, where the event leaves it out: the last one dialled by it or by a Local channel of its own. */
function consulted(transferer: Channel, second: Channel | null): Channel | null {
  const others = [...transferer.call.open].filter(
    (other) =>
      other.called && other !== transferer && other !== second && other.type.kind !== 'local',
  );
  return others.findLast((other) => other.answered) ?? others.at(-1) ?? null;
}
