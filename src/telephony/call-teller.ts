import type { CallGraph, Channel, GraphCall } from './call-graph.ts';
import type { CallEvent, EndCause, PhoneEvent } from './port.ts';

/** A fact without what every fact carries. */
type Fact = CallEvent extends infer E
  ? E extends CallEvent
    ? Omit<E, 'call' | 'at'>
    : never
  : never;

/**
 * Says in facts what happens to the channels of a phone system. An adapter knows its protocol and says which channel rings, answers
 * or is hung up; what that means for the call is the same everywhere and stands here.
 */
export class CallTeller {
  readonly graph: CallGraph;
  /** When what is being told happened. */
  at = new Date(0);
  #events: PhoneEvent[] = [];

  constructor(graph: CallGraph) {
    this.graph = graph;
  }

  tell(call: GraphCall, fact: Fact, at: Date = this.at): void {
    this.tellAll({ ...fact, call: call.id, at });
  }

  tellAll(event: PhoneEvent): void {
    this.#events.push(event);
  }

  /** What was told since the last time. */
  take(): PhoneEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  merge(a: GraphCall, b: GraphCall): void {
    const merged = this.graph.merge(a, b);
    if (!merged?.part.told) return;
    merged.whole.told = true;
    this.tell(merged.part, { type: 'call-merged', into: merged.whole.id });
  }

  /** Tells of a call for the first time, once its first phone or outside line is known. */
  open(call: GraphCall, from: string | null, to: string | null, at: Date = this.at): void {
    const { first } = call;
    if (first === null || call.told) return;
    call.told = true;
    if (first.type.kind !== 'phone') {
      const direction = first.called ? 'outbound' : 'inbound';
      return this.tell(call, { type: 'call-started', direction, from, to, queue: null }, at);
    }
    // Where to is told by the first dial: until then the call may turn out to go outside.
    this.#tellWay(call, 'internal', null, at);
    this.tell(call, { type: 'leg-placed', leg: first.leg, extension: first.type.extension }, at);
  }

  /** The phone system dials a channel: for `caller` or, in a click-to-call, for nobody. */
  rings(channel: Channel, caller: Channel | null, at: Date = this.at): void {
    const { call, type } = channel;
    channel.called = true;
    channel.dialledBy = caller;
    this.open(call, null, null, at);
    if (type.kind === 'local' || type.kind === 'other') return;
    if (caller) this.#noteRedirect(caller);
    this.tell(call, { type: 'leg-ringing', leg: channel.leg, extension: extensionOf(channel) }, at);
    if (channel === call.first) {
      call.originated = true;
      return;
    }
    call.dialled += 1;
    call.abandoned = false;
    if (type.kind === 'phone') call.lastRung = type.extension;
    this.#tellDestination(call, channel);
  }

  /** The phone or outside line lifted, or took the call by its own action. */
  answered(channel: Channel): void {
    const { call, type } = channel;
    if (channel.answered || type.kind === 'local' || type.kind === 'other') return;
    channel.answered = true;
    this.tell(call, { type: 'leg-answered', leg: channel.leg, extension: extensionOf(channel) });
    if (channel === call.first) return;
    call.answered = true;
    if (call.pending?.kind !== 'redirect') return;
    call.pending.to = whoIs(channel);
    this.flushTransfer(call);
    call.pending = null;
  }

  held(channel: Channel, type: 'leg-held' | 'leg-unheld'): void {
    if (channel.type.kind === 'phone') this.tell(channel.call, { type, leg: channel.leg });
  }

  queued(call: GraphCall, queue: string): void {
    call.queued = true;
    this.tell(call, { type: 'queue-joined', queue });
  }

  /** The far side of a channel hung up, as opposed to the phone system. */
  quit(channel: Channel): void {
    channel.quit = true;
    if (channel === channel.call.first && !channel.call.answered) channel.call.abandoned = true;
  }

