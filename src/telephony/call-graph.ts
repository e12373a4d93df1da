import type { TransferKind } from './port.ts';

/** What stands behind a channel. */
export type ChannelType =
  | { kind: 'phone'; extension: string }
  | { kind: 'trunk' }
  /** A half of a pair inside the phone system, no phone; `other` is the name of the other half. */
  | { kind: 'local'; other: string }
  /** Announcers, recorders, conferences. */
  | { kind: 'other' };

/** A channel of a phone system, as far as its events have told. */
export interface Channel {
  readonly id: string;
  /** Counts up with every channel. */
  readonly order: number;
  readonly name: string;
  readonly type: ChannelType;
  /** Its leg in our events. */
  leg: string;
  call: GraphCall;
  /** The dialled extension at its creation; of a channel that was called it means nothing. */
  exten: string;
  /** Somebody dialled it, rather than it dialling somebody. */
  called: boolean;
  dialledBy: Channel | null;
  /** The outside number, for a trunk channel that was called. */
  number: string | null;
  answered: boolean;
  /** Its own side hung up, not the phone system. */
  quit: boolean;
  /** The state of a channel that a snapshot listed. */
  up: boolean;
  bridge: string;
  /** The phone or outside line it talks with, as far as it came about by dialling. */
  partner: Channel | null;
  /** On its way by a transfer, so that a dial of it is no redirect. */
  moving: boolean;
  parked: boolean;
  parkings: number;
  parkedBy: string | null;
}

/** Channels that belong together: one conversation. */
export interface GraphCall {
  readonly id: string;
  readonly order: number;
  /** The first channel that is no Local one; null when the stream begins in the middle of the call. */
  first: Channel | null;
  /** Not hung up yet. */
  readonly open: Set<Channel>;
  /** We have told of it. */
  told: boolean;
  /** The called number or extension is settled. */
  destined: boolean;
  /** The PBX rang the first phone to place the call (click-to-call). */
  originated: boolean;
  /** What a click-to-call was to dial. */
  requested: string | null;
  /** The phone that was rung last. */
  lastRung: string | null;
  answered: boolean;
  abandoned: boolean;
  queued: boolean;
  /** Phones and outside lines dialled, without the one that a click-to-call rings first. */
  dialled: number;
  lastHangupAt: Date | null;
  pending: PendingTransfer | null;
  redirects: number;
}

/** A transfer of which something is still to come: whether it is a parking (blind), or who takes the call (redirect). */
export interface PendingTransfer {
  id: string;
  kind: TransferKind;
  from: string | null;
  to: string | null;
  channel: Channel | null;
}

const rememberedAtMost = 10_000;

/** The channels and calls that are up, which channel belongs to which call, and which calls turned out to be one. */
export class CallGraph {
  readonly channels = new Map<string, Channel>();
  readonly calls = new Map<string, GraphCall>();
  /** Id of a call that was merged away or is over, or of a channel that is gone -> id of its call. */
  readonly #past = new Map<string, string>();
  #count = 0;

  readonly #isOlder: (a: GraphCall, b: GraphCall) => boolean;

  constructor(isOlder: (a: GraphCall, b: GraphCall) => boolean = (a, b) => a.order < b.order) {
    this.#isOlder = isOlder;
  }

  /** The channel, which is made known when it is new; null when it has hung up. */
  admit(id: string, name: string, type: ChannelType, callHint: string): Channel | null {
    const known = this.channels.get(id);
    if (known) return known;
    if (id === '' || this.#past.has(id)) return null;
    const callId = this.callIdOf(callHint || id);
    const call = this.calls.get(callId) ?? this.#newCall(callId);
    const channel: Channel = {
      id,
      order: this.#count++,
      name,
      type,
      leg: id,
      call,
      exten: '',
      called: false,
      dialledBy: null,
      number: null,
      answered: false,
      quit: false,
      up: false,
      bridge: '',
      partner: null,
      moving: false,
      parked: false,
      parkings: 0,
      parkedBy: null,
    };
    this.channels.set(id, channel);
    call.open.add(channel);
    if (call.first === null && (channel.type.kind === 'phone' || channel.type.kind === 'trunk')) {
      call.first = channel;
      // The caller's own leg goes by the call's id, also behind a Local channel.
      channel.leg = call.id;
    }
    return channel;
  }

  /** The call that is up under this id, also one that it was merged into. */
  callOf(id: string): GraphCall | undefined {
    return this.calls.get(this.callIdOf(id));
  }

  /** The id of the call that the id of a call or channel belongs or belonged to. */
  callIdOf(id: string): string {
    let callId = this.channels.get(id)?.call.id ?? id;
    for (let next = this.#past.get(callId); next !== undefined && next !== callId;) {
      callId = next;
      next = this.#past.get(callId);
    }
    return callId;
  }

  /** Whether anything was ever heard of this call or channel. */
  knows(id: string): boolean {
    return this.channels.has(id) || this.calls.has(id) || this.#past.has(id);
  }

  /** Makes two calls one; answers which was merged away, null when they were one already. The older one stays. */
  merge(a: GraphCall, b: GraphCall): { part: GraphCall; whole: GraphCall } | null {
    if (a === b) return null;
    const [whole, part] = this.#isOlder(a, b) ? [a, b] : [b, a];
    for (const channel of part.open) {
      channel.call = whole;
      whole.open.add(channel);
    }
    part.open.clear();
    whole.first ??= part.first;
    whole.answered ||= part.answered;
    whole.queued ||= part.queued;
    whole.dialled += part.dialled;
    whole.pending ??= part.pending;
    this.calls.delete(part.id);
    this.#remember(part.id, whole.id);
    return { part, whole };
  }

  /** Forgets a channel that has hung up; answers true when it was the last of its call. */
  hangUp(channel: Channel): boolean {
    this.channels.delete(channel.id);
    channel.call.open.delete(channel);
    this.#remember(channel.id, channel.call.id);
    return channel.call.open.size === 0;
  }

  /** Forgets a call that is over. */
  close(call: GraphCall): void {
    for (const channel of call.open) this.hangUp(channel);
    this.calls.delete(call.id);
    this.#remember(call.id, call.id);
  }

  /** The phone or outside line behind a channel: itself or, behind a Local channel, whoever was dialled from its other half. */
  behind(channel: Channel, depth = 0): Channel {
    const { type } = channel;
    if (type.kind !== 'local' || depth > 4) return channel;
    const dialled = [...this.channels.values()].filter(
      (other) => other.dialledBy?.name === type.other,
    );
    const found = dialled.find((other) => other.answered) ?? dialled.at(-1);
    return found ? this.behind(found, depth + 1) : channel;
  }

  #newCall(id: string): GraphCall {
    const call: GraphCall = {
      id,
      order: this.#count++,
      first: null,
      open: new Set(),
      told: false,
      destined: false,
      originated: false,
      requested: null,
      lastRung: null,
      answered: false,
      abandoned: false,
      queued: false,
      dialled: 0,
      lastHangupAt: null,
      pending: null,
      redirects: 0,
    };
    this.calls.set(id, call);
    return call;
  }

  #remember(id: string, callId: string): void {
    this.#past.set(id, callId);
    if (this.#past.size <= rememberedAtMost) return;
    const [oldest] = this.#past.keys();
    if (oldest !== undefined) this.#past.delete(oldest);
  }
}
