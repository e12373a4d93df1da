import type { CallEvent, EndCause, PhoneEvent } from '../port.ts';
import { valueOf } from './ami-parser.ts';
import type { AmiMessage } from './ami-parser.ts';
import { CallGraph } from './call-graph.ts';
import type { Channel, GraphCall } from './call-graph.ts';

/** A fact without what every fact carries. */
type Fact = CallEvent extends infer E
  ? E extends CallEvent
    ? Omit<E, 'call' | 'at'>
    : never
  : never;

/** What the handlers of AMI events work with: the calls that are up, and how to tell of them. */
export class AmiContext {
  readonly trunks: readonly string[];
  readonly graph: CallGraph;
  /** When the message being handled happened. */
  at = new Date(0);
  /** Channels listed so far by the snapshot that is running. */
  snapshot = new Map<string, AmiMessage>();
  #events: PhoneEvent[] = [];

  constructor(trunks: readonly string[]) {
    this.trunks = trunks;
    this.graph = new CallGraph(trunks);
  }

  tell(call: GraphCall, fact: Fact, at: Date = this.at): void {
    this.tellAll({ ...fact, call: call.id, at } as CallEvent);
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

  /** The channel that a message names under a prefix (`Dest`, `Transferee` …), made known when new; null when gone. */
  channel(message: AmiMessage, prefix = ''): Channel | null {
    return this.graph.admit(
      valueOf(message, `${prefix}Uniqueid`),
      valueOf(message, `${prefix}Channel`),
      valueOf(message, `${prefix}Linkedid`),
    );
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
    const queue = null;
    if (first.type.kind !== 'phone') {
      const direction = first.called ? 'outbound' : 'inbound';
      return this.tell(call, { type: 'call-started', direction, from, to, queue }, at);
    }
    const { extension } = first.type;
    // Where to is told by the first dial: until then the call may turn out to go outside.
    const started = { direction: 'internal', from: extension, to: null, queue } as const;
    this.tell(call, { type: 'call-started', ...started }, at);
    this.tell(call, { type: 'leg-placed', leg: first.leg, extension }, at);
  }

  answered(channel: Channel): void {
    const { call, type } = channel;
    if (channel.answered || type.kind === 'local' || type.kind === 'other') return;
    channel.answered = true;
    const extension = type.kind === 'phone' ? type.extension : null;
    this.tell(call, { type: 'leg-answered', leg: channel.leg, extension });
    if (channel === call.first) return;
    call.answered = true;
    if (call.pending?.kind !== 'redirect') return;
    call.pending.to = extension ?? channel.number;
    this.flushTransfer(call);
    call.pending = null;
  }

  /** Tells a transfer of which something was still to come. */
  flushTransfer(call: GraphCall): void {
    if (call.pending === null) return;
    const { id: transfer, kind, from, to } = call.pending;
    if (kind === 'blind') call.pending = null;
    this.tell(call, { type: 'transferred', transfer, kind, from, to });
  }

  end(call: GraphCall, cause: EndCause): void {
    if (call.pending?.kind === 'blind') this.flushTransfer(call);
    if (call.told) this.tell(call, { type: 'call-ended', cause }, call.lastHangupAt ?? this.at);
    this.graph.close(call);
  }
}

export type AmiHandler = (context: AmiContext, message: AmiMessage) => void;
