import { CallGraph } from '../call-graph.ts';
import type { Channel } from '../call-graph.ts';
import { CallTeller } from '../call-teller.ts';
import { valueOf } from './ami-parser.ts';
import type { AmiMessage } from './ami-parser.ts';
import { readChannelName } from './channel-name.ts';
import { isOlder } from './unique-id.ts';

/** What the handlers of AMI events work with: the calls that are up, and how to tell of them. */
export class AmiContext extends CallTeller {
  readonly trunks: readonly string[];
  /** Channels listed so far by the snapshot that is running. */
  snapshot = new Map<string, AmiMessage>();

  constructor(trunks: readonly string[]) {
    super(new CallGraph(isOlder));
    this.trunks = trunks;
  }

  /** The channel that a message names under a prefix (`Dest`, `Transferee` …), made known when new; null when gone. */
  channel(message: AmiMessage, prefix = ''): Channel | null {
    const id = valueOf(message, `${prefix}Uniqueid`);
    const name = valueOf(message, `${prefix}Channel`);
    const linkedId = valueOf(message, `${prefix}Linkedid`);
    const channel = this.graph.admit(id, name, readChannelName(name, this.trunks), linkedId);
    if (channel && linkedId === '') this.#joinHalves(channel);
    return channel;
  }

  /** Early releases of Asterisk 12 and 13 tell no Linkedid: what is bridged with each other is one call then. */
  joinBridged(channel: Channel): void {
    for (const other of this.graph.channels.values())
      if (other.bridge !== '' && other.bridge === channel.bridge)
        this.merge(channel.call, other.call);
  }

  #joinHalves({ type, call }: Channel): void {
    if (type.kind !== 'local') return;
    for (const other of this.graph.channels.values())
      if (other.name === type.other) this.merge(call, other.call);
  }

  /** The channel that a message names, if it is up. */
  known(message: AmiMessage): Channel | undefined {
    return this.graph.channels.get(valueOf(message, 'Uniqueid'));
  }
}

export type AmiHandler = (context: AmiContext, message: AmiMessage) => void;
