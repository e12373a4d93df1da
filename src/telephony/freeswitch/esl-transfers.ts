import type { Channel } from '../call-graph.ts';
import { whoIs } from '../call-teller.ts';
import type { EslContext } from './esl-context.ts';
import { fieldOf } from './esl-parser.ts';
import type { EslEvent } from './esl-parser.ts';

/**
 * A phone that transfers without asking leaves with the disposition BLIND_TRANSFER; the leg that stays shows where to, in its
 * `variable_transfer_history`. That history alone proves nothing: click-to-call and queues write into it too.
 */
export function noteBlind(context: EslContext, event: EslEvent): void {
  const channel = context.known(event);
  if (!channel) return;
  const staying = /^blind:(.+)$/.exec(fieldOf(event, 'variable_transfer_to'))?.[1];
  if (fieldOf(event, 'variable_endpoint_disposition') === 'BLIND_TRANSFER') {
    const moved = (staying && context.graph.channels.get(staying)) || channel.partner;
    const id = `blind-${channel.id}`;
    if (!moved || channel.moving || moved.parked) return;
    channel.moving = true;
    moved.moving = true;
    context.flushTransfer(channel.call);
    const to = moved.exten || null;
    channel.call.pending = { id, kind: 'blind', from: whoIs(channel), to, channel: moved };
  }
  const target = lastBlindTarget(fieldOf(event, 'variable_transfer_history'));
  if (target === null) return;
  channel.exten = target;
  const { pending } = channel.call;
  if (pending?.kind === 'blind' && pending.channel === channel) pending.to = target;
}

/** `1795447397:UUID:bl_xfer:102/internal/XML`, or several of these in an ARRAY. */
function lastBlindTarget(history: string): string | null {
  const targets = [...history.matchAll(/:bl_xfer:([^/|]+)/g)];
  return targets.at(-1)?.[1] ?? null;
}

/**
 * An attended transfer shows in the bridge that completes it: a phone is joined with somebody else than the one who called it, and
 * that somebody talked with a phone of the same extension as the one who called.
 */
export function noteAttended(context: EslContext, a: Channel, b: Channel): void {
  const [target, other] = a.called && (!b.called || a.order > b.order) ? [a, b] : [b, a];
  const transferer = target.dialledBy;
  if (transferer === null || transferer === other || transferer.type.kind !== 'phone') return;
  const before = other.partner;
  if (before?.type.kind !== 'phone' || before.type.extension !== transferer.type.extension) return;
  if (!before.answered && before !== other.dialledBy) return;
  context.merge(a.call, b.call);
  const transfer = `attended-${before.id}`;
  const [from, to] = [whoIs(transferer), whoIs(target)];
  context.tell(target.call, { type: 'transferred', transfer, kind: 'attended', from, to });
}

/** A phone that called a pickup code is joined with the caller of a phone that was ringing. */
export function notePickup(context: EslContext, a: Channel, b: Channel): void {
  if (a.call === b.call) return;
  for (const [taker, caller] of [
    [a, b],
    [b, a],
  ] as const) {
    if (taker.called || taker.type.kind !== 'phone' || caller.parked || caller.partner) continue;
    const rung = [...caller.call.open].findLast(
      (leg) => leg.called && !leg.answered && leg.type.kind === 'phone' && leg !== caller,
    );
    const from = rung ? whoIs(rung) : caller.call.lastRung;
    if (from === null) continue;
    context.merge(taker.call, caller.call);
    const transfer = `pickup-${taker.id}`;
    context.tell(caller.call, {
      type: 'transferred',
      transfer,
      kind: 'pickup',
      from,
      to: whoIs(taker),
    });
    context.answered(taker);
    return;
  }
}

/** mod_valet_parking: `hold` parks, `bridge` fetches (Bridge-To-UUID), `exit` leaves either way. */
export function parking(context: EslContext, event: EslEvent): void {
  const parked = context.known(event);
  const action = fieldOf(event, 'Action');
  if (!parked) return;
  if (action === 'hold' && !parked.parked) {
    const { call } = parked;
    const from =
      call.pending?.kind === 'blind' ? call.pending.from : parked.partner && whoIs(parked.partner);
    call.pending = null;
    parked.parked = true;
    parked.parkings += 1;
    parked.parkedBy = from;
    tellParking(context, parked, null);
  } else if (action === 'bridge') {
    const retriever = context.known(event, 'Bridge-To-UUID');
    if (!retriever) return;
    context.merge(parked.call, retriever.call);
    tellParking(context, parked, whoIs(retriever));
    context.answered(retriever);
  } else if (action === 'exit') parked.parked = false;
}

function tellParking(context: EslContext, parked: Channel, to: string | null): void {
  const transfer = `park-${parked.id}-${parked.parkings}`;
  context.tell(parked.call, {
    type: 'transferred',
    transfer,
    kind: 'park',
    from: parked.parkedBy,
    to,
  });
}