  /** The channel is gone, and the call with its last one. */
  hungUp(channel: Channel, cause: EndCause): void {
    const { call, type } = channel;
    if (type.kind === 'phone' || (type.kind === 'trunk' && channel.called)) {
      const legCause = channel.answered ? 'normal' : cause;
      this.tell(call, { type: 'leg-ended', leg: channel.leg, cause: legCause });
    }
    if (type.kind !== 'local') call.lastHangupAt = this.at;
    if (!this.graph.hangUp(channel)) return;
    this.#tellWish(call);
    this.end(call, causeOfEnd(call, cause));
  }

  end(call: GraphCall, cause: EndCause): void {
    if (call.pending?.kind === 'blind') this.flushTransfer(call);
    const at = call.lastHangupAt ?? this.at;
    if (call.told) this.tell(call, { type: 'call-ended', cause }, at);
    this.graph.close(call);
  }

  /** Tells a transfer of which something was still to come. */
  flushTransfer(call: GraphCall): void {
    if (call.pending === null) return;
    const { id: transfer, kind, from, to } = call.pending;
    if (kind === 'blind') call.pending = null;
    this.tell(call, { type: 'transferred', transfer, kind, from, to });
  }

  /**
   * Being sent elsewhere from outside has no event of its own: the caller of an answered call is simply dialled on to somebody else.
   * Not so when the agent hung up: then the dialplan goes on.
   */
  #noteRedirect(caller: Channel): void {
    const { call, partner } = caller;
    if (call.pending?.kind === 'blind') this.flushTransfer(call);
    const moving = caller.moving;
    caller.moving = false;
    caller.partner = null;
    if (moving || !partner?.answered || partner.quit || partner.type.kind !== 'phone') return;
    call.redirects += 1;
    const id = `redirect-${caller.id}-${call.redirects}`;
    call.pending = {
      id,
      kind: 'redirect',
      from: partner.type.extension,
      to: null,
      channel: caller,
    };
    this.flushTransfer(call);
  }

  /** The first phone or outside line that a call of our own dials says where it goes. */
  #tellDestination(call: GraphCall, channel: Channel): void {
    const { first } = call;
    if (call.destined || first?.type.kind !== 'phone' || call.answered) return;
    call.destined = true;
    const asked = call.originated ? null : first.exten || null;
    if (channel.type.kind === 'trunk') this.#tellWay(call, 'outbound', channel.number ?? asked);
    else this.#tellWay(call, 'internal', asked ?? extensionOf(channel));
  }

  /** A call of our own that dialled nobody went where it was meant to go. */
  #tellWish(call: GraphCall): void {
    const { first } = call;
    if (call.destined || first?.type.kind !== 'phone') return;
    const to = call.requested ?? (call.originated ? null : first.exten || null);
    if (to === null) return;
    this.#tellWay(call, call.originated && !isExtension(to) ? 'outbound' : 'internal', to);
  }

  #tellWay(
    call: GraphCall,
    direction: 'internal' | 'outbound',
    to: string | null,
    at?: Date,
  ): void {
    const from = call.first && extensionOf(call.first);
    this.tell(call, { type: 'call-started', direction, from, to, queue: null }, at);
  }
}

/** An extension, or the number of an outside line that was dialled. */
export function whoIs(channel: Channel): string | null {
  return channel.type.kind === 'trunk' ? channel.number : extensionOf(channel);
}

/** Whether a target is a phone of the house rather than a number outside. */
export function isExtension(target: string): boolean {
  return /^\d{1,5}$/.test(target);
}

function extensionOf(channel: Channel): string | null {
  return channel.type.kind === 'phone' ? channel.type.extension : null;
}

function causeOfEnd(call: GraphCall, lastCause: EndCause): EndCause {
  if (call.answered) return 'normal';
  if (call.abandoned) return 'cancelled';
  if (call.dialled > 0 || call.queued) return 'normal';
  return lastCause === 'normal' || lastCause === 'no-answer' ? 'not-found' : lastCause;
}
