import { CallGraph } from '../call-graph.ts';
import type { Channel } from '../call-graph.ts';
import { CallTeller } from '../call-teller.ts';
import { numberOf, readChannel } from './channel-name.ts';
import { fieldOf } from './esl-parser.ts';
import type { EslEvent } from './esl-parser.ts';

/** What the handlers of Event Socket events work with: the calls that are up, and how to tell of them. */
export class EslContext extends CallTeller {
  readonly #trunks: readonly string[];

  constructor(trunks: readonly string[]) {
    super(new CallGraph());
    this.#trunks = trunks;
  }

  /** The channel of an event, if it is up. */
  known(event: EslEvent, field = 'Unique-ID'): Channel | undefined {
    return this.graph.channels.get(fieldOf(event, field));
  }

  /**
   * The channel of an event, made known and told of when it is new; null when it is gone. A leg that is called for another
   * one belongs to that one's call, an agent's leg of a queue to the caller's.
   */
  channel(event: EslEvent): Channel | null {
    const known = this.known(event);
    if (known) return known;
    const id = fieldOf(event, 'Unique-ID');
    const called = fieldOf(event, 'Call-Direction') === 'outbound';
    const member = fieldOf(event, 'variable_cc_member_session_uuid');
    const caller = called ? member || fieldOf(event, 'Other-Leg-Unique-ID') : '';
    const callHint = caller || fieldOf(event, 'Channel-Call-UUID');
    const type = readChannel(event, this.#trunks);
    const channel = this.graph.admit(id, fieldOf(event, 'Channel-Name'), type, callHint);
    if (channel === null) return null;
    if (called) {
      if (type.kind === 'trunk') channel.number = numberOf(event);
      this.rings(channel, this.graph.channels.get(caller) ?? null);
    } else {
      channel.exten = fieldOf(event, 'Caller-Destination-Number');
      const from = fieldOf(event, 'Caller-Caller-ID-Number') || null;
      if (channel.call.first === channel) this.open(channel.call, from, channel.exten || null);
    }
    return channel;
  }
}

export type EslHandler = (context: EslContext, event: EslEvent) => void;
